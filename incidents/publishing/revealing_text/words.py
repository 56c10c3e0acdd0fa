"""The words of a text with their positions, also those that are spelt out, encoded or joined by an apostrophe."""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import regex

from incidents.publishing.revealing_text.spelling import readings

_APOSTROPHES = "'’ʼ‘`´ʹ′＇"
_WORD = regex.compile(rf"[\p{{L}}\p{{N}}][\p{{L}}\p{{N}}\p{{M}}\p{{Cf}}{_APOSTROPHES}]*+")
_PART = regex.compile(rf"[^{_APOSTROPHES}]++")
_SPELT_OUT = regex.compile(r"(?<![\p{L}\p{N}])\p{L}\p{M}*+(?:[\s.,·•*_/|-]{1,3}+\p{L}\p{M}*+(?![\p{L}\p{N}])){2,60}+")
_JOINED = regex.compile(r"\S++")
_PUNYCODE = regex.compile(r"(?i)\bxn--[a-z0-9-]{1,59}")


class Word(NamedTuple):
    """A word of a text: where it stands, and the keys by which it can be read."""

    start: int
    end: int
    text: str
    keys: tuple[str, ...]

    @property
    def small(self) -> bool:
        """Whether it begins with a small letter of a script that has capitals."""
        return self.text[:1].islower()


class ReadText:
    """A text, taken apart once for several searches."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[Word]:
        """All words in the order of the text."""
        return words_of(self.text)

    @cached_property
    def by_key(self) -> dict[str, list[Word]]:
        """Words by each of their keys."""
        by_key: dict[str, list[Word]] = {}
        for word in self.words:
            for reading in word.keys:
                by_key.setdefault(reading, []).append(word)
        return by_key

    @cached_property
    def words_within(self) -> list[Word]:
        """Words that no reader sees as a word, but can make out: letters apart, and encoded addresses."""
        return [*_spelt_out(self.text), *_encoded(self.text)]


def words_of(text: str) -> list[Word]:
    """All words in the order of the text."""
    return [
        Word(found.start(), found.end(), found[0], keys) for found in _WORD.finditer(text) if (keys := _keys(found[0]))
    ]


@lru_cache(maxsize=65_536)
def _keys(word: str) -> tuple[str, ...]:
    keys = readings(word)
    parts = _PART.findall(word)
    if len(parts) > 1:  # l'Est, Ankara'ya
        keys = tuple(dict.fromkeys([*keys, *(each for part in parts if len(part) > 2 for each in readings(part))]))
    return keys


def _spelt_out(text: str) -> Iterator[Word]:
    for found in _SPELT_OUT.finditer(text):
        letters = "".join(letter for letter in found[0] if letter.isalpha())
        yield Word(found.start(), found.end(), letters, readings(letters))


def _encoded(text: str) -> Iterator[Word]:
    if not any(sign in text for sign in ("%", "&", "xn--", "XN--")):
        return
    for found in _JOINED.finditer(text):
        plain = _PUNYCODE.sub(_as_written, html.unescape(unquote(found[0])))
        if plain != found[0]:
            for word in words_of(plain):
                yield Word(found.start(), found.end(), word.text, word.keys)


def _as_written(label: regex.Match[str]) -> str:
    try:
        return label[0].encode().decode("idna")
    except UnicodeError:
        return label[0]
