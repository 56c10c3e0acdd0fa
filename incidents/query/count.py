"""Exact counts: a count belongs to a query at a moment, is made once, and kept."""

from __future__ import annotations

from django.core.cache import cache

from incidents.query.entries import EntryQuery, database
from incidents.query.moment import Moment

KEPT_SECONDS = 86_400


def exact_count(query: EntryQuery, moment: Moment, key: str) -> int:
    """Number of matches as of a publication; counts if it is not cached."""
    known: int | None = cache.get(key)
    if known is not None:
        return known
    count = _count(query, moment) if moment.at else 0
    cache.set(key, count, KEPT_SECONDS)
    return count


def _count(query: EntryQuery, moment: Moment) -> int:
    """Count in one statement that also reads the head: where it moved meanwhile, the past is counted instead."""
    connection = database()
    for live in (True, False) if moment.is_now else (False,):
        summed = parts(query.live() if live else query.valid_at(moment.at), connection.vendor)
        counts = " + ".join(
            f"(SELECT count(*) FROM {part.table}{part.hint(connection.vendor)} WHERE {part.sql()})" for part in summed
        )
        with connection.cursor() as cursor:
            params = [param for part in summed for param in part.params]
            cursor.execute(f"SELECT seq, {counts} FROM ledger_head WHERE id = 1", params)
            head, count = cursor.fetchone()
        if not live or head == moment.head:
            break
    return int(count)


def parts(query: EntryQuery, vendor: str) -> list[EntryQuery]:
    """Disjoint queries that together are the matches: short and long intervals of a window."""
    query = query.matching_box().matching_cells()
    found = [query] if query.after is None else [part for part, _ in query.by_length()]
    return [part.matching_words(vendor) for part in found]
