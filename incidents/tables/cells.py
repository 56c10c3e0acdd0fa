r"""From documents to rows of a table: values as they are, or cells of text for CSV and spreadsheets.

A spreadsheet runs a cell that starts with one of `MARKS` as a formula. Such a text gets an apostrophe before it, and so
does a text with apostrophes before such a mark: removing one apostrophe before a mark restores the text. Words of a
list are joined by `|`; a literal bar is written `\|`, and a backslash `\\`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

import orjson

from incidents.schema.reading import ABSENT, taker
from incidents.tables.columns import Column, Document

MARKS = frozenset("=+-@\t\r\n")
"""What a spreadsheet may take for the beginning of a formula, or passes over before one."""

SUSPECT = MARKS | {"'"}
SEPARATOR = "|"
ATTRIBUTES = "attributes"

Row = list[Any]
Rows = Callable[[Iterable[bytes]], Iterator[Row]]


def values(columns: Sequence[Column]) -> Rows:
    """Function that converts stored documents to plain values: text, numbers, lists, JSON as text."""
    return _rows(columns, "values")


def properties(columns: Sequence[Column]) -> Rows:
    """Function that converts stored documents to plain values of which none is a list: its words are joined."""
    return _rows(columns, "properties")


def cells(columns: Sequence[Column]) -> Rows:
    """Function that converts stored documents to cells: spreadsheet-safe text, numbers, None."""
    made = _rows(columns, "cells")
    texts = [at for at, column in enumerate(columns) if column.type in ("text", "list")]
    if not texts:
        return made
    pick = itemgetter(*texts) if len(texts) > 1 else lambda row: (row[texts[0]],)

    def safe(documents: Iterable[bytes]) -> Iterator[Row]:
        suspect = SUSPECT
        for row in made(documents):
            for text in pick(row):
                if text and text[0] in suspect:
                    for at in texts:
                        row[at] = neutral(row[at])
                    break
            yield row

    return safe


def neutral(text: str | None) -> str | None:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    if text and text[0] in SUSPECT and text.lstrip("'")[:1] in MARKS:
        return f"'{text}"
    return text


def joined(words: Sequence[str]) -> str:
    """Join words with |, escaping bars and backslashes."""
    text = SEPARATOR.join(words)
    if "\\" not in text and text.count(SEPARATOR) == len(words) - 1:
        return text
    return SEPARATOR.join(word.replace("\\", "\\\\").replace(SEPARATOR, "\\" + SEPARATOR) for word in words)


Change = Callable[[Any], Any]
Way = Literal["values", "properties", "cells"]
"""How a row is made: plain values with lists, plain values without lists, or text for tables."""


def _rows(columns: Sequence[Column], way: Way) -> Rows:
    # Columns side by side that are in one object are taken out by one call.
    runs = [(parent, [c.path[-1] for c in run]) for parent, run in groupby(columns, key=lambda c: c.path[:-1])]
    takers = [(parent, taker(names)) for parent, names in runs]
    changes = [(at, column, _change(column, way)) for at, column in enumerate(columns)]
    needed: list[tuple[int, Change, list[str] | None]] = [
        (at, change, [] if way == "values" and column.type != "json" else None)
        for at, column, change in changes
        if change
    ]
    loads = orjson.loads
    own = [column for column in columns if column.top == ATTRIBUTES and len(column.path) > 1]
    renamed = {old: column.path[1] for column in own for old in column.formerly}

    def rows(documents: Iterable[bytes]) -> Iterator[Row]:
        for text in documents:
            document = loads(text)
            if own:
                document[ATTRIBUTES] = _sparse(document[ATTRIBUTES], renamed)
            row: Row = []
            for parent, take in takers:
                part = document
                for name in parent:
                    part = part[name] or ABSENT
                row += take(part)
            for at, change, empty in needed:
                value = row[at]
                row[at] = change(value) if value or value is False else empty
            yield row

    return rows


class _Sparse(dict[str, Any]):
    """Values of own fields: one that an incident has no value of is null."""

    def __missing__(self, name: str) -> None:
        return None


def _sparse(values: Document, renamed: Mapping[str, str]) -> _Sparse:
    found = _Sparse(values)
    for old, name in renamed.items():
        if old in found and name not in found:
            found[name] = found[old]
    return found


def _change(column: Column, way: Way) -> Change | None:
    """Conversion from the value in the document to the cell; None if they are the same."""
    if column.gathered:
        gather = _gatherer(column.gathered)
        return gather if way == "values" else (lambda value: joined(gather(value)))
    if column.type == "json":
        return scalar_or_text if way == "properties" else json_text
    if column.type == "list" and way != "values":
        return joined
    if column.type == "boolean" and way == "cells":
        return json_text
    return None


def json_text(value: Any) -> str:
    """Encode a nested value as compact JSON text."""
    return orjson.dumps(value).decode()


def scalar_or_text(value: Any) -> Any:
    """Return a text, a number or a boolean as it is, and anything else as JSON text."""
    return value if isinstance(value, (str, int, float)) else json_text(value)


def _gatherer(path: tuple[str, ...]) -> Callable[[list[Document]], list[str]]:
    """Function that collects words from the members of a list, without duplicates."""

    def gather(members: list[Document]) -> list[str]:
        found: dict[str, None] = {}
        for member in members:
            value: Any = member
            for name in path:
                value = value[name]
            found[value] = None
        return list(found)

    return gather
