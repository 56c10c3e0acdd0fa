"""What there is of an incident before a load: its working record and what is public of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from incidents.ledger.denormalisation import Document, is_generalised
from incidents.ledger.latest_states import State
from incidents.ledger.models import Publication, Revision
from incidents.loading.bulk_rows import InTexts
from incidents.loading.profiles.authority import Authority
from incidents.models import Actor, Dataset, Incident, Location
from incidents.vocabulary import DATE_DISCLOSURES, PLACE_DISCLOSURES

RANKS = {"place": list(PLACE_DISCLOSURES), "date": list(DATE_DISCLOSURES)}
"""Levels of disclosure, the finest first."""

GONE = "rows whose incident was merged or redacted; left out"
REJECTED = "rows whose incident the editors rejected; left out"
HELD_BACK = "rows whose incident is not public and not marked ready by the editors; left out"

NOT_SHOWN = ("note", "created", "edited")
"""Fields that neither a file nor a public document has."""

NEEDED = frozenset(("summary", "date_start", "date_end", "figures_as_coded"))
"""Fields that are read even if rows tell them: what rows do not tell has to go with them."""


class Existing(NamedTuple):
    """The state before a load; all empty for an incident that is new.

    `working` holds the fields of the working record that no row tells, and those of `NEEDED`; `number` is that of the
    latest revision, `digest` and `document` are those of a live one. `why_left_out` says why the row must not be
    loaded; `elsewhere` names the dataset that has the incident. `place` and `public_place` are its places in the
    working record and in the public document, given if something of it is held back.
    """

    working: Mapping[str, Any] | None = None
    number: int = 0
    digest: str = ""
    document: Document | None = None
    why_left_out: str = ""
    elsewhere: str = ""
    place: Location | None = None
    public_place: Location | None = None


NEW = Existing()


class ExistingIncidents:
    """Looks up the state of the incidents of one dataset, a chunk at a time, within an open publication.

    `latest` returns the latest revisions of incidents. Of a server that has no incidents yet nothing is looked up.
    """

    def __init__(self, dataset: Dataset, latest: Callable[[Sequence[str]], Mapping[str, State]]) -> None:
        self._dataset, self._latest = dataset, latest
        self.all_are_new = not (Incident.objects.exists() or Revision.objects.filter(kind="incident").exists())

    def states(self, ids: Sequence[str]) -> Mapping[str, State]:
        """Return the latest revisions of those incidents of a chunk that have any."""
        return {} if self.all_are_new else self._latest(ids)

    def of(self, ids: list[str], states: Mapping[str, State], set_fields: Iterable[str]) -> dict[str, Existing]:
        """Return what there is of each incident of a chunk before it is written.

        `states` are their latest revisions; `set_fields` are those that the profile sets.
        """
        working = {} if self.all_are_new else self._working(ids, set_fields)
        if not (states or working):
            return dict.fromkeys(ids, NEW)
        live = [state.id for state in states.values() if state.live]
        documents = Revision.objects.filter(pk__in=live).documents()
        return {each: self._before(working.get(each), states.get(each), documents.get(each)) for each in ids}

    def with_places(self, known: Mapping[str, Existing], authority: Authority) -> dict[str, Existing]:
        """Return incidents with the places that editors gave those of which something is held back."""
        if authority.sets("location_id"):
            return dict(known)
        held_back = {each: before for each, before in known.items() if not is_full(disclosures(before))}
        keys = {before.working["location_id"] for before in held_back.values() if before.working is not None}
        ids = {before.document["location"]["id"] for before in held_back.values() if before.document is not None}
        places = Location.objects
        working, public = places.in_bulk(keys - {None}), places.in_bulk(ids - {None}, field_name="public_id")
        return {**known, **{each: _placed(before, working, public) for each, before in held_back.items()}}

    def _working(self, ids: list[str], set_fields: Iterable[str]) -> dict[str, dict[str, Any]]:
        # Most of a row is told by the file: reading all of it back would take longer than all else in a reload.
        names = {field.attname for field in Incident._meta.concrete_fields}.difference(set_fields, NOT_SHOWN) | NEEDED
        rows = Incident.objects.filter(InTexts("public_id", ids)).values(*sorted(names))
        return {row["public_id"]: row for row in rows}

    def _before(self, working: dict[str, Any] | None, state: State | None, document: Document | None) -> Existing:
        gone = state is not None and state.change in ("merged", "redacted")
        return Existing(
            working=working,
            number=state.number if state else 0,
            digest=state.digest if state and state.live else "",
            document=document,
            why_left_out=GONE if gone else _held_back(working, document),
            elsewhere=self._elsewhere(working, document),
        )

    def _elsewhere(self, working: dict[str, Any] | None, document: Document | None) -> str:
        if working is not None and working["dataset_id"] != self._dataset.pk:
            return str(Dataset.objects.get(pk=working["dataset_id"]))
        if document is not None and document["dataset"] != self._dataset.public_id:
            return str(document["dataset"])
        return ""


def _held_back(working: Mapping[str, Any] | None, document: Document | None) -> str:
    """Return why editors keep an incident from being published, "" if they do not."""
    status = working["editorial_status"] if working is not None else "ready"
    if status == "rejected":
        return REJECTED
    return HELD_BACK if status != "ready" and document is None else ""


def _placed(existing: Existing, working: Mapping[int, Location], public: Mapping[str, Location]) -> Existing:
    key = existing.working["location_id"] if existing.working is not None else None
    public_id = existing.document["location"]["id"] if existing.document is not None else None
    return existing._replace(
        place=working[key] if key is not None else None,
        public_place=public.get(public_id) if public_id is not None else None,
    )


def disclosures(existing: Existing) -> dict[str, str]:
    """Return how much may be public: the coarser of what the editors set and what is public."""
    said = [existing.document["disclosure"]] if existing.document else []
    if existing.working is not None:
        said.append({name: existing.working[f"{name}_disclosure"] for name in RANKS})
    return {name: max((each[name] for each in said), key=codes.index, default="full") for name, codes in RANKS.items()}


def is_full(disclosed: Mapping[str, str]) -> bool:
    """Tell whether nothing is held back."""
    return all(level == "full" for level in disclosed.values())


def is_shown_in_full(existing: Existing) -> bool:
    """Tell whether a row of the incident is published, and with nothing held back."""
    return not (existing.why_left_out or existing.elsewhere) and is_full(disclosures(existing))


def safe_actors(known: Mapping[str, Existing]) -> frozenset[str]:
    """Return the ids of the actors that held back incidents may go on naming."""
    held_back = [each.document for each in known.values() if each.document and not is_full(disclosures(each))]
    if not held_back:
        return frozenset()
    listed = {actor["id"] for document in held_back for actor in document["actors"]}
    safe = Actor.objects.filter(InTexts("public_id", listed), safe_when_generalised=True)
    return frozenset(safe.values_list("public_id", flat=True))


T = TypeVar("T")

OWN_EXPORTS = frozenset(("incidents", "locations", "sources", "actors", "datasets"))
"""Profiles of our own exports: who edits one is an editor."""


class FileEntries(NamedTuple):
    """The public ids of the actors and reports that files added to an incident."""

    actors: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()


NO_ENTRIES = FileEntries()


def entries_of_files(ids: Iterable[str]) -> dict[str, FileEntries]:
    """Return what files added to incidents, from their published history; without a history nothing."""
    rows = list(
        Revision.objects.of("incident")
        .filter(InTexts("record_id", ids))
        .with_content()
        .order_by("record_id", "number")
        .only("kind", "record_id", "seq", "shape", "document")
    )
    loads = _loads({row.seq for row in rows})
    added: dict[str, list[dict[str, bool]]] = {}
    for row in rows:
        document, before = row.content(), added.get(row.record_id, [{}, {}])
        if is_generalised(document):
            continue  # it does not say which entries it has
        added[row.record_id] = [
            {each["id"]: of_list.get(each["id"], row.seq in loads) for each in document[name]}
            for name, of_list in zip(FileEntries._fields, before, strict=True)
        ]
    return {
        record_id: FileEntries(*(frozenset(each for each in of_list if of_list[each]) for of_list in lists))
        for record_id, lists in added.items()
    }


def _loads(seqs: Iterable[int]) -> set[int]:
    """Return those of some publications that a load of a research file made."""
    found = Publication.objects.filter(pk__in=list(seqs)).values_list("seq", "origin")
    return {seq for seq, origin in found if origin.get("profile") and origin["profile"] not in OWN_EXPORTS}


def with_kept(of_file: Sequence[T], before: Sequence[T], stays: Callable[[T], bool]) -> list[T]:
    """Return what a file lists, and those of the entries before that stay, where they stood."""
    entries = list(of_file)
    for position, each in enumerate(before):
        if stays(each):
            entries.insert(position, each)
    return entries


def merged_entries(
    of_file: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]], gone: frozenset[str]
) -> list[Any]:
    """Return the entries of a public document: the file's, and those before that neither it nor a file listed."""
    here = {each["id"] for each in of_file}
    return with_kept(of_file, before, lambda each: each["id"] not in here and each["id"] not in gone)
