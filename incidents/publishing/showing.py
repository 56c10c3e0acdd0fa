"""The public incidents that show a record, which change with it or keep it from ending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from incidents.batches import batched
from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document
from incidents.ledger.document_cache import DocumentCache
from incidents.ledger.index import FOUND_BY
from incidents.ledger.models import IncidentEntry, LocationEntry, Revision
from incidents.ledger.search import Terms
from incidents.ledger.store import CHUNK
from incidents.publishing.history import SHOWN_AS
from incidents.publishing.refusals import watching
from incidents.text_folding import facet

Change = tuple[Document, Document]
"""The document that is public, and the one that takes its place."""

Changed = dict[tuple[str, str], Change]
"""By kind and id: what a publication changed of the records that incidents show."""


class Live(NamedTuple):
    """A live revision: its document, its id, the publication that wrote it."""

    document: Document
    revision: int
    seq: int


def showing(seq: int, records: Sequence[tuple[str, str]]) -> Iterator[list[Live]]:
    """Yield, in chunks by id, the live incidents that show any of these records, with what their revisions are.

    Those of the publication `seq`, which is open, are left out.
    """
    ids: dict[str, None] = {}
    for some in batched(records, 200):
        terms = Terms([[facet(SHOWN_AS[kind], record_id) for kind, record_id in some]])
        entries = IncidentEntry.objects.live().holding(terms)
        ids |= dict.fromkeys(entries.values_list("record_id", flat=True))
    for chunk in batched(sorted(ids), CHUNK):
        revisions = Revision.objects.in_bulk(
            Revision.objects.live()
            .of("incident", chunk)
            .exclude(seq=seq)  # rendered a moment ago, with all that is new
            .values_list("id", flat=True)
        )
        in_order = sorted(revisions.values(), key=attrgetter("record_id"))
        yield [Live(revision.content(), revision.id, revision.seq) for revision in in_order]


def refuse_shown(seq: int, kind: str, record_id: str, change: str, ending: Sequence[str]) -> None:
    """Raise RefusedError for a record that something public shows which does not end with it."""
    shown_by = next((chunk[0].document["id"] for chunk in showing(seq, [(kind, record_id)]) if chunk), None)
    if shown_by is None and kind == "location":
        inside = LocationEntry.objects.live().filter(parent=record_id)
        shown_by = inside.exclude(record_id__in=ending).values_list("record_id", flat=True).first()
    if shown_by is None and kind == "source":
        shown_by = next(iter(watching(record_id)), None)
    if shown_by is not None:
        raise RefusedError(
            f"{kind} {record_id} cannot be {change}: {shown_by} still shows it. Change it first, or merge instead."
        )


def found_otherwise(cache: DocumentCache, incident: Document, changed: Changed) -> bool:
    """Tell whether an incident that shows the same as before is found by other places."""
    place = incident["location"]["id"]
    around = [place, *cache.fetch("location", [place])[place]["within"]] if place else []
    return any(
        before[name] != after[name]
        for part in around
        if ("location", part) in changed
        for before, after in [changed["location", part]]
        for name in FOUND_BY
    )


def empty_places(ids: Iterable[str]) -> list[str]:
    """Return those of these places that hold no public place, and that no public incident is in."""
    places, incidents = LocationEntry.objects.live(), IncidentEntry.objects.live()
    return [
        each
        for each in ids
        if not places.filter(parent=each).exists()  # quick, also for an area with millions of incidents
        and not incidents.holding(Terms([[facet(SHOWN_AS["location"], each)]])).exists()
    ]
