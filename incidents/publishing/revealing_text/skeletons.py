"""Finds names by their consonants alone, by which spellings in other scripts and languages differ least: Днепр, Dnipro.

Arabic writes few vowels, so a name in that script is sought by its consonants in all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import regex

from incidents.publishing.revealing_text.findings import HiddenName
from incidents.publishing.revealing_text.generic_words import GENERIC
from incidents.publishing.revealing_text.spelling import key
from incidents.publishing.revealing_text.words import Word, words_of

SHORTEST, SHORTEST_UNVOCALISED = 4, 3
"""Consonants from which a name is sought by them, and those of a name in a script without vowels."""

MOST_WORDS = 6

_VOWELS, _VOWELS_AND_V = re.compile("[aeiou]+"), re.compile("[aeiouv]+")
_UNVOCALISED = regex.compile(r"\p{Arabic}")
_SILENT = regex.compile("^ال|[ةه]$")
_DIRECTIONS = "of in on at to and or by from near around east west north south eastern western northern southern"
_IN_NO_NAME = frozenset(key(word) for word in _DIRECTIONS.split())
_PARTS = "al el ul ad ed ar er as es az ez an en at et ash esh l d de la le les los las"
_ARTICLES = frozenset(_PARTS.split())


class Skeletons:
    """Names by their consonants; only names of the hidden place itself."""

    def __init__(self, names: Iterable[HiddenName]) -> None:
        self._spoken: dict[str, HiddenName] = {}
        self._unvocalised: dict[str, tuple[HiddenName, int]] = {}
        for name in (each for each in names if not each.nearby):
            if _UNVOCALISED.search(name.name):
                said, vowels = _of_unvocalised(name.name)
                if len(said) >= SHORTEST_UNVOCALISED:
                    self._unvocalised.setdefault(said, (name, vowels))
            else:
                words = [word for word in words_of(name.name) if key(word.text) not in _ARTICLES]
                said = "".join(_bare(word.text, _VOWELS) for word in words)
                if len(said) >= SHORTEST and not all(key(word.text) in GENERIC for word in words):
                    self._spoken.setdefault(said, name)

    def find(self, words: Sequence[Word]) -> Iterator[tuple[int, int, HiddenName]]:
        """Yield where words begin and end that have the consonants of a name, one of them with a capital."""
        if not self._spoken and not self._unvocalised:
            return
        for at, word in enumerate(words):
            if word.small or not word.text.isalpha() or _UNVOCALISED.search(word.text):
                continue
            spoken = unvocalised = written = ""
            for last in words[at : at + MOST_WORDS]:
                if key(last.text) in _ARTICLES:
                    continue
                if key(last.text) in _IN_NO_NAME:
                    break
                spoken += _bare(last.text, _VOWELS)
                unvocalised += _bare(last.text, _VOWELS_AND_V)
                written += key(last.text)
                if name := self._spoken.get(spoken) or self._without_vowels(unvocalised, written):
                    yield word.start, last.end, name

    def _without_vowels(self, said: str, written: str) -> HiddenName | None:
        name, vowels = self._unvocalised.get(said, (None, 0))
        is_short = len(said) == SHORTEST_UNVOCALISED
        return None if is_short and len(written) > len(said) + vowels else name


def _bare(word: str, left_out: re.Pattern[str]) -> str:
    return left_out.sub("", key(word))


def _of_unvocalised(name: str) -> tuple[str, int]:
    """Consonants of a name, without articles, and how many vowels a short one may have."""
    said = "".join(_bare(_SILENT.sub("", word.text), _VOWELS_AND_V) for word in words_of(name))
    return said, 1 + name.startswith(("ا", "أ", "إ", "آ")) + name.endswith(("ة", "ه", "ا"))
