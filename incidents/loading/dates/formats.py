"""Dates in formats of strptime: what a format leaves open, the text leaves open."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from incidents.loading.dates.readings import (
    EXAMPLE,
    DateReading,
    clock,
    latest_today,
    month_end,
    plain_digits,
    year_of,
    zone_of,
)

ISO = "%Y-%m-%d"
_DIRECTIVE = re.compile(r"%(.)")
_YEAR, _MONTH, _DAY, _HOUR = frozenset("YyGcx"), frozenset("mbBcx"), frozenset("djcx"), frozenset("HIcX")
_WEEKDAY = frozenset("uwaA")


class FormatError(ValueError):
    """A format cannot be used; the message says why."""


class FormatReader:
    """Reads dates in one format. Raises FormatError for one that is none, or tells no year."""

    def __init__(self, form: str, first_short: int | None = None) -> None:
        self._form, self._first_short = form, first_short
        told = frozenset(_DIRECTIVE.findall(form))
        self.example = _checked(form, told)
        self.has_day = bool(told & _DAY) or bool(told & frozenset("UWV") and told & _WEEKDAY)
        self._has_month, self._has_time = bool(told & _MONTH), bool(told & _HOUR)
        self._is_short, self._is_iso = bool(told & frozenset("yx")), form == ISO
        self._is_utc = form.endswith("Z") and not form.endswith("%Z")

    def read(self, text: str) -> DateReading:
        """Return the days that a text means; raises ValueError."""
        if self._is_iso and len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
            day = date.fromisoformat(text)  # many times faster, and nothing else it can be
            return DateReading(day, day)
        moment = datetime.strptime(plain_digits(text), self._form)  # noqa: DTZ007 - the zone, if any, is kept apart
        start = moment.date()
        if self._is_short:
            start = self._in_century(start)
        reading = DateReading(start, self._end(start), is_short=self._is_short)
        return self._with_time(reading, moment) if self._has_time else reading

    def _in_century(self, day: date) -> date:
        day = day.replace(year=year_of(day.year % 100, self._first_short))
        return day.replace(year=day.year - 100) if day > latest_today() else day

    def _end(self, start: date) -> date:
        if self.has_day:
            return start
        return month_end(start.year, start.month if self._has_month else 12)

    def _with_time(self, reading: DateReading, moment: datetime) -> DateReading:
        if not (moment.hour or moment.minute or moment.second):
            return reading._replace(is_midnight=True)
        zone, offset = zone_of(timedelta() if self._is_utc else moment.utcoffset())
        return reading._replace(time=clock(moment.hour, moment.minute, moment.second), zone=zone, offset=offset)


def _checked(form: str, told: frozenset[str]) -> str:
    """Return an example of a format; raises FormatError."""
    if not told & _YEAR:
        raise FormatError(f"{form!r} has no year (%Y or %y)")
    if told & frozenset("d") and not told & _MONTH:
        raise FormatError(f"{form!r} has a day and no month")
    example = EXAMPLE.strftime(form)
    try:
        datetime.strptime(example, form)  # noqa: DTZ007 - whether it can be read is all that matters
    except ValueError as error:
        raise FormatError(f"{form!r} is no format of strptime: {error}") from None
    return example
