"""From cells back to the values of documents: the way back of `incidents.tables.cells`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import orjson

from incidents.tables.cells import MARKS
from incidents.tables.columns import Column, Document

NOT_AVAILABLE = "NA"
AN_EMPTY_CELL = 'an empty cell: use write.csv(…, na = "") in R, na_rep="" in pandas'
_MIDNIGHT = re.compile(r"T00:00:00(\.0+)?$")
"""Time that pandas appends to a date."""
_WORD = re.compile(r"((?:[^\\|]|\\[\\|])*)(\||$)")


class CellError(ValueError):
    """A cell holds no value of its column; the message says what would be one."""


def plain(text: str) -> str:
    """Remove the apostrophe that protects a text in a spreadsheet."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in MARKS else text


def parted(text: str) -> list[str]:
    """Split a list cell into words; raises CellError for a backslash before anything but | or itself."""
    words, at = [], 0
    while True:
        match = _WORD.match(text, at)
        if match is None:
            raise CellError("words joined by |, with \\| for a literal bar and \\\\ for a backslash")
        words.append(re.sub(r"\\([\\|])", r"\1", match[1]))
        if not match[2]:
            return words
        at = match.end()


def value(column: Column, text: str, *, neutralised: bool = True) -> Any:
    """Parse a text cell; raises CellError. `neutralised`: it comes from CSV or a spreadsheet."""
    if column.type in ("text", "list") and neutralised:
        text = plain(text)
    if text == "":
        return nothing(column)
    if column.type == "list":
        # Parquet has lists of its own; one made from a CSV has the words of a cell.
        words = parted(text) if neutralised or text[:1] != "[" else _json(column, text)
        return [_code(column, word) for word in words] if column.vocabulary else words
    read = READERS.get(column.type)
    if read and text == NOT_AVAILABLE:
        raise CellError(AN_EMPTY_CELL)
    return read(column, text) if read else text


def nothing(column: Column) -> Any:
    """Value of an empty cell: an empty list or object for lists and `extra`, otherwise None."""
    if column.name == "extra":
        return {}
    return [] if column.type in ("list", "json") else None


def picked(column: Column, document: Document) -> Any:
    """Value of a column in a document, in the form that `value` returns."""
    part: Any = document
    for name in column.path:
        part = part.get(name) if part else None
    if part is None and column.formerly:
        part = _under_former_name(column, document)
    if column.gathered:
        words: dict[str, None] = {}
        for member in part or ():
            word: Any = member
            for name in column.gathered:
                word = word[name]
            words[word] = None
        return list(words)
    # Text that is there and empty is the same empty cell as text that is not.
    return nothing(column) if part in (None, "", [], {}) else part


def _under_former_name(column: Column, document: Document) -> Any:
    """Value of a dataset's own field that was published under a name that it had before."""
    top, _, *rest = column.path
    for name in column.formerly:
        part: Any = document[top].get(name)
        for inner in rest:
            part = part.get(inner) if part else None
        if part is not None:
            return part
    return None


def _integer(column: Column, text: str) -> int:
    # A spreadsheet that has seen an empty cell in the column writes 3.0.
    number = _number(column, text)
    if number != int(number):
        raise CellError("a whole number")
    return int(number)


def _number(column: Column, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise CellError("a number, such as 48.5") from None
    if not math.isfinite(number):
        raise CellError("a number, such as 48.5")
    return number


def _date(column: Column, text: str) -> str:
    text = _MIDNIGHT.sub("", text)
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else _no_date()
    except ValueError:
        return _no_date()


def _no_date() -> str:
    raise CellError("a date, such as 2022-08-04")


def _boolean(column: Column, text: str) -> bool:
    # Spreadsheets write it in capitals.
    if (folded := text.casefold()) not in ("true", "false"):
        raise CellError("true or false")
    return folded == "true"


def _code(column: Column, text: str) -> str:
    if column.vocabulary is not None and text not in column.vocabulary:
        raise CellError(f"one of {', '.join(column.vocabulary)}")
    return text


def _json(column: Column, text: str) -> Any:
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise CellError(f"JSON ({error})") from None
    if not isinstance(parsed, dict if column.name == "extra" else list):
        raise CellError("a JSON object" if column.name == "extra" else "a JSON list")
    return parsed


READERS: dict[str, Callable[[Column, str], Any]] = {
    "integer": _integer,
    "number": _number,
    "date": _date,
    "boolean": _boolean,
    "code": _code,
    "json": _json,
}
"""By the type of the column; the others are text."""
