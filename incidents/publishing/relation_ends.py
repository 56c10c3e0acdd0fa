"""The other ends of relations: public incidents whose documents change because those of others do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from incidents.batches import batched
from incidents.ledger import denormalisation
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import Revision
from incidents.ledger.store import CHUNK
from incidents.publishing.showing import Change, showing
from incidents.vocabulary import INVERSE_RELATIONS

Ends = Mapping[str, Sequence[tuple[Document, bool]]]
"""Incident → its ends of relations, and whether it has each of them now."""


def of_contents(contents: Sequence[Document]) -> Iterator[list[Change]]:
    """Yield, in chunks, the other ends of these contents' relations, and of those that they no longer have."""
    here = {content["id"]: content["related"] for content in contents}
    before = Revision.objects.live_documents("incident", list(here))
    ends: dict[str, list[tuple[Document, bool]]] = {}
    for record_id, now in here.items():
        then = before[record_id]["related"] if record_id in before else []
        for item in [*now, *(item for item in then if item not in now)]:
            if item["id"] not in here:
                ends.setdefault(item["id"], []).append((_back(record_id, item), item in now))
    yield from _changed(ends)


def without_incidents(incidents: Iterable[Document]) -> Iterator[list[Change]]:
    """Yield, in chunks, the incidents that these were related to, without those relations."""
    ends: dict[str, list[tuple[Document, bool]]] = {}
    for document in incidents:
        for item in document["related"]:
            ends.setdefault(item["id"], []).append((_back(document["id"], item), False))
    yield from _changed(ends)


def _back(record_id: str, item: Document) -> Document:
    return {"id": record_id, "relation": INVERSE_RELATIONS[item["relation"]]}


def _changed(ends: Ends) -> Iterator[list[Change]]:
    for ids in batched(ends, CHUNK):
        documents = Revision.objects.live_documents("incident", ids)
        yield [(each, denormalisation.related_anew(each, ends[each["id"]])) for each in documents.values()]


def of_none(seq: int, ids: Sequence[str]) -> Iterator[list[Change]]:
    """Yield, in chunks, the incidents that are related to some that end, without those relations."""
    gone = set(ids)
    for chunk in showing(seq, [("incident", record_id) for record_id in ids]):
        pairs = []
        for before, *_ in chunk:
            after = before
            for item in before["related"]:
                if item["id"] in gone:
                    after = denormalisation.without_relation(after, item["id"])
            if before["id"] not in gone:
                pairs.append((before, after))
        yield pairs


def inherited(merged: Document, target: str) -> list[Change]:
    """The target of a merger, with the relations that the merged incident had."""
    before = Revision.objects.live_documents("incident", [target])[target]
    own = [item for item in merged["related"] if item["id"] != target]
    return [(before, {**before, "related": denormalisation.in_order([*before["related"], *own])})]
