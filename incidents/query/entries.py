"""Querysets of entries that carry what is not a plain condition: words and facets, a window of time, a box.

A filter adds to the plan; `incidents.query.reader` picks the way to carry it out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import F, Q, QuerySet

from incidents.ledger.models import LONG_DAYS, Entry
from incidents.ledger.search import Terms
from incidents.query.moment import Moment
from incidents.query.place import Box


@dataclass(frozen=True)
class Plan:
    """What a query asks beyond conditions on columns."""

    groups: tuple[tuple[str, ...], ...] = ()
    """Tokens: every group must be met by one of its tokens."""
    after: int | None = None
    """The interval must reach this day (an ordinal); with `LONG_DAYS` it bounds how far back short ones start."""
    box: Box | None = None
    nothing: bool = False


@dataclass(frozen=True)
class Order:
    """A total order: a column, then the id, both in one direction."""

    column: str
    descending: bool

    def reversed(self) -> Order:
        """Return the same order the other way round."""
        return replace(self, descending=not self.descending)


class EntryQuerySet(QuerySet[Any]):
    """Entries with a plan that survives cloning."""

    plan: Plan = Plan()

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.plan = self.plan
        return clone

    def planned(self, **changes: Any) -> Self:
        """Return the same queryset with additions to its plan."""
        clone = self._clone()
        clone.plan = replace(self.plan, **changes)
        return clone

    def with_any_token(self, *tokens: str) -> Self:
        """Ask for at least one of these tokens."""
        return self.planned(groups=(*self.plan.groups, tokens))

    def nothing(self) -> Self:
        """Ask for nothing at all: two conditions cannot both hold."""
        return self.planned(nothing=True)

    def terms(self) -> Terms:
        """Return the plan's tokens as a query of the word index."""
        return Terms(self.plan.groups)


def reaching(after: int) -> Q:
    """Return the condition of an interval that lasts until a day or beyond."""
    return Q(day_to__gte=after)


def short_reaching(after: int) -> Q:
    """Return the same for short intervals only, told by columns that the indexes carry, and bounded from below."""
    return Q(day_to__gte=after, day_from__gte=after - LONG_DAYS, day_to__lte=F("day_from") + LONG_DAYS)


def long_reaching(after: int) -> Q:
    """Return the same for long intervals only."""
    return Q(day_to__gte=after, long=True)


def visible(queryset: QuerySet[Any], moment: Moment, *, live: bool) -> QuerySet[Any]:
    """Return the entries that are valid at a moment; `live` uses the indexes of live rows, right at the head only."""
    if live:
        return queryset.filter(retired__isnull=True)
    return queryset.filter(Q(seq__lte=moment.at) & (Q(retired__isnull=True) | Q(retired__gt=moment.at)))


def entries(model: type[Entry]) -> EntryQuerySet:
    """Return all entries of a model."""
    return EntryQuerySet(model=model)
