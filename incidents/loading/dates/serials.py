"""Days as spreadsheets count them: 45293 is 2024-01-02, and the fraction of a number is the time of day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from incidents.loading.dates.readings import DateReading, clock

ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
FIRST, LAST = 61, 2_958_465
"""1900-03-01, before which spreadsheets count a day that never was, and 9999-12-31."""

_NUMBER = re.compile(r"[0-9]{2,7}(?:\.[0-9]+)?")


class SerialReader:
    """Reads days that a spreadsheet wrote as numbers, counted from 1900 as all but very old files for Mac do."""

    has_day = True
    example = "41661 (2014-01-22 as a spreadsheet counts)"

    def read(self, text: str) -> DateReading:
        """Return the day that a number means; raises ValueError."""
        if not _NUMBER.fullmatch(text) or not FIRST <= (number := float(text)) < LAST + 1:
            raise ValueError
        moment = ORIGIN + timedelta(seconds=round(number * 86_400))
        day = moment.date()
        if number.is_integer():
            return DateReading(day, day)
        return DateReading(day, day, time=clock(moment.hour, moment.minute, moment.second))

    def reason(self, error: ValueError) -> str:
        """Return what a message has to say besides the example: nothing."""
        return ""
