"""What a query is cited with: how many records match, and the datasets that they are of."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from incidents.batches import batched
from incidents.ledger.content import stamp
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import Publication, Revision
from incidents.ledger.store import CHUNK
from incidents.query.count import KEPT_SECONDS, parts
from incidents.query.entries import EntryQuery, database
from incidents.query.moment import Moment

OWNERS = {"incident": "dataset", "dataset": "record_id"}
"""Kind of record → the column that names its dataset; records of other kinds belong to none."""


@dataclass(frozen=True, slots=True)
class Held:
    """A dataset, and how many of the matches are of it."""

    document: Document
    records: int


def published_at(seq: int) -> str | None:
    """Time of a publication as in documents; None if there is none with that number."""
    rows = Publication.objects.filter(seq=seq).values_list("published_at", flat=True)
    return next((stamp(at) for at in rows), None)


def datasets_of(kind: str, query: EntryQuery, moment: Moment, key: str) -> list[Held]:
    """Datasets of the matches, largest first, ties by id; one statement that costs as much as a count."""
    known: dict[str, int] | None = cache.get(key)
    if known is None:
        known = _counted(query, OWNERS[kind], moment)
        cache.set(key, known, KEPT_SECONDS)
    documents = _documents(list(known), moment)
    held = [Held(documents[name], number) for name, number in known.items() if name in documents]
    return sorted(held, key=lambda each: (-each.records, each.document["id"]))


def _counted(query: EntryQuery, column: str, moment: Moment) -> dict[str, int]:
    """Count in one statement that also reads the head: where it moved meanwhile, the past is counted instead."""
    connection = database()
    found: dict[str, int] = {}
    for live in (True, False) if moment.is_now else (False,):
        picked = parts(query.live() if live else query.valid_at(moment.at), connection.vendor)
        rows = " UNION ALL ".join(f"SELECT {column} AS dataset FROM {part.table} WHERE {part.sql()}" for part in picked)
        grouped = f"SELECT dataset, count(*) AS records FROM ({rows}) AS matched GROUP BY dataset"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT head.seq, found.dataset, found.records FROM ledger_head AS head "
                f"LEFT JOIN ({grouped}) AS found ON 1 = 1 WHERE head.id = 1",
                [param for part in picked for param in part.params],
            )
            told = cursor.fetchall()
        found = {dataset: records for _, dataset, records in told if dataset is not None}
        if not live or told[0][0] == moment.head:
            break
    return found


def _documents(ids: list[str], moment: Moment) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for some in batched(ids, CHUNK // 2):
        found |= Revision.objects.valid_at(moment.at).of("dataset", some).documents()
    return found
