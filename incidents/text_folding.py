"""Words folded to ASCII, so that search works in every script; and tokens of facets.

The same function folds what is stored and what is asked, on both databases, so both find the same records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from anyascii import anyascii

_WORD = re.compile(r"[a-z0-9]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
APOSTROPHES = re.compile("['’ʼ`´ʹ′]")
MAX_WORD = 64
MAX_TAG = 1000
"""PostgreSQL takes no token beyond 2 KB; a tag of hundreds of words is known by its beginning."""


def in_ascii(text: str) -> str:
    """A text transliterated to ASCII; fast for texts with few other characters."""
    return _FOREIGN.sub(_piece_in_ascii, text)


def _piece_in_ascii(found: re.Match[str]) -> str:
    return _spelled(found[0])


_spelled = lru_cache(maxsize=16_384)(anyascii)


def words(text: str) -> tuple[str, ...]:
    """Distinct folded words of a text, in order of first use."""
    folded = APOSTROPHES.sub("", in_ascii(text)).lower()
    return tuple(dict.fromkeys([word[:MAX_WORD] for word in _WORD.findall(folded)]))


words_again = lru_cache(maxsize=32_768)(words)
"""The same of a text that may come again, such as a name; no id does, and it would only fill the memory."""


def facet(name: str, *values: str) -> str:
    """Token for one value of a facet; it cannot equal a word or match a prefix of one."""
    return f":{name}:{':'.join(values)}"


LONG = facet("long")
"""Marks incidents that last for months, so that the word index can leave them out or take them alone."""


def word_facet(name: str, text: str) -> str:
    """Token of free words of a facet, folded like a word."""
    return facet(name, "-".join(words(text))[:MAX_TAG])


def tag_token(tag: str) -> str:
    """Index token of a tag, folded to ASCII."""
    return word_facet("t", tag)


def distinct(parts: Iterable[Iterable[str]]) -> list[str]:
    """Tokens of all parts, without duplicates."""
    return list(dict.fromkeys(chain.from_iterable(parts)))


@lru_cache(maxsize=16_384)
def words_of(*texts: str) -> tuple[str, ...]:
    """Distinct folded words of texts that often occur together, such as the names of a place; cached."""
    return tuple(distinct(map(words, texts)))
