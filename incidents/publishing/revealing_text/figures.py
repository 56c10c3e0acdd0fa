"""Finds dates in figures in a text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import regex

from incidents.publishing.revealing_text.findings import Finding

_YEAR_FIRST = regex.compile(r"(?<!\d)((?:1[89]|20)\d\d)\s?[-./–_年년]\s?(\d{1,2})\s?[-./–_月월]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = regex.compile(r"(?<![\d./-])(\d{1,2})\s?[-./–]\s?(\d{1,2})\s?[-./–]\s?((?:19|20)?\d\d)(?!\d|[.]\d)")
_TOGETHER = regex.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_ROMAN = regex.compile(r"(?<![\p{L}\d])(\d{1,2})[-./\s]{1,2}([IVX]{1,4})[-./\s]{1,2}((?:19|20)?\d\d)(?!\d)")
_NO_YEAR = regex.compile(r"(?<![\d.,/-])(\d{1,2})[-./](\d{1,2})(?![\d/-]|[.,]\d)")
_EAST_ASIAN = regex.compile(r"(?<!\d)(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号]")
_VIETNAMESE = regex.compile(r"(?i)(?<!\d)(\d{1,2})\stháng\s(\d{1,2})(?!\d)")
_STAMP = regex.compile(r"(?<!\d)(1\d{9})(?:\d{3})?(?!\d)")
_MONTH = regex.compile(
    r"(?<![\d./-])(?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d[-./](?:0[1-9]|1[0-2])(?!\d|[-./]\d)"
    r"|(?<!\d)(?:0?[1-9]|1[0-2])\s?[月월]|(?i:tháng\s(?:0?[1-9]|1[0-2])(?!\d))"
)
_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_ORDERED: tuple[tuple[regex.Pattern[str], int, int, int], ...] = (
    (_YEAR_FIRST, 1, 2, 3),
    (_TOGETHER, 1, 2, 3),
    (_EAST_ASIAN, 0, 1, 2),
    (_VIETNAMESE, 0, 2, 1),
)
"""Notations with the groups of year, month and day; 0 is a notation without a year."""


def dates_in_figures(text: str, days: Sequence[date], *, months: bool) -> Iterator[Finding]:
    """Dates in figures; those without a year only if they are the hidden day. With `months` also months."""
    yield from _ordered(text, days)
    for found in _YEAR_LAST.finditer(text):
        if orders := _orders(int(found[1]), int(found[2])):
            yield _finding(found, _hidden_among(days, orders, int(found[3])))
    for found in _ROMAN.finditer(text):
        if found[2] in _ROMAN_MONTHS and _is_day(int(found[1]), 1):
            month = _ROMAN_MONTHS.index(found[2]) + 1
            yield _finding(found, hidden_day(days, int(found[1]), {month}, int(found[3])))
    yield from _hints(text, days)
    if months:
        yield from (Finding(*each.span(), "day", each[0], "", "names a month") for each in _MONTH.finditer(text))


def _ordered(text: str, days: Sequence[date]) -> Iterator[Finding]:
    for pattern, year, month, day in _ORDERED:
        for found in pattern.finditer(text):
            if _is_day(int(found[day]), int(found[month])):
                known = int(found[year]) if year else None
                yield _finding(found, hidden_day(days, int(found[day]), {int(found[month])}, known))


def hidden_day(days: Sequence[date], day: int, months: Collection[int], year: int | None = None) -> str:
    """The hidden day that a day and a month are, as ISO 8601; "" if they are none. A year may have two digits."""
    if not days:
        return ""
    first, last = min(days), max(days)
    for number in range(min((last - first).days, 366) + 1):
        each = first + timedelta(days=number)
        if each.day == day and each.month in months and year in (None, each.year, each.year % 100):
            return each.isoformat()
    return ""


def _hints(text: str, days: Sequence[date]) -> Iterator[Finding]:
    """Figures that mean a day only if it is the hidden one: day and month, and seconds since 1970."""
    for found in _NO_YEAR.finditer(text):
        if hidden := _hidden_among(days, _orders(int(found[1]), int(found[2]))):
            yield Finding(*found.span(), "day", found[0], hidden, "may be the hidden day", possible=True)
    for found in _STAMP.finditer(text):
        moment = datetime.fromtimestamp(int(found[1]), UTC).date()
        if any(abs((moment - day).days) <= 1 for day in days):
            yield Finding(*found.span(), "day", found[0], moment.isoformat(), "may be a moment of the hidden day", True)


def _is_day(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _orders(one: int, other: int) -> list[tuple[int, int]]:
    """Day and month in the orders in which two figures can be read."""
    return [(day, month) for day, month in ((one, other), (other, one)) if _is_day(day, month)]


def _hidden_among(days: Sequence[date], orders: Sequence[tuple[int, int]], year: int | None = None) -> str:
    return next((each for day, month in orders if (each := hidden_day(days, day, {month}, year))), "")


def _finding(found: regex.Match[str], hidden: str) -> Finding:
    return Finding(*found.span(), "day", found[0], hidden, "is the hidden day" if hidden else "names a day")
