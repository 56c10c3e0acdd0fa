"""Reduces records together with the incidents whose history shows them otherwise than they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from incidents.batches import batched
from incidents.ledger import denormalisation
from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import IncidentEntry, LocationEntry, Revision
from incidents.ledger.search import Terms
from incidents.ledger.store import CHUNK
from incidents.schema.attributes import declared_by
from incidents.text_folding import facet, words

if TYPE_CHECKING:
    from incidents.publishing.session import PublishingSession

SHOWN_AS = {"location": "l", "actor": "a", "source": "s", "dataset": "n", "incident": "x"}
"""Facet of an incident for the records of a kind that it shows."""

SHOWN_IN = {
    "location": ("location",),
    "actor": ("actors",),
    "source": ("reports", "claims"),
    "dataset": ("licence", "attributes"),
    "incident": ("related",),
}
"""Parts of an incident's document that show the records of a kind."""

FACETS = 200
"""Records looked for at once."""

IN_ORDER = ("incident", "location", "source", "actor", "dataset")
"""Kinds in the order of reducing: incidents first, so that what they show is replaced in their new content."""


def reduce_records(session: PublishingSession, kind: str, contents: Sequence[Document], *, reason: str) -> None:
    """Replace the content of all earlier revisions of these records, and of what showed them otherwise.

    So no join brings the earlier content back. What was merged into one of them gets its content. Raises RefusedError.
    """
    if kind == "incident":
        session.left_public |= dict.fromkeys(_published_with(contents))
    earlier = _names(kind, contents)
    _refuse_earlier_names(earlier, contents, reason)
    session.reduced += session.reduce(kind, contents, reason=reason)
    merged = _merged(session, kind, contents)
    if merged:
        reduce_records(session, kind, merged, reason=reason)
    reduced = {content["id"] for content in contents}
    if kind == "location":
        _reduce_places_within(session, contents, earlier, reason)
    for showing in showing_in_history(kind, contents, earlier):
        others = [each for each in showing if kind != "incident" or each["id"] not in reduced]
        session.reduce("incident", others, reason=reason)


def _merged(session: PublishingSession, kind: str, contents: Sequence[Document]) -> list[Document]:
    """What the history of the records that were merged into these says from now on: the content of their targets."""
    by_id = {content["id"]: content for content in contents}
    merged = session.merged_into(kind, list(by_id))
    return [{**by_id[target], "id": name} for name, target in merged.items() if name not in by_id]


def _names(kind: str, contents: Sequence[Document]) -> dict[str, set[str]]:
    """Names, by record, that earlier revisions have and these contents do not."""
    if kind in ("incident", "dataset"):
        return {}
    found: dict[str, set[str]] = {}
    for row in Revision.objects.of(kind, [content["id"] for content in contents]).with_content():
        found.setdefault(row.record_id, set()).add(row.content()["name"])
    return {content["id"]: found.get(content["id"], set()) - {content["name"]} for content in contents}


def _refuse_earlier_names(earlier: Mapping[str, set[str]], contents: Sequence[Document], reason: str) -> None:
    said = set(words(reason))
    for content in contents:
        for name in earlier.get(content["id"], ()):
            if said.issuperset(words(name)):
                raise RefusedError(
                    f"{content['id']} – the reason, which readers see, has “{name}”, which the reduction removes. "
                    "Choose other words."
                )


def _reduce_places_within(
    session: PublishingSession, contents: Sequence[Document], earlier: Mapping[str, set[str]], reason: str
) -> None:
    """Reduce the places that were ever within these: they show the names of the areas around them."""
    areas = {content["id"]: content for content in contents}
    ids: dict[str, None] = {}
    for some in batched(list(areas), FACETS):
        within = LocationEntry.objects.holding(Terms([[facet("l", area) for area in some]]))
        ids |= dict.fromkeys(within.values_list("record_id", flat=True))
    for chunk in batched(sorted(each for each in ids if each not in areas), CHUNK):
        last = Revision.objects.of("location", chunk).with_content().order_by("number").documents()
        now = [_within_now(last[each], areas, earlier) for each in chunk if each in last]
        session.reduce("location", now, reason=reason)


def _within_now(place: Document, areas: Mapping[str, Document], earlier: Mapping[str, set[str]]) -> Document:
    """Content of a place with the areas around it as they are now; a live place is so already."""
    parent = place["parent"]
    if parent and parent["id"] in areas:
        parent = {**parent, "name": areas[parent["id"]]["name"]}
    return {**_areas_now(place, areas, earlier), "parent": parent}


def _areas_now(shown: Document, areas: Mapping[str, Document], earlier: Mapping[str, set[str]]) -> Document:
    """A place, or what an incident shows of one, with the present names of the areas that contain it."""
    found = dict(shown)
    for area, names in earlier.items():
        for field in ("admin1", "admin2"):
            if found.get(field) in names:
                found[field] = areas[area]["name"]
    return found


def reduce_noted(session: PublishingSession, reason: str, *, coarser: bool = False) -> None:
    """Reduce the records whose earlier values stay readable; with `coarser` not those of which only names change."""
    noted = session.still_readable.by_kind(coarser=coarser)
    for kind in IN_ORDER:
        for chunk in batched(sorted(noted.get(kind, ())), CHUNK):
            reduce_records(session, kind, list(session.live_documents(kind, chunk).values()), reason=reason)


def _published_with(incidents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Yield the places, sources and actors that became public in one publication with what showed them before."""
    now = {incident["id"]: set(shown_by(incident)) for incident in incidents}
    earlier: dict[tuple[str, str], set[int]] = {}
    for row in Revision.objects.of("incident", list(now)).with_content().order_by("number"):
        for key in set(shown_by(row.content())) - now[row.record_id]:
            earlier.setdefault(key, set()).add(row.seq)
    for kind in ("location", "source", "actor"):
        ids = [record_id for of_kind, record_id in earlier if of_kind == kind]
        for some in batched(ids, CHUNK):
            first = Revision.objects.of(kind, some).filter(number=1).values_list("record_id", "seq")
            yield from ((kind, record_id) for record_id, seq in first if seq in earlier[kind, record_id])


def shown_by(incident: Document) -> Iterator[tuple[str, str]]:
    """Yield kind and id of each record that an incident's document shows."""
    yield "dataset", incident["dataset"]
    if incident["location"]["id"]:
        yield "location", incident["location"]["id"]
    for actor in incident["actors"]:
        yield "actor", actor["id"]
    for report in incident["reports"]:
        for speaker in (report["source"], report["relays"]):
            if speaker:
                yield "source", speaker["id"]


def showing_in_history(
    kind: str, records: Sequence[Document], names: Mapping[str, set[str]]
) -> Iterator[list[Document]]:
    """Yield, in chunks, what incidents are now that ever showed one of these records otherwise.

    Of an ended incident it is the last content, with these records as they are now; `names` are their earlier ones.
    """
    by_id = {record["id"]: record for record in records}
    ids: dict[str, None] = {}
    for some in batched(list(by_id), FACETS):
        terms = Terms([[facet(SHOWN_AS[kind], record_id) for record_id in some]])
        ids |= dict.fromkeys(IncidentEntry.objects.holding(terms).values_list("record_id", flat=True))
    for chunk in batched(sorted(ids), CHUNK):
        current = _current(kind, by_id, chunk, names)
        earlier = Revision.objects.of("incident", chunk).with_content().order_by("number")
        changed = {
            name for name, document in earlier.each_document() if _parts(kind, document) != _parts(kind, current[name])
        }
        yield [current[name] for name in chunk if name in changed]


def _current(
    kind: str, records: dict[str, Document], ids: Sequence[str], names: Mapping[str, set[str]]
) -> dict[str, Document]:
    """Last content of each of these incidents, which shows these records as they are now."""
    last = Revision.objects.of("incident", ids).with_content().order_by("number").documents()
    live = set(Revision.objects.live().of("incident", ids).values_list("record_id", flat=True))
    found = {
        name: reduce(partial(_shown_now, kind, live=name in live), records.values(), document)
        for name, document in last.items()
    }
    if kind == "location":
        ended = {
            name: {**content, "location": _areas_now(content["location"], records, names)}
            for name, content in found.items()
            if name not in live
        }
        found |= ended
    return found


def _shown_now(kind: str, incident: Document, record: Document, *, live: bool) -> Document:
    """Content of an incident with one record as it is now; live incidents show most records so already."""
    if kind == "dataset" and incident["dataset"] == record["id"]:
        declared = {name for each in declared_by(record) for name in each.names}
        attributes = {name: value for name, value in incident["attributes"].items() if name in declared}
        return {**incident, "licence": record["licence"], "attributes": attributes}
    if live:
        return incident
    if kind == "incident":
        return denormalisation.without_relation(incident, record["id"])
    if kind == "location" and incident["location"]["id"] == record["id"]:
        point = {name: record[name] for name in ("latitude", "longitude")}
        return {**incident, "location": {**incident["location"], **denormalisation.place_shown(record), **point}}
    return denormalisation.show_again(incident, kind, record, record)


def _parts(kind: str, document: Document) -> list[Any]:
    return [document[name] for name in SHOWN_IN[kind]]
