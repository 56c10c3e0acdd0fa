"""Reads what publications changed in the matches of a query: revisions, entries, and places that were reduced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from incidents.ledger.search import Terms
from incidents.ledger.store import words_table
from incidents.query.differences import LAST_ID
from incidents.query.effects import ABSENT, REINDEXED, REVISIONS, WITHIN, Compared, Effect, Position, Side
from incidents.query.entries import EntryQuery, fetch
from incidents.text_folding import facet

PLACES_AT_ONCE = 1000


@dataclass
class Part:
    """What one source found: incidents in order, and the position up to which it has read; None: to the end."""

    compared: list[Compared] = field(default_factory=list)
    end: Position | None = None


class EffectReader:
    """Reads the parts of publications side by side."""

    def __init__(self, connection: BaseDatabaseWrapper, query: EntryQuery, until: int) -> None:
        self._connection, self._query, self._until = connection, query, until
        self._matches = f"CASE WHEN {query.sql()} THEN 1 ELSE 0 END"
        hint = " INDEXED BY inc_by_record" if connection.vendor == "sqlite" else ""
        self._entries = f"{query.table}{hint}"

    def step(self, after: Position, limit: int) -> tuple[list[Effect], Position | None]:
        """Effects after a position, of which each part reads up to a limit; and where to go on."""
        parts = [self._revisions(after, limit), self._reindexed(after, limit), self._within(after, limit)]
        ends = [part.end for part in parts if part.end is not None]
        end = min(ends) if ends else None
        compared = sorted((each for part in parts for each in part.compared), key=lambda each: each.position)
        effects = [each.effect() for each in compared if end is None or each.position <= end]
        return [each for each in effects if each is not None], end

    def _revisions(self, after: Position, limit: int) -> Part:
        """Incidents with a revision or a tombstone. Ids follow the order of the ledger."""
        known = after.at if after.part == REVISIONS else None
        events = (
            "SELECT id AS event_at, seq AS event_seq, kind AS event_kind, record_id AS event_record, "
            f"change AS event_change FROM ledger_revision WHERE id > coalesce(%s, ({LAST_ID}), 0) "
            f"AND id <= coalesce(({LAST_ID}), 0) ORDER BY id LIMIT {limit}"
        )
        params = [known, after.seq, self._until]
        rows = self._compared(events, params, "event_kind = 'incident'")
        return _part(REVISIONS, rows, limit)

    def _reindexed(self, after: Position, limit: int) -> Part:
        """Incidents that are found otherwise since a publication, by entries without a new revision."""
        table = self._query.table
        select = (
            "SELECT record_id AS event_at, seq AS event_seq, CAST('incident' AS varchar) AS event_kind, "
            "record_id AS event_record, CAST('reindexed' AS varchar) AS event_change "
            f"FROM {table} WHERE published < seq"
        )
        order = f"ORDER BY seq, record_id LIMIT {limit}"
        rows: list[Any] = []
        if after.part <= REINDEXED:
            known = after.at if after.part == REINDEXED else ""
            events = f"{select} AND seq = %s AND record_id > %s {order}"
            rows = self._compared(events, [after.seq, known], "1 = 1")
        part = _part(REINDEXED, rows, limit)
        if part.end is not None or after.seq >= self._until:
            return part
        later = self._compared(f"{select} AND seq > %s AND seq <= %s {order}", [after.seq, self._until], "1 = 1")
        rest = _part(REINDEXED, later, limit)
        return Part(part.compared + rest.compared, rest.end)

    def _compared(self, events: str, params: list[Any], chosen: str) -> list[Any]:
        """Rows of events, each with an entry of its incident that ends or begins there, if there is one."""
        table = self._query.table
        around = f"({table}.seq = event_seq OR {table}.retired = event_seq)"
        sql = (
            "SELECT event_at, event_seq, event_kind, event_record, event_change, "
            f"{table}.seq, {table}.retired, {table}.revision_id, {self._matches} "
            f"FROM ({events}) AS event LEFT JOIN {self._entries} "
            f"ON {chosen} AND {table}.record_id = event_record AND {around}"
        )
        rows = fetch(self._connection, sql, [*self._query.params, *params])
        rows.sort(key=lambda row: (row[1], row[0]))
        return rows

    def _within(self, after: Position, limit: int) -> Part:
        """Incidents that were ever at a place whose history was replaced: what they were found by is not known."""
        part, left = Part(), limit
        tombstones = self._replaced_places(after)
        for at, seq, place in tombstones[:PLACES_AT_ONCE]:
            key = after.key if (seq, WITHIN, at) == after[:3] else -1
            rows = self._ever_at(place, seq, key, left)
            part.compared += self._states(seq, at, rows)
            left -= len(rows)
            if left <= 0:
                part.end = Position(seq, WITHIN, at, rows[-1][0])
                return part
        if len(tombstones) > PLACES_AT_ONCE:
            at, seq, _ = tombstones[PLACES_AT_ONCE - 1]
            part.end = Position(seq, WITHIN, at + 1)
        return part

    def _replaced_places(self, after: Position) -> list[Any]:
        first = after.at if after.part == WITHIN else 0 if after.part < WITHIN else 2**63 - 1
        return fetch(
            self._connection,
            "SELECT id, seq, record_id FROM ledger_revision WHERE change = 'redacted' AND kind = 'location' "
            "AND (seq > %s OR seq = %s AND id >= %s) AND seq <= %s AND seq >= %s "
            f"ORDER BY seq, id LIMIT {PLACES_AT_ONCE + 1}",
            [after.seq, after.seq, first, self._until, after.seq],
        )

    def _ever_at(self, place: str, seq: int, key: int, limit: int) -> list[Any]:
        """Key and id of incidents, of each entry that was at a place or within it before a publication."""
        table, terms = self._query.table, Terms([[facet("l", place)]])
        if self._connection.vendor == "sqlite":
            words = words_table(self._query.model)
            source = f"{words} CROSS JOIN {table} ON {table}.key = {words}.rowid"
            found, param, column = f"{words} MATCH %s", terms.fts5(), f"{words}.rowid"
        else:
            source, column = table, f"{table}.key"
            found, (param,) = terms.condition(self._query.model, "postgresql")
        sql = (
            f"SELECT {column}, {table}.record_id FROM {source} WHERE {found} AND {column} > %s "
            f"AND {table}.seq < %s ORDER BY {column} LIMIT {limit}"
        )
        return fetch(self._connection, sql, [param, key, seq])

    def _states(self, seq: int, at: int, rows: Sequence[Any]) -> Iterator[Compared]:
        """Yield incidents as they are after a publication."""
        keys = {record_id: key for key, record_id in reversed(rows)}
        if not keys:
            return
        table = self._query.table
        marks = ", ".join(["%s"] * len(keys))
        sql = (
            f"SELECT {table}.record_id, {table}.revision_id, {self._matches} FROM {self._entries} "
            f"WHERE {table}.record_id IN ({marks}) AND {table}.seq <= %s "
            f"AND ({table}.retired IS NULL OR {table}.retired > %s)"
        )
        found = fetch(self._connection, sql, [*self._query.params, *keys, seq, seq])
        states = {record_id: Side(revision, bool(matches)) for record_id, revision, matches in found}
        for record_id, key in sorted(keys.items(), key=lambda item: item[1]):
            yield Compared(
                Position(seq, WITHIN, at, key),
                record_id,
                is_told_anyway=True,
                before=states.get(record_id, ABSENT),
                after=states.get(record_id, ABSENT),
            )


def _part(part: int, rows: Sequence[Any], limit: int) -> Part:
    """Pair the rows of each event, which are next to each other."""
    compared: dict[Position, Compared] = {}
    last = None
    for at, seq, kind, record_id, change, begin, retired, revision, matches in rows:
        last = Position(seq, part, at)
        if kind != "incident":
            compared.setdefault(last, Compared(last, "", is_told_anyway=False))
            continue
        known = compared.get(last)
        if known is None:
            known = compared[last] = Compared(last, record_id, is_told_anyway=change == "redacted")
        if begin is not None and begin < seq:
            known.before = Side(revision, bool(matches))
        elif begin == seq and retired != seq:
            known.after = Side(revision, bool(matches))
    return Part(list(compared.values()), last if len(compared) >= limit else None)
