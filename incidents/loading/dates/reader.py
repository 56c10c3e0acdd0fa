"""Reads dates in whichever of several formats they have."""

from __future__ import annotations

from collections.abc import Sequence

from incidents.loading.dates.formats import FormatReader
from incidents.loading.dates.readings import DateReading
from incidents.loading.dates.serials import SerialReader
from incidents.loading.dates.words import WordsReader

WORDS = "words"
"""Among the formats of a profile: dates in words, such as `Apr. 2022`, and those of ISO 8601 and EDTF."""


EXCEL = "excel"
"""Among the formats of a profile: days as spreadsheets count them, 45293 for 2024-01-02."""


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
                why = why or reader.reason(error)
        raise ValueError(f"{self.expected}{why}")
