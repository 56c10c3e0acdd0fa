"""What publications changed in the matches of a query of incidents, so that a copy of the matches can be kept.

Every publication is compared with the one before: an incident entered the query, changed within it, left it, or ended.
That follows from the entries, which are valid from one publication to another, so it also holds where an incident is
found otherwise without a new revision, as after a new name of a region.

A redaction or a reduction empties or replaces earlier entries, and the copies that were made before are not known. So
for these every copy is answered: the incident ends, leaves or is sent, whether or not it matched. The same holds for
the incidents at a place whose history a reduction replaced. Nothing here tells what the removed content matched.

Revisions and entries are read in order, a bounded number for a page, however few of them match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from incidents.ledger import shapes
from incidents.ledger.models import LIVING, Publication, Revision
from incidents.ledger.search import Terms
from incidents.ledger.store import words_table
from incidents.query.differences import LAST_ID
from incidents.query.entries import EntryQuery, database, fetch, shown, shown_sql
from incidents.query.moment import Moment
from incidents.query.shown_codes import with_codes
from incidents.text_folding import facet
from incidents.vocabulary import EFFECTS

MOST_READ = 10_000
"""Revisions and entries that are compared for one page; about 0.1 s."""
MOST_READ_FOR_WORDS = 2000
"""The same on SQLite where words are asked for, which it looks up for each entry."""
FIRST_STEP = 250
PLACES_AT_ONCE = 1000

REVISIONS, REINDEXED, WITHIN = 0, 1, 2
"""The parts of a publication, in the order in which they are read: incidents with a revision; those that are found
otherwise without one; those that were ever at a place whose history was replaced."""

ENTERED, CHANGED, LEFT, ENDED = EFFECTS


class Position(NamedTuple):
    """A position in the order of changes; `at` is the id of a revision or of a record, `key` that of an entry."""

    seq: int
    part: int
    at: Any
    key: int = 0


def behind(seq: int) -> Position:
    """Position after the last change of a publication."""
    return Position(seq, WITHIN + 1, 0)


class Effect(NamedTuple):
    """What a publication did to one incident of a query."""

    position: Position
    record_id: str
    effect: str
    revision: int | None
    """Id of the revision that is public after the publication; None after its end."""


class Told(NamedTuple):
    """An effect with the revision or the tombstone that it shows."""

    effect: Effect
    number: int
    change: str
    fields: str
    reason: str
    target: str
    document: bytes
    """Empty for a tombstone."""
    redacted: bool


class _Side(NamedTuple):
    """An incident on one side of a publication: the id of its revision, and whether that matches."""

    revision: int
    matches: bool


_ABSENT = _Side(0, matches=False)


@dataclass
class _Compared:
    """One incident around one publication."""

    position: Position
    record_id: str
    is_told_anyway: bool
    """A redaction or a reduction: what copies hold of it is not known."""
    before: _Side = _ABSENT
    after: _Side = _ABSENT

    def effect(self) -> Effect | None:
        """What copies of the query are told; None if they hold what they should."""
        before, after = self.before, self.after
        if after.matches:
            if before == after and not self.is_told_anyway:
                return None
            said = CHANGED if before.matches else ENTERED
        elif before.matches or self.is_told_anyway:
            said = LEFT if after.revision else ENDED
        else:
            return None
        return Effect(self.position, self.record_id, said, after.revision or None)


@dataclass
class _Part:
    """What one source found: incidents in order, and the position up to which it has read; None: to the end."""

    compared: list[_Compared] = field(default_factory=list)
    end: Position | None = None


def read_effects(query: EntryQuery, after: Position, until: int, limit: int) -> tuple[list[Effect], Position | None]:
    """Up to `limit` effects after a position, none later than the publication `until`; and where to go on.

    The position is None if there is nothing more. There may be more after few effects or none: a page reads a bounded
    number of revisions.
    """
    connection = database()
    reader = _Reader(connection, _matching(query, connection), until)
    left = MOST_READ_FOR_WORDS if query.groups and connection.vendor == "sqlite" else MOST_READ
    found: dict[tuple[int, str], Effect] = {}
    at: Position | None = after
    step = max(FIRST_STEP, limit)
    while at is not None and left > 0 and len(found) <= limit:
        step = min(step, left)
        effects, at = reader.step(at, step)
        for each in effects:
            found.setdefault((each.position.seq, each.record_id), each)
        left, step = left - step, step * 4
    effects = list(found.values())
    if len(effects) > limit:
        return effects[:limit], effects[limit - 1].position
    return effects, at


def _matching(query: EntryQuery, connection: BaseDatabaseWrapper) -> EntryQuery:
    """The query as conditions on one entry."""
    query = query.matching_box().matching_days()
    if query.groups and connection.vendor == "sqlite":
        words = words_table(query.model)
        looked_up = f"{words}.rowid = {query.table}.key AND {words} MATCH %s"
        return query.where(f"EXISTS (SELECT 1 FROM {words} WHERE {looked_up})", query.terms().fts5())
    return query.matching_words(connection.vendor)


class _Reader:
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

    def _revisions(self, after: Position, limit: int) -> _Part:
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

    def _reindexed(self, after: Position, limit: int) -> _Part:
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
        return _Part(part.compared + rest.compared, rest.end)

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

    def _within(self, after: Position, limit: int) -> _Part:
        """Incidents that were ever at a place whose history was replaced: what they were found by is not known."""
        part, left = _Part(), limit
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

    def _states(self, seq: int, at: int, rows: Sequence[Any]) -> Iterator[_Compared]:
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
        states = {record_id: _Side(revision, bool(matches)) for record_id, revision, matches in found}
        for record_id, key in sorted(keys.items(), key=lambda item: item[1]):
            yield _Compared(
                Position(seq, WITHIN, at, key),
                record_id,
                is_told_anyway=True,
                before=states.get(record_id, _ABSENT),
                after=states.get(record_id, _ABSENT),
            )


def _part(part: int, rows: Sequence[Any], limit: int) -> _Part:
    """Pair the rows of each event, which are next to each other."""
    compared: dict[Position, _Compared] = {}
    last = None
    for at, seq, kind, record_id, change, begin, retired, revision, matches in rows:
        last = Position(seq, part, at)
        if kind != "incident":
            compared.setdefault(last, _Compared(last, "", is_told_anyway=False))
            continue
        known = compared.get(last)
        if known is None:
            known = compared[last] = _Compared(last, record_id, is_told_anyway=change == "redacted")
        if begin is not None and begin < seq:
            known.before = _Side(revision, bool(matches))
        elif begin == seq and retired != seq:
            known.after = _Side(revision, bool(matches))
    return _Part(list(compared.values()), last if len(compared) >= limit else None)


def told(effects: Sequence[Effect], moment: Moment) -> list[Told]:
    """The effects with their revisions as they are shown at a moment, or with the tombstones of what ended."""
    documents = _documents([each.revision for each in effects if each.revision is not None])
    tombstones = _tombstones([each for each in effects if each.revision is None])
    found = []
    for each in effects:
        if each.revision is None:
            _, number, change, reason, target = tombstones[each.position.seq, each.record_id]
            redacted = change == "redacted"
            found.append(Told(each, number, change, "", reason, target, b"", redacted))
            continue
        number, seq, change, fields, document = documents[each.revision]
        if not document:  # redacted since it was found
            found.append(Told(each._replace(effect=ENDED), number, "redacted", "", "", "", b"", redacted=True))
            continue
        is_new = seq == each.position.seq
        told_change, told_fields = (change, fields) if is_new else ("changed", "")
        found.append(Told(each, number, told_change, told_fields, "", "", document, redacted=False))
    documents_shown = with_codes("incident", [each.document for each in found], moment.at, moment.redacted)
    return [each._replace(document=document) for each, document in zip(found, documents_shown, strict=True)]


def _documents(ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    if not ids:
        return {}
    connection = database()
    rows = fetch(
        connection,
        "SELECT id, number, seq, change, CAST(fields AS varchar), "
        f"{shown_sql(connection)} FROM ledger_revision WHERE id IN ({', '.join(map(str, ids))})",
        [],
    )
    return {
        key: (*said, shown(shapes.current("incident", shape, document), first))
        for key, *said, document, shape, first in rows
    }


def _tombstones(ended: Iterable[Effect]) -> dict[tuple[int, str], tuple[Any, ...]]:
    """The last revision of each record at its publication."""
    wanted: dict[str, list[int]] = {}
    for each in ended:
        wanted.setdefault(each.record_id, []).append(each.position.seq)
    rows = Revision.objects.of("incident", wanted).exclude(change__in=LIVING).order_by("number")
    found: dict[tuple[int, str], tuple[Any, ...]] = {}
    for record_id, *row in rows.values_list("record_id", "seq", "number", "change", "reason", "target"):
        for seq in wanted[record_id]:
            if row[0] <= seq:
                found[seq, record_id] = tuple(row)
    return found


def times(seqs: Iterable[int]) -> dict[int, Any]:
    """Time of each of these publications."""
    return dict(Publication.objects.filter(seq__in=set(seqs)).values_list("seq", "published_at"))
