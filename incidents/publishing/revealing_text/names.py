"""Finds names of places in a text: as written, inflected, transliterated, within other words, misspelt, split."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from incidents.publishing.revealing_text.findings import MOST_FINDINGS, Finding, HiddenName, outermost
from incidents.publishing.revealing_text.name_forms import (
    LONGEST_ENDING,
    WITHIN,
    Spelling,
    continues,
    fits,
    follows,
    initials_of,
    spellings,
)
from incidents.publishing.revealing_text.skeletons import Skeletons
from incidents.publishing.revealing_text.spelling import stems
from incidents.publishing.revealing_text.words import ReadText, Word, words_of

SPLIT = 8
"""Letters of a stem from which it is sought across several words."""

ANY_WORD, TWO_WRONG = 8, 10
"""Letters of a stem from which a wrong letter is detected in words without a capital too, and two wrong letters."""

_NO_SPACES = regex.compile(
    r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Han}\p{Hiragana}\p{Katakana}][\p{L}\p{M}]+"
)


class NameSearch:
    """Searches texts for the same names."""

    def __init__(self, names: Iterable[HiddenName], public: Iterable[str] = ()) -> None:
        names = list(dict.fromkeys(names))
        known = [each for name in names for each in spellings(name)]
        self._skeletons = Skeletons(names)
        self._by_initials = [(pattern, name) for name in names if (pattern := initials_of(name))]
        readable = {stem for name in public for word in words_of(name) for stem in stems(word.text)}
        self.spellings = [
            replace(each, shared=True) if shared else each
            for each in known
            if not ((shared := len(each.words) == 1 and bool(readable & each.words[0])) and each.part)
        ]
        self._by_stem: dict[str, list[Spelling]] = {}
        for each in self.spellings:
            for stem in each.words[0]:
                self._by_stem.setdefault(stem, []).append(each)
        self._lengths = sorted({len(stem) for stem in self._by_stem})
        self._unspaced = [each.name for each in self.spellings if _NO_SPACES.match(each.name.name)]

    @cached_property
    def _own(self) -> list[tuple[str, Spelling]]:
        """Stems of single words that name the place itself, longest first."""
        own = {
            stem: each
            for each in reversed(self.spellings)
            if not each.name.nearby and len(each.words) == 1
            for stem in each.words[0]
            if len(stem) >= WITHIN
        }
        return sorted(own.items(), key=lambda pair: -len(pair[0]))

    def find(self, read: ReadText, *, exact: bool = False) -> list[Finding]:
        """Mentions of the names; with `exact` none that only look like one."""
        found = [*self._inflected(read, read.words), *self._inflected(read, read.words_within, apart=True)]
        if not exact:
            found += [*self._within(read), *self._similar(read), *self._split(read), *self._by_consonants(read)]
            found += self._initials(read)
        found += self._without_spaces(read.text)
        return outermost(found)

    def _inflected(self, read: ReadText, words: Sequence[Word], *, apart: bool = False) -> Iterator[Finding]:
        number = 0
        for at, word in enumerate(words):
            for reading in word.keys:
                for each, stem in self._beginning(reading):
                    end = self._reached(each, stem, reading, words, at)
                    if end is None or (apart and len(each.words) == 1 and len(stem) < 4):
                        continue
                    yield _finding(read, word.start, end, each, _why(each, reading, apart=apart))
                    number += 1
                    if number > 5 * MOST_FINDINGS:
                        return

    def _beginning(self, reading: str) -> Iterator[tuple[Spelling, str]]:
        for length in self._lengths:
            if length > len(reading):
                return
            for each in self._by_stem.get(reading[:length], ()):
                yield each, reading[:length]

    def _reached(self, each: Spelling, stem: str, reading: str, words: Sequence[Word], at: int) -> int | None:
        """Where a name ends that begins with this word; None if it is not that name."""
        if len(each.words) == 1:
            return words[at].end if fits(each, stem, reading, small=words[at].small) else None
        others = words[at + 1 : at + len(each.words)]
        if len(others) < len(each.words) - 1 or not follows(reading, stem):
            return None
        pairs = zip(each.words[1:], others, strict=True)
        if not all(any(continues(reading, stems) for reading in word.keys) for stems, word in pairs):
            return None
        return others[-1].end

    def _within(self, read: ReadText) -> Iterator[Finding]:
        """Names that are part of a longer word, as in hashtags and addresses."""
        keys = list(read.by_key)
        starts = list(accumulate((len(each) + 1 for each in keys), initial=0))
        joined = "\n".join(keys)
        for stem, each in self._own:
            for at in _places(joined, stem):
                for word in read.by_key[keys[bisect_right(starts, at) - 1]][:MOST_FINDINGS]:
                    yield _finding(read, word.start, word.end, each, "contains")

    def _similar(self, read: ReadText) -> Iterator[Finding]:
        """Names with a letter wrong, missing, doubled or changed with its neighbour."""
        beginnings: dict[int, dict[str, list[str]]] = {}
        for stem, each in self._own:
            length = len(stem)
            if length not in beginnings:
                beginnings[length] = _beginnings(read.by_key, length)
            for beginning in _alike(stem, beginnings[length]):
                for word in (word for reading in beginnings[length][beginning] for word in read.by_key[reading][:20]):
                    if length >= ANY_WORD or not word.small:
                        yield _finding(read, word.start, word.end, each, "is similar to")

    def _split(self, read: ReadText) -> Iterator[Finding]:
        """Names that are written in several words."""
        words = read.words
        starts = list(accumulate((len(word.keys[0]) for word in words), initial=0))
        joined = "".join(word.keys[0] for word in words)
        for stem, each in self._own:
            if len(stem) < SPLIT:
                continue
            for at in _places(joined, stem):
                first, last = bisect_left(starts, at), bisect_left(starts, at + len(stem)) - 1
                if starts[first] == at and last > first and words[last].start - words[first].start < 4 * len(stem):
                    yield _finding(read, words[first].start, words[last].end, each, "together are")

    def _initials(self, read: ReadText) -> Iterator[Finding]:
        """First letters of a name of several words, as in N.Y. and SCLC."""
        for pattern, name in self._by_initials:
            for found in pattern.finditer(read.text):
                why = f"may be short for “{name.name}”, a name of {name.place}"
                yield Finding(*found.span(), "name", found[0], name.name, why, possible=True)

    def _by_consonants(self, read: ReadText) -> Iterator[Finding]:
        """Names that have other vowels, as in another language."""
        for start, end, name in self._skeletons.find(read.words):
            why = f"is similar to “{name.name}”, a name of {name.place}"
            yield Finding(start, end, "name", read.text[start:end], name.name, why, possible=True)

    def _without_spaces(self, text: str) -> Iterator[Finding]:
        """Names in scripts that do not part words."""
        for name in self._unspaced:
            for at in _places(text, name.name):
                yield Finding(at, at + len(name.name), "name", name.name, name.name, f"a name of {name.place}")


def _beginnings(keys: Iterable[str], length: int) -> dict[str, list[str]]:
    """Beginnings of words that are about as long as a stem, with the words."""
    found: dict[str, list[str]] = {}
    for reading in keys:
        if length - 1 <= len(reading) <= length + LONGEST_ENDING:
            for cut in {reading[: length + more] for more in (-1, 0, 1)}:
                found.setdefault(cut, []).append(reading)
    return found


def _alike(stem: str, beginnings: dict[str, list[str]]) -> list[str]:
    allowed = 2 if len(stem) >= TWO_WRONG else 1
    near = process.extract(stem, beginnings.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=MOST_FINDINGS)
    return [beginning for beginning, _, _ in near if beginning[:1] == stem[:1]]


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    number = 0
    while at >= 0 and number < MOST_FINDINGS:
        yield at
        number += 1
        at = text.find(part, at + 1)


def _why(each: Spelling, reading: str, *, apart: bool) -> str:
    if apart:
        return "spells out"
    if each.part:
        return "is part of"
    if len(each.words) > 1 or reading == each.whole:
        return "is"
    return "is a form of"


def _finding(read: ReadText, start: int, end: int, each: Spelling, how: str) -> Finding:
    name = each.name
    whose = f"a place near {name.place}" if name.nearby else f"a name of {name.place}"
    certain = how in {"is", "is a form of", "contains", "spells out"} and not each.shared
    why = f"{how} “{name.name}”, {whose}{' and also in the name of the area that is shown' if each.shared else ''}"
    return Finding(start, end, "name", read.text[start:end], name.name, why, possible=not certain)
