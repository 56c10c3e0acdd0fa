"""Records that a release needs although they were published after it: what reduced documents show.

A reduction gives earlier revisions the content of a later one, which may show an area that was not public when the
release was made. Without the area, ids in the files would point nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from incidents.batches import batched
from incidents.ledger import shapes
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import Revision
from incidents.ledger.store import CHUNK

SHOWN = ("location", "source", "actor")

Later = dict[str, dict[str, bytes]]
"""Kind → id → document, in the order of the ids."""

Show = Callable[[str, bytes, datetime | None, int], bytes]
"""Adds what is not stored to a document: its kind, itself, when it was first published, the publication it is of."""


def published_later(at: int, shape: int, dataset: str, places: Collection[str] | None, show: Show) -> Later:
    """Records that reduced documents of publication `at` show, and that were published after it.

    Each is as it was when the reduction was published, in the format `shape`. With a dataset only what its incidents
    and these places show.
    """
    needed: dict[tuple[str, str], int] = {}
    for kind in ("incident", "location"):
        for row in _reduced(kind, at):
            document = row.content()
            mine = document["dataset"] == dataset if kind == "incident" else places is None or row.record_id in places
            if mine or not dataset:
                for key in shown(kind, document):
                    needed[key] = max(needed.get(key, 0), row.reduced or 0)
    found: Later = {kind: {} for kind in SHOWN}
    while needed:
        needed = _take(needed, found, at, shape, show)
    return {kind: dict(sorted(of_kind.items())) for kind, of_kind in found.items() if of_kind}


def shown(kind: str, document: Document) -> Iterator[tuple[str, str]]:
    """Kind and id of what a document of an incident, a place or a dataset shows."""
    if kind == "location":
        yield from (("location", area) for area in document["within"])
    elif kind == "dataset":
        yield from (("source", each["source"]) for each in document["coverage"]["sources"])
    elif kind == "incident":
        if document["location"]["id"]:
            yield "location", document["location"]["id"]
        yield from (("actor", each["id"]) for each in document["actors"])
        yield from (("source", each["source"]) for each in document["claims"])
        for report in document["reports"]:
            yield from (("source", part["id"]) for part in (report["source"], report["relays"]) if part)


def _reduced(kind: str, at: int) -> Iterator[Any]:
    """Revisions of publication `at` whose content is that of a later one."""
    tombstones = Revision.objects.filter(kind=kind, change="redacted", reduced__isnull=False, seq__gt=at)
    ids = sorted(set(tombstones.values_list("record_id", flat=True)))
    for some in batched(ids, CHUNK):
        yield from Revision.objects.of(kind, some).valid_at(at).with_content().order_by("record_id")


def _take(
    needed: Mapping[tuple[str, str], int], found: Later, at: int, shape: int, show: Show
) -> dict[tuple[str, str], int]:
    """Add those of the needed records that are not public at the publication; returns what they need."""
    more: dict[tuple[str, str], int] = {}
    for kind in SHOWN:
        ids = {record_id: seq for (of_kind, record_id), seq in needed.items() if of_kind == kind}
        for some in batched(sorted(ids.keys() - found[kind].keys()), CHUNK):
            history = Revision.objects.of(kind, some)
            public = set(history.valid_at(at).with_content().values_list("record_id", flat=True))
            later = {row.record_id: row for row in _as_of(history, ids) if row.record_id not in public}
            for record_id, row in later.items():
                text = row.document.encode()
                stored = shapes.rewritten(kind, row.shape, text, shape)
                found[kind][record_id] = show(kind, stored, row.first_published_at, ids[record_id])
                more |= dict.fromkeys(shown(kind, orjson.loads(text)), ids[record_id])
    return more


def _as_of(history: Any, seqs: Mapping[str, int]) -> Iterator[Any]:
    """Revisions that records had at publications of their own."""
    for row in history.with_content().order_by("record_id", "number"):
        if row.seq <= seqs[row.record_id] and (row.retired is None or row.retired > seqs[row.record_id]):
            yield row
