"""What one column holds, gathered in one pass and little memory; and the ways in which its days are written."""

from __future__ import annotations

from collections import Counter

from incidents.loading.inspection.day_formats import CELLS, SERIALS, FormatsOfColumn
from incidents.loading.inspection.text_sorts import Sort, sort_of

MARKERS = frozenset(CELLS["markers"])
"""Texts that say nothing in most files."""

NUMBERS_FOR_NOTHING = tuple(sorted(CELLS["numbers_for_nothing"]))
KEPT = 500
"""Different values that are counted; a column with more is no vocabulary."""

REMEMBERED = 5_000
SHOWN_VOCABULARY = 40
"""Different values up to which the report tells them all."""

FEW_ROWS = 30
"""Rows up to which values need not repeat to be a vocabulary."""

SAMPLES = 3
SEPARATORS = (";", "|", ", ")
PICTURES = tuple(CELLS["pictures"])
DOUBTFUL = frozenset(CELLS["doubtful"])
YES = frozenset(CELLS["yes"])


def _parts_links(text: str, separator: str) -> bool:
    """Tell whether a separator parts links, or what is none; within a link it is a part of that."""
    parts = text.split(separator)
    return not parts[0].startswith("http") or any(part.strip().startswith("http") for part in parts[1:])


class ColumnFacts:
    """Takes the texts of a column; then tells its type and what else is worth knowing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.filled = self.empty = self.characters = self.longest = self.breaks = 0
        self.sorts: Counter[str] = Counter()
        self.formats = FormatsOfColumn()
        self.markers: Counter[str] = Counter()
        self.values: Counter[str] = Counter()
        self.many = False
        self.low: float | None = None
        self.high: float | None = None
        self.separators: Counter[str] = Counter()
        self.sample: list[str] = []
        self.dated = self.worded = self.rough = self.serials = 0
        """Texts that are days in a format, dates in words, dates known about only, and numbers that may be days as
        spreadsheets count."""
        self.undated: list[str] = []
        """A few texts that are no days."""
        self.figures = 0
        """Texts that are figures though no whole numbers: `>10`, `2-5`, `several`."""

        self.pictures = self.codes = self.lists_of_links = 0
        """Texts that are addresses of pictures, numbers written as codes: `007`, and lists of links in JSON."""
        self.persons = self.caseless = self.led_by_persons = 0
        """Texts that may be names of persons, may be in a script without capitals, or begin with one."""
        self.reached: Counter[str] = Counter()
        """Texts by which a person can be reached, by what they are."""
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
            self.separators[separator] += separator in text and _parts_links(text, separator)

    @property
    def type(self) -> str:
        """What all its texts are: empty, integer, number (with decimal comma), date, list, link, point, clock, text."""
        if not self.filled:
            return "empty"
        if self.dated == self.filled and not self.formats.left:
            return "date"
        for name in ("integer", "json list", "link", "point", "clock"):
            if self.sorts[name] == self.filled:
                return name
        if self.sorts["integer"] + self.sorts["number"] == self.filled:
            return "number"
        if self.sorts["comma"] and self.sorts["comma"] + self.sorts["integer"] == self.filled:
            return "number with decimal comma"
        return "list" if self.separator else "text"

    @property
    def mostly_days(self) -> bool:
        """Tell whether more than half of its texts are days, but not all."""
        return self.type != "date" and self.share_of_days > 1 / 2

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
        """The texts of a column that repeats some, or of a short file, the most frequent first."""
        repeats = self.filled >= 2 * len(self.values) or self.filled <= FEW_ROWS
        few = not self.many and repeats and self.average <= 80
        return self.values.most_common() if few else []

    @property
    def doubtful(self) -> list[tuple[str, int]]:
        """Texts that may say that there were none, or that nothing is known."""
        said = (*self.markers.items(), *self.values.items())
        return [(text, number) for text, number in said if text.casefold() in DOUBTFUL]

    @property
    def says_yes(self) -> bool:
        """Tell whether it answers a question: its `no` is an answer then."""
        return any(text.casefold() in YES for text in self.values)

    @property
    def share_of_days(self) -> float:
        """The share of its texts that are days."""
        return (self.dated + self.worded) / max(self.filled, 1)

    @property
    def share_of_serials(self) -> float:
        """The share of its texts that are numbers as spreadsheets count days."""
        return self.serials / max(self.filled, 1)

    @property
    def share_of_links(self) -> float:
        """The share of its texts that are links, or lists of them."""
        return (self.sorts["link"] + self.lists_of_links) / max(self.filled, 1)

    def share(self, *sorts: str) -> float:
        """Return the share of its texts that are of some sorts."""
        return sum(self.sorts[sort] for sort in sorts) / max(self.filled, 1)

    @property
    def suspects(self) -> list[tuple[str, int]]:
        """Numbers that stand for nothing in many files, where they stand apart from the others."""
        if self.type not in ("integer", "number"):
            return []
        return [(text, self.values[text]) for text in NUMBERS_FOR_NOTHING if self.values[text]]

    def _sort(self, text: str) -> None:
        sort = self._known.get(text)
        if sort is None:
            sort = sort_of(text)
            if len(self._known) < REMEMBERED:
                self._known[text] = sort
        self.sorts[sort.name] += 1
        self.figures += sort.is_figure
        self.persons += sort.is_person
        self.caseless += sort.is_caseless
        self.led_by_persons += sort.starts_with_person
        self.reached[sort.reaches] += 1
        self.codes += sort.is_code
        self.lists_of_links += sort.has_links
        self.pictures += sort.name == "link" and text.casefold().partition("?")[0].endswith(PICTURES)
        if sort.formats:
            self.dated += 1
            self.formats.add(sort.formats)
        elif sort.in_words:
            self.worded += 1
        else:
            self.rough += sort.is_rough
        if not (sort.formats or sort.in_words) and len(self.undated) < SAMPLES and text not in self.undated:
            self.undated.append(text)
        if sort.value is not None:
            self.serials += not sort.formats and SERIALS[0] <= sort.value <= SERIALS[1]
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
