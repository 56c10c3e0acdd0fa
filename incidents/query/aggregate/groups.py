"""From tallies to the groups of an answer: spread over units, on an axis, filled, in order, and kept by ledger head."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
from django.core.cache import cache

from incidents.query.aggregate import tally
from incidents.query.aggregate.region_codes import with_codes
from incidents.query.aggregate.tally import (
    COUNT,
    MAX_GROUPS,
    ORDERS,
    Group,
    Grouping,
    Numbers,
    Window,
    add,
)
from incidents.query.aggregate.units import Unit
from incidents.query.count import KEPT_SECONDS
from incidents.query.entries import EntryQuery
from incidents.query.moment import Moment


class Answer(NamedTuple):
    """Groups with incidents, totals of all matches, and the first and last unit of the axis."""

    groups: list[Group]
    total: Numbers
    axis: tuple[int, int] | None

    def units(self) -> range:
        """Range of unit numbers on the time axis."""
        return range(self.axis[0], self.axis[1] + 1) if self.axis else range(0)


def answer(query: EntryQuery, moment: Moment, grouping: Grouping, window: Window, key: str) -> Answer:
    """Return the answer of a query, made if it is not kept; raises InvalidParametersError for too many groups."""
    kept: bytes | None = cache.get(key)
    if kept is not None:
        groups, total, axis = orjson.loads(zlib.decompress(kept))
        return Answer([Group(at, tuple(values), numbers) for at, values, numbers in groups], total, axis)
    made = _make(query, moment, grouping, window)
    plain = [[tuple(group) for group in made.groups], made.total, made.axis]
    cache.set(key, zlib.compress(orjson.dumps(plain), 1), KEPT_SECONDS)
    return made


def _make(query: EntryQuery, moment: Moment, grouping: Grouping, window: Window) -> Answer:
    begun = with_codes(tally.tally(query, moment, grouping.in_columns, window), grouping, moment)
    total = tally.total(query, moment, grouping) if grouping.overlapping else _sum(grouping, begun)
    if grouping.unit is None:
        return Answer(begun, total, None)
    if grouping.spread != "every":
        return Answer(begun, total, _axis(grouping.unit, window, begun))
    ended = with_codes(tally.tally_ends(query, moment, grouping.in_columns, window), grouping, moment)
    axis = _axis(grouping.unit, window, [*begun, *ended])
    return Answer(_spread(grouping, begun, ended, axis), total, axis)


def _sum(grouping: Grouping, groups: list[Group]) -> Numbers:
    numbers = grouping.zeros
    for group in groups:
        numbers = add(numbers, group.numbers)
    return numbers


def _axis(unit: Unit, window: Window, groups: list[Group]) -> tuple[int, int] | None:
    seen = [group.at for group in groups if group.at is not None]
    first = unit.of(window.first) if window.first else min(seen, default=None)
    last = unit.of(window.last) if window.last else max(seen, default=None)
    return None if first is None or last is None or first > last else (first, last)


def _spread(grouping: Grouping, begun: list[Group], ended: list[Group], axis: tuple[int, int] | None) -> list[Group]:
    """Count each incident in all units from its start to its end."""
    changes: defaultdict[tuple[str, ...], defaultdict[int, Numbers]] = defaultdict(
        lambda: defaultdict(lambda: grouping.zeros)
    )
    unknown = [group for group in begun if group.at is None]
    for at, values, numbers in begun:
        if at is not None:
            changes[values][at] = add(changes[values][at], numbers)
    for at, values, numbers in ended:
        if at is not None:
            changes[values][at + 1] = add(changes[values][at + 1], (-number for number in numbers))
    if axis is None:
        return unknown
    runs = [run for values, by_unit in changes.items() for run in _runs(values, by_unit, axis[1], grouping.zeros)]
    number = sum(len(units) for units, _, _ in runs) + len(unknown)
    if number > MAX_GROUPS:
        raise tally.too_many(grouping, number)
    return [*(Group(at, values, numbers) for units, values, numbers in runs for at in units), *unknown]


def _runs(
    values: tuple[str, ...], changes: dict[int, Numbers], last: int, numbers: Numbers
) -> Iterator[tuple[range, tuple[str, ...], Numbers]]:
    """Yield the units side by side that have the same numbers, without those that have no incident."""
    units = sorted(changes)
    for at, following in zip(units, [*units[1:], last + 1], strict=True):
        numbers = add(numbers, changes[at])
        if numbers[COUNT]:
            yield range(at, min(following, last + 1)), values, numbers


def filled(made: Answer, grouping: Grouping) -> list[Group]:
    """Groups plus an empty one for each unit of the axis and each combination of values without one.

    Raises InvalidParametersError for too many.
    """
    known = {(group.at, group.values) for group in made.groups}
    combinations = dict.fromkeys(group.values for group in made.groups)
    if not grouping.dimensions:
        combinations = {(): None}
    units = made.units()
    if len(units) * len(combinations) > MAX_GROUPS:
        outside = sum(1 for group in made.groups if group.at not in units)
        raise tally.too_many(grouping, len(units) * len(combinations) + outside)
    empty = [Group(at, values, grouping.zeros) for at in units for values in combinations if (at, values) not in known]
    return [*made.groups, *empty]


def ordered(groups: list[Group], grouping: Grouping, by: list[str], ordering: str) -> list[Group]:
    """Groups in the requested order; unknown units and values last, ties by key."""
    before = by[: by.index(grouping.unit.name)] if grouping.unit else []
    at_time = len(grouping._replace(dimensions=tuple(before)).coded.dimensions) if grouping.unit else None

    def key(group: Group) -> list[tuple[bool, Any]]:
        parts: list[tuple[bool, Any]] = [(not value, value) for value in group.values]
        if at_time is not None:
            parts.insert(at_time, (group.at is None, group.at or 0))
        return parts

    name = ordering.removeprefix("-")
    backwards = ordering.startswith("-")
    number = ORDERS[name]
    if number is None:
        return sorted(groups, key=key, reverse=backwards)
    sign = -1 if backwards else 1
    reported = number + grouping.figures if number >= tally.SUMS else COUNT

    def rank(group: Group) -> tuple[bool, float, list[tuple[bool, Any]]]:
        told = group.numbers[reported] or not group.numbers[COUNT]
        return not told, sign * group.numbers[number], key(group)

    return sorted(groups, key=rank)
