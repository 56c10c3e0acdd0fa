"""Exact counts: a count belongs to a query at a moment, is made once, and kept."""

from __future__ import annotations

from django.core.cache import cache

from incidents.ledger.models import Head
from incidents.query.entries import EntryQuerySet, visible
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
    matching = queryset.resolved()
    if moment.is_now:
        count = visible(matching, moment, live=True).count()
        if Head.objects.values_list("seq", flat=True).get() == moment.head:
            return count  # nothing was published meanwhile
    return visible(matching, moment, live=False).count()
