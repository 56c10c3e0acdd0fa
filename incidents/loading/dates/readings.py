"""A date as a file writes it: the days that it can mean, the time of day, and what has no field of its own."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

LONGEST = (("day", 1), ("days", 6), ("week", 7), ("month", 31), ("year", 366))
"""The precision of an interval by its length in days, where the file gives no precision."""

_YEAR_WORD = re.compile(r"(?<=[0-9])\s*(?:г|р|года|року)\.?$")
EXAMPLE = datetime(2014, 1, 22, tzinfo=UTC)
"""The moment by which messages show a format."""


class DateReading(NamedTuple):
    """The first and the last day that a text can mean.

    `time` is a time of day as HH:MM or HH:MM:SS, "" if none is told; midnight is none, since days are written so.
    `zone` is its zone by its IANA name, `offset` how far it is from UTC where no zone has that offset. `words` is the
    text, where it says more than the days. `is_short` tells that the year had two digits.
    """

    start: date
    end: date
    time: str = ""
    zone: str = ""
    offset: str = ""
    words: str = ""
    is_midnight: bool = False
    is_short: bool = False

    @property
    def precision(self) -> str:
        """A code of `date_precision`."""
        return precision_of(self.start, self.end)


def ascii_digits(text: str) -> str:
    """Return a text with the digits of any script as those of ASCII."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def plain_digits(text: str) -> str:
    """Return a date in digits without the words for year that stand at its end in Cyrillic: `05.05.2018 г.`."""
    return text if text.isascii() else _YEAR_WORD.sub("", ascii_digits(text))


def precision_of(start: date | None, end: date | None) -> str:
    """Return the precision that the length of an interval amounts to."""
    if start is None or end is None:
        return "unknown"
    days = (end - start).days + 1
    return next((precision for precision, longest in LONGEST if days <= longest), "unknown")


def latest_today() -> date:
    """Return today where it is latest on earth: no later day can be past."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def year_of(digits: int, first: int | None) -> int:
    """Return the year that two digits mean: of the hundred from `first` on, or of those that end with this one."""
    begin = latest_today().year - 99 if first is None else first
    return begin + (digits - begin) % 100


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def clock(hour: int, minute: int, second: int = 0) -> str:
    """Return a time of day as documents have it, seconds only where there are some; raises ValueError."""
    return datetime(2000, 1, 1, hour, minute, second, tzinfo=UTC).strftime("%H:%M:%S" if second else "%H:%M")


def zone_of(offset: timedelta | None) -> tuple[str, str]:
    """Return the IANA name of the zone that is always this far from UTC, and the offset where there is none."""
    if offset is None:
        return "", ""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC", ""
    if rest or not -12 <= minutes / 60 <= 14:
        return "", f"{'+' if minutes > 0 else '-'}{hours:02}:{rest:02}"
    return f"Etc/GMT{'-' if minutes > 0 else '+'}{hours}", ""  # the sign is turned round in these names
