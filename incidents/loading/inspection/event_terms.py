"""Which of our codes values of another dataset are likely to be: by words of events, and by known codebooks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from incidents.data_files import toml_beside
from incidents.loading.inspection.column_names import spoken
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.slugs import slug
from incidents.vocabulary import EVENT_SUBTYPES, EVENT_TYPES

_DOCUMENT = toml_beside(__file__, "terms.toml")
UNKNOWN = "unknown"
SURE, LIKELY, UNSURE = "sure", "likely", "LOOK"
"""How sure a guess is; what is not is marked LOOK."""


class EventTerm(NamedTuple):
    """What a value stands for: an event type, a sub-type or "", and how sure that is."""

    event_type: str
    subtype: str
    sure: str


_UNTOLD = EventTerm(UNKNOWN, "", UNSURE)


def _term(code: str, sure: str) -> EventTerm:
    if code in EVENT_TYPES:
        return EventTerm(code, "", sure)
    subtype = EVENT_SUBTYPES.get(code)
    return EventTerm(subtype.parent or UNKNOWN, code, sure) if subtype else _UNTOLD


def _own() -> dict[str, str]:
    """Return our codes by what they and their labels fold to, in singular and plural; sub-types give way to types."""
    found: dict[str, str] = {}
    for codes in (EVENT_SUBTYPES, EVENT_TYPES):
        for code in codes:
            for name in (slug(code), slug(codes[code].label)):
                found |= {name: code, f"{name}s": code}
    return found


_OWN = _own()
_EXACT = {" ".join(text.casefold().split()): code for text, code in _DOCUMENT["exact"].items()}
_STEMS = [
    (re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, stems)) + ")"), code)
    for code, stems in _DOCUMENT["stems"].items()
]


def term_of(text: str) -> EventTerm:
    """Return what a value stands for, event type `unknown` where nothing tells."""
    if text in EVENT_TYPES or text in EVENT_SUBTYPES:
        return _term(text, SURE)
    if code := _OWN.get(slug(text)):
        return _term(code, LIKELY)
    folded = " ".join(text.casefold().split())
    if code := _EXACT.get(folded):
        return _term(code, LIKELY)
    return next((_term(code, UNSURE) for stems, code in _STEMS if stems.search(f"{folded} ")), _UNTOLD)


class Codebook(NamedTuple):
    """What the values of a column stand for, by the text in the file; `is_named`: the column is called as there."""

    name: str
    codes: Mapping[str, str]
    is_named: bool


def codebook_of(kind: str, column: ColumnFacts) -> Codebook | None:
    """Return the codebook of a kind (location, date, event) that has most values of a column; None without half."""
    found = [
        Codebook(book["name"], codes, spoken(column.name) in map(spoken, book["columns"]))
        for book in toml_beside(__file__, "codebooks.toml")[kind]
        if (codes := {text: book["codes"].get(text.casefold(), "unknown") for text in column.values})
        and sum(text.casefold() in book["codes"] for text in codes) > len(codes) / 2
    ]
    # Of several that fit, such as 1 to 3, the one after which the column is called.
    return max(found, key=lambda book: (book.is_named, -list(book.codes.values()).count("unknown")), default=None)
