"""Finds dates in figures in a text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import regex

from incidents.publishing.revealing_text.calendar_words import short_months
from incidents.publishing.revealing_text.findings import Finding

_YEAR_FIRST = regex.compile(r"(?<!\d)((?:1[89]|20)\d\d)\s?[-./–_年년]\s?(\d{1,2})\s?[-./–_月월]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = regex.compile(r"(?<![\d./-])(\d{1,2})\s?[-./–]\s?(\d{1,2})\s?[-./–]\s?((?:19|20)?\d\d)(?!\d|[.]\d)")
_TOGETHER = regex.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_ROMAN = regex.compile(r"(?<![\p{L}\d])(\d{1,2})[-./\s]{1,2}([IVX]{1,4})[-./\s]{1,2}((?:19|20)?\d\d)(?!\d)")
_ROMAN_BESIDE = regex.compile(
    r"(?<![\p{L}\d./-])(?:(?P<day>\d{1,2})[-./\s](?P<month>[IVX]{1,4})|(?P<month>[IVX]{1,4})/(?P<day>\d{1,2}))(?![\p{L}\d/-])"
)
_WEEK = regex.compile(
    r"(?<![\p{L}\d])(?:(?P<year>(?:19|20)\d\d)-?)?W(?P<week>[0-5]\d)(?:-?(?P<day>[1-7]))?(?![\p{L}\d])"
)
_DAY_OF_YEAR = regex.compile(r"(?<![\d./-])(?P<year>(?:19|20)\d\d)[-/.]?(?P<day>[0-3]\d\d)(?![\d./-])")
_JULIAN = regex.compile(
    r"(?<![\d.,])(?P<certain>(?:M?JD|Julian\s(?:day|date))\s?:?\s?)?(?P<number>2[34]\d{5}|[345]\d{4})(?:\.\d{1,6})?(?!\d|,\d)"
)
_COMPACT = regex.compile(r"(?<!\d)(\d\d)(\d\d)(\d\d)(?!\d)")
_MILITARY = regex.compile(
    r"(?i)(?<![\p{L}\d])(?P<day>[0-3]?\d)(?:[0-2]\d[0-5]\d[A-Z])?\s?(?P<month>[A-Z]{3})\s?(?P<year>(?:20)?\d\d)(?![\p{L}\d])"
)
_NO_YEAR = regex.compile(r"(?<![\d.,/-])(\d{1,2})[-./](\d{1,2})(?![\d/-]|[.,]\d)")
_EAST_ASIAN = regex.compile(r"(?<!\d)(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号]")
_VIETNAMESE = regex.compile(r"(?i)(?<!\d)(\d{1,2})\stháng\s(\d{1,2})(?!\d)")
_STAMP = regex.compile(r"(?<!\d)(1\d{9})(?:\d{3})?(?!\d)")
_MONTH = regex.compile(
    r"(?<![\d./-])(?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d[-./](?:0[1-9]|1[0-2])(?!\d|[-./]\d)"
    r"|(?<![\p{L}\d])(?:XII|XI|IX|IV|VI{0,3}|X|I{1,3})[\s./-](?:19|20)\d\d(?!\d)|(?<![\d./-])(?:0?[1-9]|1[0-2])/\d\d(?![\d/])"
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
    yield from _counted(text, days)
    for found in _MILITARY.finditer(text):
        named = short_months().get(found["month"].lower())
        if named and _is_day(int(found["day"]), named):
            yield _finding(found, hidden_day(days, int(found["day"]), {named}, int(found["year"])))
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
    for each in _each(days):
        if each.day == day and each.month in months and year in (None, each.year, each.year % 100):
            return each.isoformat()
    return ""


def _hints(text: str, days: Sequence[date]) -> Iterator[Finding]:
    """Figures that mean a day only if it is the hidden one: day and month, and seconds since 1970."""
    for found in _NO_YEAR.finditer(text):
        if hidden := _hidden_among(days, _orders(int(found[1]), int(found[2]))):
            yield Finding(*found.span(), "day", found[0], hidden, "may be the hidden day", possible=True)
    for found in _ROMAN_BESIDE.finditer(text):
        month = _ROMAN_MONTHS.index(found["month"]) + 1 if found["month"] in _ROMAN_MONTHS else 0
        if hidden := hidden_day(days, int(found["day"]), {month}):
            yield Finding(*found.span(), "day", found[0], hidden, "may be the hidden day", possible=True)
    for found in _STAMP.finditer(text):
        moment = datetime.fromtimestamp(int(found[1]), UTC).date()
        if any(abs((moment - day).days) <= 1 for day in days):
            yield Finding(*found.span(), "day", found[0], moment.isoformat(), "may be a moment of the hidden day", True)


def _counted(text: str, days: Sequence[date]) -> Iterator[Finding]:
    """Weeks, days of a year, days of the astronomers, and six figures that are the hidden day in any order."""
    for found in _WEEK.finditer(text):
        yield Finding(
            *found.span(), "day", found[0], "", "is a week or a day of the calendar of weeks", not found["year"]
        )
    hidden = list(_each(days))
    for found in _DAY_OF_YEAR.finditer(text):
        at = int(found["year"]), int(found["day"])
        if meant := [each for each in hidden if at == (each.year, each.timetuple().tm_yday)]:
            yield _possible(found, meant, "may be the hidden day, counted from the new year")
    for found in _JULIAN.finditer(text):
        meant = [each for each in hidden if abs(int(found["number"]) - _julian(each, found["number"])) <= 1]
        if meant or found["certain"]:
            yield _possible(found, meant, "may be a Julian day")
    for found in _COMPACT.finditer(text):
        orders = (found.groups(), found.groups()[::-1])
        if meant := [each for each in hidden if tuple(f"{each:%y %m %d}".split()) in orders]:
            yield _possible(found, meant, "may be the hidden day")


def _possible(found: regex.Match[str], meant: Sequence[date], why: str) -> Finding:
    hidden = meant[0].isoformat() if meant else ""
    return Finding(*found.span(), "day", found[0], hidden, why, possible=True)


def _each(days: Sequence[date]) -> Iterator[date]:
    """All hidden days, at most those of a year."""
    if days:
        first, last = min(days), max(days)
        yield from (first + timedelta(days=number) for number in range(min((last - first).days, 366) + 1))


def _julian(day: date, like: str) -> int:
    """Julian day of noon, or the modified one for a number of five figures."""
    return day.toordinal() + (1_721_425 if len(like) == 7 else -678_576)


def _is_day(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _orders(one: int, other: int) -> list[tuple[int, int]]:
    """Day and month in the orders in which two figures can be read."""
    return [(day, month) for day, month in ((one, other), (other, one)) if _is_day(day, month)]


def _hidden_among(days: Sequence[date], orders: Sequence[tuple[int, int]], year: int | None = None) -> str:
    return next((each for day, month in orders if (each := hidden_day(days, day, {month}, year))), "")


def _finding(found: regex.Match[str], hidden: str) -> Finding:
    return Finding(*found.span(), "day", found[0], hidden, "is the hidden day" if hidden else "names a day")
