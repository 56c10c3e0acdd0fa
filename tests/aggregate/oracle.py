"""Groups and sums once more, in plain Python over whole documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any

from incidents.schema.fields import FIRST_SHAPE
from incidents.schema.incident import INCIDENT
from incidents.schema.kinds import Leaf

Document = dict[str, Any]

LABELS: dict[str, Callable[[date], str]] = {
    "day": date.isoformat,
    "week": lambda day: f"{day.isocalendar().year:04}-W{day.isocalendar().week:02}",
    "month": lambda day: day.isoformat()[:7],
    "quarter": lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}",
    "year": lambda day: day.isoformat()[:4],
}
FIGURES = [(what, which) for what in ("killed", "injured") for which in ("low", "best", "high")]


def parties(document: Document) -> set[str]:
    told = [report[part]["id"] for report in document["reports"] for part in ("source", "relays") if report[part]]
    return {*told, *(claim["source"] for claim in document["claims"])}


LATER = {leaf.field.grouped: leaf for leaf in INCIDENT.leaves if leaf.field.grouped and leaf.field.since > FIRST_SHAPE}
"""Fields that came after the first shape, by their names in `by`."""


def _value(document: Document, leaf: Leaf) -> set[str | None]:
    return {leaf.of(document)}


VALUES: dict[str, Callable[[Document], set[str | None]]] = {
    "country": lambda it: {it["location"]["country"]},
    "admin1": lambda it: {it["location"]["admin1"]},
    "admin2": lambda it: {it["location"]["admin2"]},
    "location": lambda it: {it["location"]["id"]},
    "event_type": lambda it: {it["event_type"]},
    "event_subtype": lambda it: {it["event_subtype"]},
    "dataset": lambda it: {it["dataset"]},
    **{name: partial(_value, leaf=leaf) for name, leaf in LATER.items()},
    "actor": lambda it: {actor["id"] for actor in it["actors"]} or {None},
    "source": lambda it: set(parties(it)) or {None},
}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def labels(unit: str, first: date, last: date) -> list[str]:
    """Return all units from one day to another."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return list(dict.fromkeys(LABELS[unit](each) for each in days))


def units_of(document: Document, unit: str, spread: str, axis: tuple[date, date] | None) -> list[str | None]:
    """Return the units in which an incident counts."""
    start, end = day(document["date"]["start"]), day(document["date"]["end"])
    if start is None:
        return [None]
    label = LABELS[unit]
    if spread == "start":
        return [label(start)]
    if spread == "within":
        return [label(start) if end and label(start) == label(end) else None]
    assert axis
    return [*labels(unit, max(start, axis[0]), min(end or date.max, axis[1]))]


def numbers(documents: list[Document], unit: str | None) -> dict[str, Any]:
    """Return the measures of a group."""
    found: dict[str, Any] = {"count": len(documents)}
    if unit:
        found["spanning"] = sum(units_of(each, unit, "within", None) == [None] for each in documents) - sum(
            each["date"]["start"] is None for each in documents
        )
    for what in ("killed", "injured"):
        found[what] = {"reported": {}}
        for which in ("low", "best", "high"):
            told = [each["casualties"][what][which] for each in documents]
            known = [value for value in told if value is not None]
            found[what][which] = sum(known) if known or not documents else None
            found[what]["reported"][which] = len(known)
    return found


def axis_of(documents: list[Document], unit: str, spread: str, params: dict[str, str]) -> tuple[date, date] | None:
    """Return the first and the last day that the axis must hold."""
    after, before = day(params.get("date_after")), day(params.get("date_before"))
    days = []
    for each in documents:
        start, end = day(each["date"]["start"]), day(each["date"]["end"])
        if start and (spread != "within" or units_of(each, unit, spread, None) != [None]):
            start = max(start, after or start) if spread == "every" else start
            days += [start, end] if spread == "every" and end else [start]
    first, last = after or min(days, default=None), before or max(days, default=None)
    return (first, last) if first and last and first <= last else None


def groups(documents: list[Document], by: list[str], spread: str, params: dict[str, str]) -> dict[Any, dict[str, Any]]:
    """Return key → measures, of all groups that hold an incident."""
    unit = next((name for name in by if name in LABELS), None)
    axis = axis_of(documents, unit, spread, params) if unit else None
    found: defaultdict[Any, list[Document]] = defaultdict(list)
    for each in documents:
        for key in _keys(each, by, spread, axis):
            found[key].append(each)
    return {key: numbers(members, unit) for key, members in found.items()}


def _keys(document: Document, by: list[str], spread: str, axis: tuple[date, date] | None) -> Iterator[Any]:
    parts: list[Any] = [
        units_of(document, name, spread, axis) if name in LABELS else VALUES[name](document) for name in by
    ]
    return product(*parts)
