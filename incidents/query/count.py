"""Exact counts: a count belongs to a query at a moment, is made once, and kept."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from incidents.ledger.models import Head
from incidents.ledger.search import Matches
from incidents.query.entries import EntryQuerySet, long_reaching, short_reaching, visible
from incidents.query.moment import Moment

KEPT_SECONDS = 86_400


def known_count(key: str) -> int | None:
    """Return a count that was made before, if it is still kept."""
    count: int | None = cache.get(key)
    return count


def exact_count(queryset: EntryQuerySet, moment: Moment, key: str) -> int:
    """Return the number of matches at a moment, counting if it is not kept."""
    known = known_count(key)
    if known is not None:
        return known
    count = 0 if moment.at == 0 or queryset.plan.nothing else _count(queryset, moment)
    cache.set(key, count, KEPT_SECONDS)
    return count


def _count(queryset: EntryQuerySet, moment: Moment) -> int:
    if moment.is_now:
        count = sum(part.count() for part in _parts(queryset, moment, live=True))
        if Head.objects.values_list("seq", flat=True).get() == moment.head:
            return count  # nothing was published meanwhile
    return sum(part.count() for part in _parts(queryset, moment, live=False))


def _parts(queryset: EntryQuerySet, moment: Moment, *, live: bool) -> list[QuerySet[Any]]:
    """Return querysets that share no row and together are the matches: a window's short incidents and long ones."""
    plan = queryset.plan
    rows = visible(queryset, moment, live=live)
    if plan.groups:
        rows = rows.filter(Matches(queryset.model, queryset.terms()))
    if plan.box:
        rows = rows.filter(plan.box.condition())
    if plan.after is None:
        return [rows]
    return [rows.filter(short_reaching(plan.after)), rows.filter(long_reaching(plan.after))]
