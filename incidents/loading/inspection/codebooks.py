"""Codebooks of known datasets, told by the values of a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from incidents.data_files import toml_beside
from incidents.loading.inspection.column_names import spoken
from incidents.loading.inspection.column_statistics import ColumnFacts

_DOCUMENT = toml_beside(__file__, "codebooks.toml")


class Codebook(NamedTuple):
    """What the values of a column stand for, by the text in the file; `is_named`: the column is called as there."""

    name: str
    codes: Mapping[str, str]
    is_named: bool


def codebook_of(kind: str, column: ColumnFacts) -> Codebook | None:
    """Return the codebook of a kind (location, date, event) that has most values of a column; None without half."""
    found = [
        Codebook(book["name"], codes, spoken(column.name) in map(spoken, book["columns"]))
        for book in _DOCUMENT[kind]
        if (codes := {text: book["codes"].get(text.casefold(), "unknown") for text in column.values})
        and sum(text.casefold() in book["codes"] for text in codes) > len(codes) / 2
    ]
    # Of several that fit, such as 1 to 3, the one after which the column is called.
    return max(found, key=lambda book: (book.is_named, -list(book.codes.values()).count("unknown")), default=None)
