"""Replaces the content of a record's earlier revisions by that of a later, coarser one.

A reduction is stored as a redaction that a new revision of the record follows in the same publication. What the
redaction emptied is filled with the content of that revision, each under its own number and time. So whoever follows
`changes/` without knowing reductions sees a redaction, deletes what it has, and takes the new revision.

The filling follows from the documents alone: a mirror does the same and comes to the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from incidents.batches import batched
from incidents.ledger import store
from incidents.ledger.content import digest, stamp
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import ENTRIES, LIVING, Head, IncidentEntry, Revision
from incidents.ledger.reindex import rebuild_records
from incidents.ledger.search import Terms
from incidents.text_folding import facet

FACETS = 200
"""Places looked for at once."""


def empty(kind: str, ids: Sequence[str], *, reduced: int | None = None) -> int:
    """Remove the content of all revisions of these records, with their entries; returns how many had content.

    `reduced` is the publication whose reduction will fill them again; None: a redaction, after which nothing does.
    """
    history = Revision.objects.of(kind, ids)
    had_content = history.with_content().update(document="", digest="", fields="", shape=None, reduced=reduced)
    # What an earlier reduction replaced, and a mirror has not filled because this one came before it could.
    history.filter(change__in=LIVING, reduced__isnull=False).update(reduced=reduced)
    keys = list(ENTRIES[kind]._default_manager.filter(record_id__in=ids).values_list("key", flat=True))
    store.erase_entries(ENTRIES[kind], keys)
    return had_content


def fill(kind: str, ids: Sequence[str], seq: int, head: Head) -> None:
    """Give the revisions that the reduction of publication `seq` emptied the content of the one that it published."""
    for some in batched(ids, store.CHUNK):
        latest = {each.record_id: each for each in Revision.objects.of(kind, some).with_content().filter(seq=seq)}
        documents = {name: orjson.loads(each.document) for name, each in latest.items()}
        digests = {name: digest(kind, latest[name].content()) for name in latest}
        emptied = Revision.objects.of(kind, list(latest)).filter(reduced=seq, change__in=LIVING)
        rows = list(emptied.order_by("id"))
        for row in rows:
            row.document = _as_of(documents[row.record_id], row)
            row.digest, row.shape = digests[row.record_id], latest[row.record_id].shape
        Revision.objects.bulk_update(rows, ("document", "digest", "shape"), batch_size=200)
        rebuild_records(kind, list(latest), head, seq)
        if kind == "location":
            _index_what_is_within(list(latest), head, seq)


def _index_what_is_within(places: Sequence[str], head: Head, seq: int) -> None:
    """Rebuild the entries of all incidents that were ever within these places: their words have the places' names."""
    for some in batched(places, FACETS):
        terms = Terms([[facet("l", place) for place in some]])
        within = IncidentEntry.objects.holding(terms).order_by().values_list("record_id", flat=True).distinct()
        rebuild_records("incident", list(within), head, seq)


def _as_of(document: Mapping[str, Document], row: Revision) -> str:
    """The document as JSON, under the number and the time of an earlier revision."""
    return orjson.dumps({**document, "revision": row.number, "published": stamp(row.published_at)}).decode()
