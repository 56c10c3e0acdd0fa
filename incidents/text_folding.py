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


AREAS_IN_NAMES = frozenset(words("oblast region province raion rayon district municipality hromada"))
"""Words for areas, which no town is."""

KINDS_IN_NAMES = AREAS_IN_NAMES | frozenset(
    words("republic special republican autonomous town city village settlement hamlet misto selo")
)
"""Words for types of place, which files add to names or omit arbitrarily."""

FILLERS_IN_NAMES = frozenset(
    words("the of and de del du da obl m s g smt prov dist dept respublika provincia provincie obwod state county")
)
"""Particles, and further and shortened types of place, without which a name that is unknown is looked for again."""

NAME_KEY_LENGTH = 200


def name_key(name: str) -> str:
    """Comparison key of place names in any script and spelling: folded words without types of place."""
    folded = words(name)
    return " ".join([word for word in folded if word not in KINDS_IN_NAMES] or folded)[:NAME_KEY_LENGTH] or name


def bare_name(name: str) -> str:
    """Words of a name without particles and types of place, whole or shortened; "" where that changes nothing.

    `Donetsk Obl.` and `Oblast of Donetsk` are `donetsk`.
    """
    folded = words(name)
    bare = [word for word in folded if word not in KINDS_IN_NAMES and word not in FILLERS_IN_NAMES]
    return " ".join(bare) if bare and FILLERS_IN_NAMES.intersection(folded) else ""


def has_kind(name: str) -> bool:
    """Tell whether a name of a place says what sort of place it is, such as oblast or city."""
    return not KINDS_IN_NAMES.isdisjoint(words_again(name))


def has_area(name: str) -> bool:
    """Tell whether a name of a place says that it is an area, such as oblast or raion."""
    return not AREAS_IN_NAMES.isdisjoint(words_again(name))


def spelling(name: str) -> str:
    """Folded words of a name, joined: equal for one spelling in any letter case, with or without accents."""
    return " ".join(words_again(name))[:NAME_KEY_LENGTH] or name.strip()[:NAME_KEY_LENGTH]


def spelt_token(name: str) -> str:
    """Index token of a whole name as it is spelt; "" for one without a letter or digit."""
    return _whole("nx", spelling(name))


def called_token(name: str) -> str:
    """Index token of a whole name without words for types of place; "" for one without a letter or digit."""
    return _whole("nk", name_key(name))


def code_token(code: str) -> str:
    """Index token of a code of a place, in any letter case; "" for one without a letter or digit."""
    folded = " ".join(words_again(code))
    # Of pictures a few letters become hundreds, and no code is as long; PostgreSQL refuses words of 2 kB.
    return _whole("c", folded) if len(folded) <= NAME_KEY_LENGTH else ""


def _whole(name: str, folded: str) -> str:
    return facet(name, folded.replace(" ", "-")) if folded.isascii() and folded.replace(" ", "").isalnum() else ""
