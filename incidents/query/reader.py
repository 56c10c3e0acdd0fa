"""Reads one page of entries with their documents, with the cheapest exact query plan.

There are four plans, measured in docs/decisions: scan the index of the sort order and test each row; scan the few grid
cells that cover a box in parallel; collect few rows and sort them; on SQLite, let the word index return the rows newest
first. The statements are written by hand, because the planners of both databases need guidance.

Every statement also reads the head. A first page of the current state is of the head that its own statement read. Any
other page is read again, as of the moment of the response, if a publication came in between. So a page is never a
mixture of two states.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from incidents.ledger import shapes
from incidents.ledger.grid import Cover
from incidents.ledger.index import FIRST_DAY, LAST_DAY
from incidents.query.entries import (
    EntryQuery,
    Order,
    Position,
    Statement,
    database,
    fetch,
    shown_sql,
)
from incidents.query.moment import Moment, last_total, newest
from incidents.query.own_order import segment_sql
from incidents.query.place_states import states
from incidents.query.places import Insertion
from incidents.query.shown import NOTHING_STORED, StoredRow, insertions
from incidents.query.word_scan import WordScan

BY_DAY = "day_from"
"""The column of the order by date."""

MOST_SIDE_BY_SIDE = 1001
"""Rows of a page up to which PostgreSQL, which reads as many from every cell, does so."""

Way = Callable[[EntryQuery, str], Statement]
"""How the rows of a query are read by an index."""

Pieces = tuple[bytes, ...]
"""A document in parts, which are joined once, with the others of a page."""

Row = tuple[Any, str, Pieces]
"""Sort value, id and document of one record of a page."""

Rows = list[Row]

Reference = tuple[Any, str, int]
"""Sort value, id and number of the revision of one record."""


class RowProbe(NamedTuple):
    """An expression for the keys of all entries that may match, NULL where they are more than a few.

    `live`: it knows live entries only; otherwise all that ever were.
    """

    sql: str
    params: tuple[Any, ...]
    live: bool


def probe_for(query: EntryQuery, order: Order, limit: int) -> RowProbe | None:
    """Probe that checks whether there are few enough matches to sort; None if that is not useful.

    It goes into the statement that reads the moment. PostgreSQL is not asked: it has statistics to tell by.
    """
    if database().vendor != "sqlite":
        return None
    few = sorting_threshold(limit, last_total())
    covered = query.cover()
    if covered and not side_by_side(query, order):
        return _probe(query, covered.level.index, covered.condition, (), few, live=False)
    if query.rare:
        index, condition, values = query.rare
        return _probe(query, index, f"retired IS NULL AND {condition}", values, few, live=True)
    return None


def _probe(query: EntryQuery, index: str, condition: str, values: tuple[Any, ...], few: int, *, live: bool) -> RowProbe:
    found = f"SELECT key FROM {query.table} INDEXED BY {index} WHERE {condition} LIMIT %s"
    keys = f"(SELECT CASE WHEN count(*) <= %s THEN json_group_array(key) END FROM ({found}))"
    return RowProbe(keys, (few, *values, few + 1), live)


def side_by_side(query: EntryQuery, order: Order) -> Cover | None:
    """Cells to scan in parallel; None if that is not the plan."""
    covered = query.cover()
    return covered if covered and covered.is_few and not query.groups and order.column == BY_DAY else None


def read_newest(query: EntryQuery, order: Order, after: Position | None, limit: int) -> tuple[Moment, list[Row]]:
    """Head of the ledger and the rows after a position in this order, in one statement."""
    moment, rows = _Page(query, order, after, limit).read_live(None)
    return moment, _shown(query.kind, rows, moment.at, moment.redacted)


def read_page(
    query: EntryQuery,
    order: Order,
    moment: Moment,
    after: Position | None,
    limit: int,
    probe: RowProbe | None = None,
) -> list[Row]:
    """Up to `limit` rows after a position in this order, as of a publication.

    `probe` is the one that `moment` was read with.
    """
    if moment.at == 0:
        return []
    page = _Page(query, order, after, limit)
    keys = moment.keys
    if moment.is_now:
        head, rows = page.read_live(keys)
        if head.at == moment.at:
            return _shown(query.kind, rows, moment.at, moment.redacted)
    head, rows = page.read_at(moment.at, None if probe and probe.live else keys)
    return _shown(query.kind, rows, moment.at, head.redacted)


def _shown(kind: str, rows: list[StoredRow], at: int, redacted: int) -> list[Row]:
    """Rows with their documents as readers get them; `redacted` is the last redaction where they were read."""
    known = states.known.get((at, redacted))
    added: Mapping[int, Insertion] = known.insertions if known else {}
    if not added.keys() >= {row[2] for row in rows}:
        added = insertions(kind, rows, at, redacted)
    latest = shapes.stored(shapes.latest())
    made: list[Row] = []
    for value, record_id, revision, document, shape, _, _, _, _ in rows:
        if shape != latest:
            document = shapes.current(kind, shape, document)
        begin, time, middle, codes = added[revision]
        made.append((value, record_id, (document[:begin], time, document[begin:middle], codes, document[middle:])))
    return made


def documents_of(rows: list[Row]) -> list[bytes]:
    """The documents of a page, each as a whole."""
    return [b"".join(pieces) for _, _, pieces in rows]


def read_references(
    query: EntryQuery,
    order: Order,
    moment: Moment,
    after: Position | None,
    limit: int,
    probe: RowProbe | None = None,
) -> list[Reference]:
    """The rows of `read_page`, with the revision id instead of the document."""
    if moment.at == 0:
        return []
    page = _Page(query, order, after, limit)
    if moment.is_now:
        head, rows = page.refer_live(moment.keys)
        if head == moment.at:
            return rows
    return page.refer_at(moment.at, None if probe and probe.live else moment.keys)


def sorting_threshold(limit: int, total: int) -> int:
    """Number of rows that are cheaper to sort than to find by scanning an index of this size.

    Walking meets a page of `limit` among n matches after total / n · limit rows, so the two cost the same where n is
    about the root of total · limit; the factor is measured on both databases.
    """
    return int(max(150, 0.5 * math.sqrt(limit * total)))


class _Page(WordScan):
    """The statement of one page, and how it is run."""

    def __init__(self, query: EntryQuery, order: Order, after: Position | None, limit: int) -> None:
        self.query, self.order, self.after, self.limit = query, order, after, limit
        self.model = query.model
        self.connection = database()
        self.on_sqlite = self.connection.vendor == "sqlite"
        self.cover = side_by_side(query, order) if self.on_sqlite or limit <= MOST_SIDE_BY_SIDE else None
        # How frequent words are, and how full a box, makes other plans best.
        self.has_one_plan = not query.groups and (self.cover is not None or not query.cover())
        self.entry = query.table
        self.direction = "DESC" if order.descending else "ASC"

    def read_live(self, keys: list[int] | None) -> tuple[Moment, list[StoredRow]]:
        """Head and page of the current state; with `keys`, only these entries can be on the page."""
        return self._run(self._live(keys))

    def read_at(self, at: int, keys: list[int] | None) -> tuple[Moment, list[StoredRow]]:
        """Head, and rows of the page as of an earlier publication."""
        return self._run(self._statement(self.query.valid_at(at), keys))

    def refer_live(self, keys: list[int] | None) -> tuple[int, list[Reference]]:
        """Head and page without documents."""
        return self._refer(self._live(keys))

    def refer_at(self, at: int, keys: list[int] | None) -> list[Reference]:
        """Page as of a publication, without documents."""
        return self._refer(self._statement(self.query.valid_at(at), keys))[1]

    def _live(self, keys: list[int] | None) -> Statement:
        if keys is None and self.order.segments:
            return self.first_of(
                [segment_sql(each, self.order, self.after, self.limit) for each in self.order.segments]
            )
        return self._statement(self.query.live(), keys)

    def _statement(self, query: EntryQuery, keys: list[int] | None) -> Statement:
        """Choose the way."""
        by_day = self.order.column == BY_DAY
        if self.after and not (self._goes_on_in_two and keys is None):
            sign = "<" if self.order.descending else ">"
            query = query.where(f"({self.order.column}, record_id) {sign} (%s, %s)", *self.after)
        query = query.matching_box()
        if keys is not None:
            return self._collect(query, keys)
        if self.cover:
            return self._in_cells(query, self.cover)
        if not self.on_sqlite:
            query = query.matching_cells()  # its planner knows how full they are
        if query.groups and by_day and self.on_sqlite:
            return self.by_words_in_window(query)
        query = query.matching_words(self.connection.vendor)
        if query.after is not None and by_day and not query.index:
            return self._by_length(query, self._walk, self._walk)
        return self._walk_on(query.matching_days(), query.index)

    @property
    def _goes_on_in_two(self) -> bool:
        """True for an order by an expression on SQLite, which does not look up a pair that begins with one."""
        return self.on_sqlite and not self.order.column.isidentifier()

    def _walk_on(self, query: EntryQuery, index: str) -> Statement:
        """Scan from where the page starts: first the rest of the records with the same value, then the others."""
        if not (self.after and self._goes_on_in_two):
            return self._walk(query, index)
        value, record_id = self.after
        sign = "<" if self.order.descending else ">"
        same = query.where(f"{self.order.column} = %s AND record_id {sign} %s", value, record_id)
        others = query.where(f"{self.order.column} {sign} %s", value)
        sql, params = self._all(same, index)
        by_id = f"{sql} ORDER BY {self.entry}.record_id {self.direction} LIMIT {self.limit}"
        return self.first_of([(by_id, params), self._walk(others, index)])

    def _collect(self, query: EntryQuery, keys: list[int]) -> Statement:
        """Look at these entries only, and sort them."""
        among = query.where(f"key IN ({', '.join(map(str, keys))})")  # none at all is allowed
        return self._walk(among.matching_words(self.connection.vendor).matching_days())

    def _in_cells(self, query: EntryQuery, covered: Cover) -> Statement:
        """Scan cells in parallel; for a window the short incidents, and the few long ones by their own indexes."""
        level = covered.level
        if query.after is None:
            return self._side_by_side(query, covered, level.index)
        return self._by_length(
            query,
            lambda short, _: self._side_by_side(short, covered, level.index),
            lambda months, _: self._side_by_side(months, covered, level.long_index),
        )

    def _by_length(self, query: EntryQuery, of_short: Way, of_months: Way) -> Statement:
        """Take the first rows of a window: of the long ones only those that come before the last of the short ones.

        The page is mostly full of short ones, so hardly any long one need be read. SQLite, which would write out the
        short ones wherever they are referred to, merges them all.
        """
        (short, index), months, years = query.by_length()
        if self.on_sqlite:
            return self.first_of([of_short(short, index), of_months(*months), self._walk(*years)])
        sign, last, none = (">=", "min", FIRST_DAY) if self.order.descending else ("<=", "max", LAST_DAY)
        first, params = of_short(short, index)
        edge = f"SELECT CASE WHEN count(*) < {self.limit} THEN {none} ELSE {last}(value) END AS day FROM short"
        parts = [
            way(part.where(f"day_from {sign} (SELECT day FROM edge)"), index)
            for way, (part, index) in ((of_months, months), (self._walk, years))
        ]
        every, more = self.first_of([("SELECT * FROM short", []), *parts])
        return f"WITH short AS MATERIALIZED ({first}), edge AS MATERIALIZED ({edge}) {every}", [*params, *more]

    def _side_by_side(self, query: EntryQuery, covered: Cover, index: str) -> Statement:
        order = f"ORDER BY value {self.direction}, record_id {self.direction} LIMIT {self.limit}"
        column = covered.level.column
        if self.on_sqlite:
            # It merges them and reads no further than the page.
            one, params = self._all(query.where(f"{column} = %s"), index)
            every = " UNION ALL ".join([one] * len(covered.cells))
            return f"{every} {order}", [param for cell in covered.cells for param in (*params, cell)]
        one, params = self._walk(query.where(f"{column} = cell.number"))
        cells = f"unnest(%s::int[]) AS cell (number) CROSS JOIN LATERAL ({one}) AS part"
        return f"SELECT part.* FROM {cells} {order}", [covered.cells, *params]

    def columns(self) -> str:
        return f"{self.order.of(self.entry)} AS value, {self.entry}.record_id, {self.entry}.revision_id"

    def in_order(self) -> str:
        column, direction = self.order.of(self.entry), self.direction
        return f"ORDER BY {column} {direction}, {self.entry}.record_id {direction} LIMIT {self.limit}"

    def _walk(self, query: EntryQuery, index: str = "") -> Statement:
        """Scan the index of the order, or of an equality before it; with an index hint on SQLite."""
        sql, params = self._all(query, index)
        return f"{sql} {self.in_order()}", params

    def _all(self, query: EntryQuery, index: str) -> Statement:
        hint = f" INDEXED BY {index}" if index and self.on_sqlite else ""
        return f"SELECT {self.columns()} FROM {self.entry}{hint} WHERE {query.sql()}", list(query.params)

    def first_of(self, parts: list[Statement]) -> Statement:
        """Take the first rows of statements that share no row: of short incidents and of long ones."""
        every = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part_{at}" for at, (sql, _) in enumerate(parts))
        order = f"ORDER BY value {self.direction}, record_id {self.direction} LIMIT {self.limit}"
        return f"SELECT * FROM ({every}) AS parts {order}", [param for _, params in parts for param in params]

    def _run(self, statement: Statement) -> tuple[Moment, list[StoredRow]]:
        sql, params = statement
        document = shown_sql(self.connection)
        join = "CROSS JOIN" if self.on_sqlite else "JOIN"  # on SQLite that fixes which comes first
        found = fetch(
            self.connection,
            f"SELECT {NOTHING_STORED}, seq, redacted, totals FROM ledger_head WHERE id = 1 UNION ALL "
            f"SELECT page.value, page.record_id, page.revision_id, {document}, NULL, NULL, NULL FROM ({sql}) AS page "
            f"{join} ledger_revision ON ledger_revision.id = page.revision_id",
            params,
            prepared=self.has_one_plan,
        )
        ((*_, seq, redacted, totals),) = [row for row in found if row[-3] is not None]
        rows: list[StoredRow] = [row for row in found if row[-3] is None]
        # SQL promises no order for a join. The rows mostly come sorted, so this only looks at them.
        rows.sort(key=itemgetter(0, 1), reverse=self.order.descending)
        return newest(seq, redacted, totals), rows

    def _refer(self, statement: Statement) -> tuple[int, list[Reference]]:
        sql, params = statement
        found = fetch(
            self.connection,
            "SELECT seq, NULL, NULL, NULL FROM ledger_head WHERE id = 1 UNION ALL "
            f"SELECT NULL, page.value, page.record_id, page.revision_id FROM ({sql}) AS page",
            params,
            prepared=self.has_one_plan,
        )
        ((seq, *_),) = [row for row in found if row[0] is not None]
        rows: list[Reference] = [row[1:] for row in found if row[0] is None]
        rows.sort(key=itemgetter(0, 1), reverse=self.order.descending)
        return seq, rows
