"""The ways in which days are written, and which of them a column has."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from incidents.loading.dates.readings import plain_digits
from incidents.loading.dates.words import WordsReader, is_approximate

CELLS = tomllib.loads(Path(__file__).with_name("cells.toml").read_text(encoding="utf-8"))
FORMATS: tuple[str, ...] = tuple(CELLS["day_formats"])
SWAPPED = {form: form.replace("%d", "%x").replace("%m", "%d").replace("%x", "%m") for form in FORMATS}
_EIGHT = re.compile(r"(1[89]|20|21)\d{6}")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[A-Za-z]+")
_EXAMPLE = datetime(2014, 1, 22, 13, 5, 7, 123, tzinfo=UTC)


def _shape(text: str) -> str:
    return _LETTERS.sub("A", _DIGITS.sub("9", text)).replace("+", "-")


_BY_SHAPE: dict[str, list[str]] = {}
for _form in FORMATS:
    _BY_SHAPE.setdefault(_shape(_EXAMPLE.strftime(_form)), []).append(_form)
    if _form.endswith("%z"):  # 02:00 and Z beside 0200
        for _zone in ("+02:00", "Z"):
            _BY_SHAPE.setdefault(_shape(_EXAMPLE.strftime(_form.removesuffix("%z")) + _zone), []).append(_form)


def formats_of(text: str) -> tuple[str, ...]:
    """Return the formats by which a text is a day."""
    if len(text) > 40:
        return ()
    text = plain_digits(text)
    if text.isdigit() and not _EIGHT.fullmatch(text):
        return ()
    found = []
    for form in _BY_SHAPE.get(_shape(text), ()):
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 - whether it can be read is all that matters
        except ValueError:
            continue
        found.append(form)
    return tuple(found)


def is_in_words(text: str) -> bool:
    """Tell whether a text is a date in words, or a month or a week in digits."""
    if len(text) > 40 or text.isdigit() or not _DIGITS.search(text):
        return False
    try:
        _WORDS.read(text)
    except ValueError:
        return False
    return True


def is_rough(text: str) -> bool:
    """Tell whether a text is a date that is known about only."""
    return len(text) <= 40 and _DIGITS.search(text) is not None and is_approximate(text)


_WORDS = WordsReader()
SERIALS = (20_000, 60_000)
"""Numbers that may be days as spreadsheets count them: 1954 to 2064."""


class FormatsOfColumn:
    """Counts the formats by which the texts of a column are days; one text may be a day by several."""

    def __init__(self) -> None:
        self._sets: Counter[tuple[str, ...]] = Counter()

    def add(self, formats: tuple[str, ...]) -> None:
        """Take up the formats of one text."""
        self._sets[formats] += 1

    @property
    def fitting(self) -> list[str]:
        """The fewest formats that fit most texts; of two with day and month swapped only one."""
        return self._cover()[0]

    @property
    def left(self) -> list[str]:
        """Formats of the texts that the fitting ones do not read: day and month are swapped in them."""
        return sorted({form for some in self._cover()[1] for form in some})

    @property
    def rivals(self) -> list[str]:
        """Formats that fit as well as the fitting ones, with day and month swapped."""
        return [
            SWAPPED[form]
            for form in self.fitting
            if SWAPPED[form] != form and all(SWAPPED[form] in some for some in self._sets if form in some)
        ]

    def _cover(self) -> tuple[list[str], Counter[tuple[str, ...]]]:
        left, taken = self._sets, list[str]()
        while left:
            counts: Counter[str] = Counter()
            for some, number in left.items():
                counts.update(dict.fromkeys((form for form in some if SWAPPED[form] not in taken), number))
            if not counts:
                break
            best = max(counts, key=lambda form: (counts[form], -FORMATS.index(form)))
            taken.append(best)
            left = Counter({some: number for some, number in left.items() if best not in some})
        return taken, left
