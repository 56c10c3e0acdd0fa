"""Reads dates in whichever of several formats they have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from incidents.loading.dates.digits import UnreadableError
from incidents.loading.dates.formats import FormatReader
from incidents.loading.dates.readings import DateReading, clock
from incidents.loading.dates.words import WordsReader

WORDS = "words"
"""Among the formats of a profile: dates in words, such as `Apr. 2022`, and those of ISO 8601 and EDTF."""

EXCEL = "excel"
"""Among the formats of a profile: days as spreadsheets count them, 45293 for 2024-01-02."""

_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
_FIRST, _LAST = 61, 2_958_465
"""1900-03-01, before which spreadsheets count a day that never was, and 9999-12-31."""

_SERIAL = re.compile(r"[0-9]{2,7}(?:\.[0-9]+)?")


class DateReader:
    """Reads dates in formats of strptime, in words, or as spreadsheets count them.

    `first_short` is the first of the hundred years that two digits can mean; without it they end with this year. A
    date with two digits is never in the future. In the south, `southern`, summer is from December to February.
    """

    def __init__(self, formats: Sequence[str], first_short: int | None = None, *, southern: bool = False) -> None:
        self._readers = [
            WordsReader(first_short, southern=southern)
            if form == WORDS
            else SerialReader()
            if form == EXCEL
            else FormatReader(form, first_short)
            for form in formats
        ]
        self.can_be_longer = any(not each.has_day for each in self._readers)
        """Whether a text can mean more than a day."""
        self.expected = f"a date such as {', '.join(each.example for each in self._readers)}"

    def read(self, text: str) -> DateReading:
        """Return what a text means in the first format that it has; raises ValueError with what would be right."""
        why = ""
        for reader in self._readers:
            try:
                return reader.read(text)
            except ValueError as error:
                why = why or (f"; {error}" if isinstance(error, UnreadableError) else "")
        raise ValueError(f"{self.expected}{why}")


class SerialReader:
    """Reads days that a spreadsheet wrote as numbers, counted from 1900 as all but very old files for Mac do.

    The fraction of a number is the time of day.
    """

    has_day = True
    example = "41661 (2014-01-22 as a spreadsheet counts)"

    def read(self, text: str) -> DateReading:
        """Return the day that a number means; raises ValueError."""
        if not _SERIAL.fullmatch(text) or not _FIRST <= (number := float(text)) < _LAST + 1:
            raise ValueError
        moment = _ORIGIN + timedelta(seconds=round(number * 86_400))
        day = moment.date()
        if number.is_integer():
            return DateReading(day, day)
        return DateReading(day, day, time=clock(moment.hour, moment.minute, moment.second))
