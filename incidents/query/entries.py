"""A query of entries: conditions on columns, and a plan for what needs more than a condition.

Filters add to it; `incidents.query.reader` and `incidents.query.count` carry it out. It is not a Django queryset,
because building one costs more than running it: ten conditions take a millisecond. Conditions are text of ours with
placeholders; what readers send is only ever a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from incidents.ledger.grid import Cover
from incidents.ledger.models import KIND_OF_ENTRY, LONG_DAYS, YEARS_DAYS, Entry
from incidents.ledger.search import Terms
from incidents.query.geography import Box

Condition = tuple[str, tuple[Any, ...]]
"""SQL with %s for each parameter, and the parameters."""


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: a column, then the id, both in one direction."""

    column: str
    descending: bool

    def reversed(self) -> Order:
        """The same sort order with the opposite direction."""
        return replace(self, descending=not self.descending)


@dataclass(frozen=True)
class EntryQuery:
    """What is asked of the entries of one model; every method returns another query."""

    model: type[Entry]
    conditions: tuple[str, ...] = ()
    params: tuple[Any, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    """Tokens of the word index: every group must be met by one of its tokens."""
    after: int | None = None
    """The interval must reach this day (an ordinal)."""
    before: int | None = None
    """The interval begins by this day, which is a condition too."""
    box: Box | None = None
    index: str = ""
    """The one that SQLite is told to take: of ids it would look for each on every day, once it has statistics."""
    rare: tuple[str, str, tuple[Any, ...]] | None = None
    """An index, and the condition on its column, that may leave few entries however long the order is walked."""

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
        """Ask for a condition on columns of the entry."""
        return self._but(conditions=(*self.conditions, condition), params=(*self.params, *params))

    def with_any_token(self, *tokens: str) -> EntryQuery:
        """Ask for at least one of these tokens."""
        return self._but(groups=(*self.groups, tokens))

    def reaching(self, day: int) -> EntryQuery:
        """Ask for intervals that last until a day (an ordinal) or beyond."""
        return self._but(after=day)

    def starting_by(self, day: int) -> EntryQuery:
        """Ask for intervals that begin on a day (an ordinal) or earlier."""
        return self.where("day_from <= %s", day)._but(before=day)

    def perhaps_rare(self, index: str, condition: str, *params: Any) -> EntryQuery:
        """Ask for a condition that an index of its own answers; the reader looks whether that leaves few."""
        query = self.where(condition, *params)
        return query if query.rare else query._but(rare=(index, condition, params))

    def by_index(self, index: str) -> EntryQuery:
        """Ask for an index, which has to begin with a column that a condition names values of."""
        return self._but(index=index)

    def hint(self, vendor: str) -> str:
        """INDEXED BY clause for the chosen index; empty if there is none or the database has no hints."""
        return f" INDEXED BY {self.index}" if self.index and vendor == "sqlite" else ""

    def inside(self, box: Box) -> EntryQuery:
        """Ask for points in a box or circle."""
        return self._but(box=box)

    def live(self) -> EntryQuery:
        """Ask for what is valid at the head; the indexes hold live rows apart."""
        return self.where("retired IS NULL")

    def valid_at(self, at: int) -> EntryQuery:
        """Ask for what was valid after a publication."""
        return self.where("seq <= %s AND (retired IS NULL OR retired > %s)", at, at)

    def cover(self) -> Cover | None:
        """Grid cells that cover the box; None without a box, or for kinds without a grid."""
        return self.box.cover if self.box is not None and self.model.gridded else None

    def matching_box(self) -> EntryQuery:
        """A copy with the box as a condition on latitude and longitude."""
        if self.box is None:
            return self
        condition, params = self.box.condition()
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
            (months, "inc_long"),
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
