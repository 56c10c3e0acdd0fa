"""A query of entries: conditions on columns, and a plan for what needs more than a condition; how statements are run.

Filters add to it; `incidents.query.reader` and `incidents.query.count` carry it out. It is not a Django queryset,
because building one costs more than running it: ten conditions take a millisecond. Conditions are text of ours with
placeholders; what readers send is only ever a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from incidents.ledger.grid import Box, Cover
from incidents.ledger.models import KIND_OF_ENTRY, LONG_DAYS, YEARS_DAYS, Entry
from incidents.ledger.search import Terms

Position = tuple[Any, str]
"""Sort value and id of the record next to the start of a page."""

Statement = tuple[str, list[Any]]
"""SQL with %s for each parameter, and the parameters."""

Condition = tuple[str, tuple[Any, ...]]
"""SQL with %s for each parameter, and the parameters."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Live incidents that an index has in the order of the list."""

    condition: str
    index: str
    value: str
    """SQL of the value that they are in the order of, and then of their ids."""
    is_constant: bool = False
    """All have the same value."""


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: a column or an expression that is never null, then the id, both in one direction."""

    column: str
    descending: bool
    segments: tuple[Segment, ...] = ()
    """Of a whole list in the order of a dataset's own field: parts that share no incident, each with its index."""

    def of(self, table: str) -> str:
        """Return the SQL of the column of a table; an expression names no other table's columns."""
        return f"{table}.{self.column}" if self.column.isidentifier() else self.column

    def reversed(self) -> Order:
        """The same sort order with the opposite direction."""
        return replace(self, descending=not self.descending)


class Driver(NamedTuple):
    """A condition on the first column of an index of live entries, by which matches can be counted."""

    by: str
    condition: str
    params: tuple[Any, ...]
    has_days: bool = False
    """The index goes on with the days of the entry."""


@dataclass(frozen=True)
class EntryQuery:
    """A query of the entries of one model; immutable, every method returns a new query."""

    model: type[Entry]
    conditions: tuple[str, ...] = ()
    params: tuple[Any, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    """Tokens of the word index: every group must be met by one of its tokens."""
    after: int | None = None
    """The interval must reach this day (an ordinal)."""
    before: int | None = None
    """Latest start of the interval; also among the conditions."""
    box: Box | None = None
    index: str = ""
    """Index hint for SQLite: with statistics it would look up ids on every day."""
    by_own_value: bool = False
    """True if a condition asks for values of a dataset's own field, which has an index of long incidents too."""
    rare: tuple[str, str, tuple[Any, ...]] | None = None
    """An index and the condition on its column, which may leave few entries."""
    drivers: tuple[Driver, ...] = ()
    """Those of the conditions that an index begins with."""

    def _but(self, **changes: Any) -> EntryQuery:
        """A copy with these fields changed; ten times faster than `dataclasses.replace`."""
        other = object.__new__(EntryQuery)
        other.__dict__.update(self.__dict__, **changes)
        return other

    @property
    def kind(self) -> str:
        """Kind of record that the entries index, such as "incident"."""
        return KIND_OF_ENTRY[self.model]

    @property
    def table(self) -> str:
        """Name of the database table with the entries."""
        return self.model._meta.db_table

    def where(self, condition: str, *params: Any) -> EntryQuery:
        """Add a condition on columns of the entry."""
        return self._but(conditions=(*self.conditions, condition), params=(*self.params, *params))

    def with_any_token(self, *tokens: str) -> EntryQuery:
        """Require at least one of these tokens."""
        return self._but(groups=(*self.groups, tokens))

    def reaching(self, day: int) -> EntryQuery:
        """Require intervals that end on or after a day (an ordinal)."""
        return self._but(after=day)

    def starting_by(self, day: int) -> EntryQuery:
        """Require intervals that start on or before a day (an ordinal)."""
        return self.where("day_from <= %s", day)._but(before=day)

    def perhaps_rare(self, index: str, condition: str, *params: Any) -> EntryQuery:
        """Add a condition with its own index; the reader checks whether few entries match."""
        query = self.driven_by(Driver(index, condition, params))
        return query if query.rare else query._but(rare=(index, condition, params))

    def driven_by(self, driver: Driver) -> EntryQuery:
        """Add a condition that an index of live entries begins with."""
        return self.where(driver.condition, *driver.params)._but(drivers=(*self.drivers, driver))

    def with_own_value(self, condition: str, *params: Any) -> EntryQuery:
        """Add a condition that compares the value of a dataset's own field with codes."""
        return self.where(condition, *params)._but(by_own_value=True)

    def by_index(self, index: str) -> EntryQuery:
        """Set an index hint; the index must start with a column that a condition compares."""
        return self._but(index=index)

    def hint(self, vendor: str) -> str:
        """INDEXED BY clause for the chosen index; empty if there is none or the database has no hints."""
        return f" INDEXED BY {self.index}" if self.index and vendor == "sqlite" else ""

    def inside(self, box: Box) -> EntryQuery:
        """Require points in a box, circle or area."""
        return self._but(box=box)

    def live(self) -> EntryQuery:
        """Require entries that are live now, which have their own indexes."""
        return self.where("retired IS NULL")

    def valid_at(self, at: int) -> EntryQuery:
        """Require entries that were valid as of a publication."""
        return self.where("seq <= %s AND (retired IS NULL OR retired > %s)", at, at)

    def cover(self) -> Cover | None:
        """Grid cells that cover the box; None without a box, or for kinds without a grid."""
        return self.box.cover if self.box is not None and self.model.gridded else None

    def matching_box(self) -> EntryQuery:
        """A copy with the box as a condition on latitude and longitude."""
        if self.box is None:
            return self
        condition, params = self.box.condition(database().vendor)
        return self.where(condition, *params)

    def matching_cells(self) -> EntryQuery:
        """A copy with the grid cells of the box as a condition, so that an index is used."""
        covered = self.cover()
        return self.where(covered.condition) if covered else self

    def matching_words(self, vendor: str) -> EntryQuery:
        """A copy with the tokens as a condition on the word index."""
        if not self.groups:
            return self
        condition, params = self.terms().condition(self.model, vendor)
        return self.where(condition, *params)

    def matching_days(self) -> EntryQuery:
        """A copy of the query with its date window as a plain condition."""
        return self if self.after is None else self.where("day_to >= %s", self.after)

    def short(self) -> EntryQuery:
        """A copy for short intervals only, as a condition on indexed columns with a lower bound."""
        return self.where(
            f"day_to >= %s AND day_from >= %s AND day_to <= day_from + {LONG_DAYS}",
            self.after,
            (self.after or 0) - LONG_DAYS,
        )

    def long(self) -> EntryQuery:
        """A copy of the query limited to intervals of more than 62 days."""
        return self.where('day_to >= %s AND "long"', self.after)

    def by_length(self) -> list[tuple[EntryQuery, str]]:
        """Disjoint queries for the matches of a window, by length of interval, each with its index.

        The shorter the intervals, the less far back may they have begun that reach a day.
        """
        after = self.after or 0
        years = f"day_from + {YEARS_DAYS}"
        months = self.where(
            f'"long" AND day_to >= %s AND day_from >= %s AND day_to <= {years}', after, after - YEARS_DAYS
        )
        return [
            (self.short(), ""),
            # The index of an own field may be missing, so it cannot be named; the planner takes it where it is there.
            (months, "" if self.by_own_value else "inc_long"),
            (self.where(f"day_to >= %s AND day_to > {years}", after), "inc_longest"),
        ]

    def terms(self) -> Terms:
        """Tokens as a query of the word index."""
        return Terms(self.groups)

    def sql(self) -> str:
        """All conditions joined with AND, as SQL and parameters."""
        return " AND ".join(self.conditions) or "1 = 1"


def entries(model: type[Entry]) -> EntryQuery:
    """Unfiltered query of the entries of a model."""
    return EntryQuery(model)


def database() -> BaseDatabaseWrapper:
    """Return the connection of this thread itself: `django.db.connection` looks it up anew for each attribute."""
    return connections[DEFAULT_DB_ALIAS]


class _BytesLoader(Loader):
    """Returns text columns as UTF-8 bytes."""

    def load(self, data: Buffer) -> bytes:
        """Return the bytes."""
        return bytes(data)


def document_sql(connection: BaseDatabaseWrapper, table: str = "") -> str:
    """SQL of a revision's document as bytes, and of its format, as `shapes.current` needs them."""
    of = f"{table}." if table else ""
    document = f"CAST({of}document AS BLOB)" if connection.vendor == "sqlite" else f"{of}document"
    return f"{document}, {of}shape"


def shown_sql(connection: BaseDatabaseWrapper, table: str = "") -> str:
    """SQL of what `shapes.current` and `shown` need to make the document that readers get: three columns."""
    of = f"{table}." if table else ""
    return f"{document_sql(connection, table)}, {of}first_published_at"


def fetch(connection: BaseDatabaseWrapper, sql: str, params: Sequence[Any], *, prepared: bool = False) -> list[Any]:
    """Run a statement and return its rows, with columns of the type text (not of varchar) as bytes, as they are sent.

    As text they would be decoded and encoded again for nothing: with one letter beyond ASCII in each, that takes longer
    than to find them.

    With `prepared` PostgreSQL plans it once a connection instead of for each request, which takes it longer than the
    reading; for statements that have one good plan, whatever their parameters are, and whose text recurs.
    """
    with _cursor(connection, prepared=prepared) as cursor:
        if connection.vendor == "postgresql":
            cursor.cursor.adapters.register_loader("text", _BytesLoader)
        cursor.execute(sql, params)
        rows: list[Any] = cursor.fetchall()
    return rows


class _PlainCursor(SQLiteCursorWrapper):
    """Turns %s into ? as it stands; Django's looks at each character of long statements."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """Replace %s with ? for SQLite's own cursor."""
        return query.replace("%s", "?").replace("%%", "%")


def _cursor(connection: BaseDatabaseWrapper, *, prepared: bool) -> Any:
    """A cursor in Django's wrapper, which converts errors and counts queries."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        cursor = connection.connection.cursor(factory=_PlainCursor)
        return connection._prepare_cursor(cursor)  # type: ignore[attr-defined]  # of Django's own, unknown to its stubs
    if not prepared:
        return connection.cursor()
    # Django's own cursors write parameters into the text, so that no two statements are alike.
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))  # type: ignore[attr-defined, call-arg]  # of Django's own and of psycopg, unknown to the stubs
