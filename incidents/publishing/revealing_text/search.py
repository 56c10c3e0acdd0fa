"""Searches texts for all that an incident hides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import regex

from incidents.publishing.revealing_text.findings import Finding, Hidden, HiddenName, Point, outermost
from incidents.publishing.revealing_text.names import NameSearch
from incidents.publishing.revealing_text.words import ReadText


@lru_cache(maxsize=128)
def _searches(names: tuple[HiddenName, ...], public: tuple[str, ...]) -> tuple[NameSearch, NameSearch]:
    """Searches for hidden names and for public ones; many incidents are at the same place."""
    return NameSearch(names, public), NameSearch(HiddenName(name, name, nearby=True) for name in public)


def _is_likeness(each: Finding) -> bool:
    return each.why.startswith("is similar")


class RevealingText:
    """Finds what texts reveal of one hidden place and day."""

    def __init__(self, hidden: Hidden) -> None:
        self.hidden = hidden
        self._names, self._public = _searches(hidden.names, hidden.public_names)
        codes = "|".join(map(regex.escape, sorted(hidden.codes)))
        self._codes = regex.compile(rf"(?i)(?<![\p{{L}}\p{{N}}])(?:{codes})(?![\p{{L}}\p{{N}}])") if codes else None

    def find(self, text: str) -> list[Finding]:
        """All that a text reveals or may reveal, in the order of the text."""
        found: list[Finding] = []
        if self.hidden.place != "full":
            found += self._named(text, exact=False)
            found += self._coded(text)
            found += _on_a_map(text, self.hidden.points)
        if self.hidden.date != "full":
            found += _days(text, self.hidden)
        return outermost(found)

    def find_certain(self, text: str) -> list[Finding]:
        """Hidden names, codes and days that a text states beyond doubt, for texts that nobody confirms."""
        found: list[Finding] = []
        if self.hidden.place != "full":
            found += [*self._named(text, exact=True), *self._coded(text)]
        if self.hidden.date != "full":
            found += [each for each in _days(text, self.hidden) if each.hidden]
        return [each for each in outermost(found) if not each.possible]

    def _named(self, text: str, *, exact: bool) -> Iterable[Finding]:
        """Hidden names that are not within the name of what is shown, such as “Secret” in “Secret Province”."""
        read = ReadText(text)
        found = self._names.find(read, exact=exact)
        if not found:
            return
        public = [(each.start, each.end) for each in self._public.find(read, exact=True)]
        nearby = {name.name for name in self.hidden.names if name.nearby}
        for each in found:
            over = [span for span in public if span[0] <= each.start and each.end <= span[1]]
            if not over:
                yield each
            elif (each.start, each.end) in over and each.hidden not in nearby and not _is_likeness(each):
                yield replace(each, possible=True)

    def _coded(self, text: str) -> Iterable[Finding]:
        for found in self._codes.finditer(text) if self._codes else ():
            yield Finding(*found.span(), "code", found[0], found[0], "is a code of the hidden place")


# These compile patterns when they are imported, for longer than a command may take that searches no text.


def _on_a_map(text: str, points: Sequence[Point]) -> list[Finding]:
    from incidents.publishing.revealing_text import coordinates, directions, grid_codes, sexagesimal

    plain = coordinates.in_plain_figures(text)
    found = [each for notation in (coordinates, grid_codes, sexagesimal) for each in notation.find(plain, points)]
    return [*(replace(each, words=text[each.start : each.end]) for each in found), *directions.find(text)]


def _days(text: str, hidden: Hidden) -> list[Finding]:
    from incidents.publishing.revealing_text import days

    return days.find(text, hidden.days, hidden.date)
