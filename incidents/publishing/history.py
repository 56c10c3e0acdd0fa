"""Which incidents showed a record in their history otherwise than they do now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial, reduce
from typing import Any

from incidents.batches import batched
from incidents.ledger import denormalisation
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import IncidentEntry, Revision
from incidents.ledger.search import Terms
from incidents.ledger.store import CHUNK
from incidents.schema.attributes import declared_by
from incidents.text_folding import facet

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


def showing_in_history(kind: str, records: Sequence[Document]) -> Iterator[list[Document]]:
    """Yield, in chunks, what incidents are now that ever showed one of these records otherwise.

    Of an ended incident it is the last content, with these records as they are now.
    """
    by_id = {record["id"]: record for record in records}
    ids: dict[str, None] = {}
    for some in batched(list(by_id), FACETS):
        terms = Terms([[facet(SHOWN_AS[kind], record_id) for record_id in some]])
        ids |= dict.fromkeys(IncidentEntry.objects.holding(terms).values_list("record_id", flat=True))
    for chunk in batched(ids, CHUNK):
        current = _current(kind, by_id, chunk)
        earlier = Revision.objects.of("incident", chunk).with_content().order_by("number")
        changed = {
            name for name, document in earlier.each_document() if _parts(kind, document) != _parts(kind, current[name])
        }
        yield [current[name] for name in chunk if name in changed]


def _current(kind: str, records: dict[str, Document], ids: Sequence[str]) -> dict[str, Document]:
    """Last content of each of these incidents, which shows these records as they are now."""
    last = Revision.objects.of("incident", ids).with_content().order_by("number").documents()
    live = set(Revision.objects.live().of("incident", ids).values_list("record_id", flat=True))
    return {
        name: reduce(partial(_shown_now, kind, live=name in live), records.values(), document)
        for name, document in last.items()
    }


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
