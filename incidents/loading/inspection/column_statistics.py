"""What one column holds, gathered in one pass and little memory; and the ways in which its days are written."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

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


def formats_of(text: str) -> tuple[str, ...]:
    """Return the formats by which a text is a day."""
    if len(text) > 40 or (text.isdigit() and not _EIGHT.fullmatch(text)):
        return ()
    found = []
    for form in _BY_SHAPE.get(_shape(text), ()):
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 - whether it can be read is all that matters
        except ValueError:
            continue
        found.append(form)
    return tuple(found)


def fitting_formats(counts: Counter[str]) -> list[str]:
    """Return the formats that fit some values, of two with day and month swapped the one that fits more."""
    taken: list[str] = []
    for form, _ in counts.most_common():
        if SWAPPED[form] == form or SWAPPED[form] not in taken:
            taken.append(form)
    return taken


def chosen_formats(counts: Counter[str], values: int) -> tuple[list[str], list[str]]:
    """Return the fewest formats that fit all values, and those that fit as well with day and month swapped.

    Empty, if some value is no day in any of them.
    """
    left, taken = values, list[str]()
    for form, number in counts.most_common():
        if left <= 0:
            break
        if any(SWAPPED[form] == each for each in taken):
            continue
        taken.append(form)
        left -= number
    if left > 0 or not taken:
        return [], []
    rivals = [SWAPPED[form] for form in taken if SWAPPED[form] != form and counts[SWAPPED[form]] == counts[form]]
    return taken, rivals


MARKERS = frozenset(CELLS["markers"])
"""Texts that say nothing in most files."""

NUMBERS_FOR_NOTHING = tuple(sorted(CELLS["numbers_for_nothing"]))
KEPT = 500
"""Different values that are counted; a column with more is no vocabulary."""

REMEMBERED = 5_000
VOCABULARY = 40
SAMPLES = 3
SEPARATORS = (";", "|", ", ")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}(\.0+)?")
_POINT = re.compile(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][+-]?[0-9]+")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_LINK = re.compile(r"https?://\S+([;|,]\s*https?://\S+)*")
_PAIR = re.compile(r"[+-]?[0-9]{1,2}\.[0-9]+\s*[,;]\s*[+-]?[0-9]{1,3}\.[0-9]+")
"""A latitude and a longitude in one cell."""


class Sort(NamedTuple):
    """What a text can be."""

    name: str
    value: float | None
    formats: tuple[str, ...]


class ColumnFacts:
    """Takes the texts of a column; then tells its type and what else is worth knowing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.filled = self.empty = self.characters = self.longest = self.breaks = 0
        self.sorts: Counter[str] = Counter()
        self.formats: Counter[str] = Counter()
        self.markers: Counter[str] = Counter()
        self.values: Counter[str] = Counter()
        self.many = False
        self.low: float | None = None
        self.high: float | None = None
        self.separators: Counter[str] = Counter()
        self.sample: list[str] = []
        self.dated = 0
        self.undated: list[str] = []
        """A few texts that are no days."""
        self.hashes: set[int] | None = set()
        self._known: dict[str, Sort] = {}

    def take(self, text: str) -> None:
        """Take one cell."""
        text = text.strip()
        if not text:
            self.empty += 1
            return
        if text in MARKERS:
            self.markers[text] += 1
            return
        self.filled += 1
        self.characters += len(text)
        self.longest = max(self.longest, len(text))
        self.breaks += "\n" in text
        self._sort(text)
        self._value(text)
        for separator in SEPARATORS:
            self.separators[separator] += separator in text

    @property
    def type(self) -> str:
        """What all its texts are: empty, integer, number, number with decimal comma, date, list, link, pair or text."""
        if not self.filled:
            return "empty"
        if self.date_formats[0]:
            return "date"
        for name in ("integer", "json list", "link", "pair"):
            if self.sorts[name] == self.filled:
                return name
        if self.sorts["integer"] + self.sorts["number"] == self.filled:
            return "number"
        if self.sorts["comma"] and self.sorts["comma"] + self.sorts["integer"] == self.filled:
            return "number with decimal comma"
        return "list" if self.separator else "text"

    @property
    def date_formats(self) -> tuple[list[str], list[str]]:
        """The formats that fit all texts, and rivals of them."""
        return chosen_formats(self.formats, self.filled)

    @property
    def mostly_days(self) -> bool:
        """Tell whether more than half of its texts are days, but not all."""
        return self.type != "date" and self.dated > self.filled / 2

    @property
    def separator(self) -> str:
        """The separator of a list of short items, "" if it holds no lists."""
        if self.sorts["json list"] > self.filled / 2:
            return "json"
        for separator in SEPARATORS[:2]:
            if self.separators[separator] * 20 >= max(self.filled, 1) and self.average < 200:
                return separator
        return ""

    @property
    def average(self) -> float:
        """Characters of a text, on average."""
        return self.characters / max(self.filled, 1)

    @property
    def is_unique(self) -> bool:
        """Tell whether no text occurs twice and none is missing; True if that was not seen to the end."""
        return self.hashes is not None and self.filled > 0 and not self.empty and not self.markers

    @property
    def vocabulary(self) -> list[tuple[str, int]]:
        """The texts of a column that repeats a few, the most frequent first."""
        few = not self.many and len(self.values) <= VOCABULARY and self.filled >= 2 * len(self.values)
        return self.values.most_common() if few else []

    @property
    def suspects(self) -> list[tuple[str, int]]:
        """Numbers that stand for nothing in many files, where they stand apart from the others."""
        if self.type not in ("integer", "number"):
            return []
        return [(text, self.values[text]) for text in NUMBERS_FOR_NOTHING if self.values[text]]

    def _sort(self, text: str) -> None:
        sort = self._known.get(text)
        if sort is None:
            sort = _sort_of(text)
            if len(self._known) < REMEMBERED:
                self._known[text] = sort
        self.sorts[sort.name] += 1
        if sort.formats:
            self.dated += 1
        elif len(self.undated) < SAMPLES and text not in self.undated:
            self.undated.append(text)
        for form in sort.formats:
            self.formats[form] += 1
        if sort.value is not None:
            self.low = sort.value if self.low is None else min(self.low, sort.value)
            self.high = sort.value if self.high is None else max(self.high, sort.value)

    def _value(self, text: str) -> None:
        if self.hashes is not None:
            before = len(self.hashes)
            self.hashes.add(hash(text))
            if len(self.hashes) == before:
                self.hashes = None
        if len(self.sample) < SAMPLES and text not in self.sample:
            self.sample.append(text)
        if text in self.values or len(self.values) < KEPT:
            self.values[text] += 1
        else:
            self.many = True


def _sort_of(text: str) -> Sort:
    formats = formats_of(text)
    if _INTEGER.fullmatch(text):
        return Sort("integer", float(text), formats)
    if _POINT.fullmatch(text):
        return Sort("number", float(text), formats)
    if _COMMA.fullmatch(text):
        return Sort("comma", float(text.replace(",", ".")), formats)
    if text[0] == "[" and text[-1] == "]":
        return Sort("json list", None, ())
    if _PAIR.fullmatch(text):
        return Sort("pair", None, ())
    return Sort("link" if _LINK.fullmatch(text) else "text", None, formats)
