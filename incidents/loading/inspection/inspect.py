"""One pass over a file: its form, the line with the names of its columns, and what each of them holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.day_formats import CELLS, formats_of

HASHES = 3_000_000
"""Texts of which it is remembered, over all columns, that they occurred: enough to know ids by."""

NOTED = 10
"""Lines that are noted of each kind."""

TRIED = 15
"""Lines among which the names of the columns are looked for."""

_ROWS = 40
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,]*%?")
_TOTAL = re.compile(rf"(?:{'|'.join(map(re.escape, CELLS['totals']))})(?!\w)")


@dataclass
class Inspection:
    """What a file holds; `uneven` are lines with more or fewer cells than the header."""

    path: Path
    form: str = ""
    encoding: str = ""
    named_encoding: str = ""
    """The encoding that was asked for, "" if it was told from the file."""
    delimiter: str = ""
    sheet: str = ""
    header_line: int = 0
    notes: list[str] = field(default_factory=list)
    tags: int | None = None
    rows: int = 0
    even: int = 0
    """Rows with as many cells as the header."""
    uneven: list[int] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    columns: list[ColumnFacts] = field(default_factory=list)
    lone: list[tuple[int, list[str]]] = field(default_factory=list)
    """Lines that stand below the data, such as totals and notes, with their cells."""

    @property
    def footers(self) -> list[tuple[int, dict[str, str]]]:
        """Lines below the data, each with the columns and texts that tell: of sums without a word those that lack."""
        return [(line, self._telling(cells)) for line, cells in self.lone]

    def _telling(self, cells: list[str]) -> dict[str, str]:
        lacks = _is_unnamed_total(cells)
        texts = {column.name: text.strip() for column, text in zip(self.columns, cells, strict=False)}
        found = {name: text for name, text in texts.items() if bool(text) != lacks and name not in self.twice}
        return found if lacks else dict([next(iter(found.items()))])

    titles: bool = False
    """Titles stand above the names of the columns."""
    unsure: bool = False
    """There are too many rows to know of each column whether its texts are all different."""


def inspect(path: Path, *, sheet: str = "", header_line: int = 0, encoding: str = "") -> Inspection:
    """Read a file to its end; raises LoadError for what is no file of rows.

    Without a `header_line` titles above the names of the columns are passed over.
    """
    titled = 0 if header_line else _line_of_names(path, sheet, encoding)
    line = header_line or titled
    seen = Inspection(path, sheet=sheet, header_line=line, named_encoding=encoding, titles=bool(titled))
    with TableFile(path, sheet=sheet, header_line=line, encoding=encoding, growing=True) as table:
        table.expect_workbook(sheet)
        if _holds_values(table.header):
            said = ", ".join(table.header[:5])
            raise LoadError(
                f"{path}: the first line holds values and no names of columns ({said}). Write a line with names above "
                "it, or say with --header-line on which line they are."
            )
        for number, cells in table.rows():
            _grow(seen, table.header)
            seen.rows += 1
            _take(seen, number, cells)
            if seen.rows % 10_000 == 0:
                _forget(seen)
        _grow(seen, table.header)
        _keep_footers(seen)
        seen.form, seen.delimiter, seen.notes, seen.tags = table.form, table.delimiter, table.notes, table.tags
        if table.encoding is not None:
            seen.encoding = f"{table.encoding.name.removesuffix('-sig')} ({table.encoding.sure}: {table.encoding.why})"
    if not seen.rows:
        raise LoadError(f"{path} has a header and no rows.")
    if not seen.even:
        names = ", ".join(each.name for each in seen.columns[:5])
        raise LoadError(
            f"{path}: the first line has {len(seen.columns)} cells ({names}), and no other line has as many. "
            "Is there a title above the names of the columns? Say on which line they are with --header-line."
        )
    return seen


def _take(seen: Inspection, line: int, cells: list[str]) -> None:
    """Take up a row; one with more or fewer cells than the header, or of totals, is noted and says nothing else."""
    if len(cells) != len(seen.columns):
        seen.uneven.append(line) if len(seen.uneven) < NOTED else None
        return
    seen.even += 1
    if len(seen.lone) < NOTED and (_is_total(cells) or _is_lone(cells) or _is_unnamed_total(cells)):
        seen.lone.append((line, cells))
        return
    # Only what no row follows stands below the data.
    for _, before in seen.lone:
        _count(seen, before)
    seen.lone.clear()
    _count(seen, cells)


def _count(seen: Inspection, cells: list[str]) -> None:
    for column, text in zip(seen.columns, cells, strict=True):
        column.take(text)


def _keep_footers(seen: Inspection) -> None:
    """Take lines at the end for rows after all where nothing else is there, or they are most of the file."""
    if 2 * len(seen.lone) > seen.even:
        for _, cells in seen.lone:
            _count(seen, cells)
        seen.lone.clear()


def _grow(seen: Inspection, header: list[str]) -> None:
    """Take up columns that a row of JSON was the first to have."""
    for name in header[len(seen.columns) :]:
        column = ColumnFacts(name.strip())
        column.empty = seen.rows
        if any(each.name.casefold() == column.name.casefold() for each in seen.columns):
            seen.twice.append(column.name)
        seen.columns.append(column)


def _forget(seen: Inspection) -> None:
    kept = [column for column in seen.columns if column.hashes]
    while sum(len(column.hashes or ()) for column in kept) > HASHES:
        longest = max(kept, key=lambda column: column.average)  # ids are short
        longest.hashes = None
        kept.remove(longest)
        seen.unsure = True


class _Header(NamedTuple):
    """A line that may name the columns, and how well the rows below it fit, from 0 to 1."""

    line: int
    fits: float


def _line_of_names(path: Path, sheet: str, encoding: str) -> int:
    """Return the line that names the columns if titles stand above it, else 0; raises LoadError."""
    first = _tried(path, sheet, encoding, 0)
    if first is None or first.fits >= 0.9:
        return 0
    found = [each for line in range(2, TRIED) if (each := _tried(path, sheet, encoding, line)) is not None]
    best = max(found, key=lambda each: (each.fits, -each.line), default=first)
    return best.line if best.fits >= 0.9 and best.fits > first.fits else 0


def _tried(path: Path, sheet: str, encoding: str, line: int) -> _Header | None:
    """Return how well a line names the columns of the rows below, None for a file without lines or the line."""
    try:
        with TableFile(path, sheet=sheet, encoding=encoding, header_line=line, growing=True) as table:
            if table.json is not None or table.form == "Parquet":
                return None
            rows = [cells for _, cells in islice(table.rows(), _ROWS)]
            header = [name.strip() for name in table.header]
    except LoadError:
        if line:
            return None
        raise
    return _Header(line, _fit(header, rows))


def _fit(header: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """Return how much of a header is names that all differ, with as many cells as most rows below it."""
    if not rows or len(header) < 2:
        return 0.0
    widths = Counter(len(cells) for cells in rows)
    even = widths[len(header)] / len(rows)
    used = [at for at in range(len(header)) if any(cells[at].strip() for cells in rows if len(cells) > at)] or [0]
    named = [header[at] for at in used if header[at] and not _is_value(header[at])]
    return even * len(set(map(str.casefold, named))) / len(used)


def _is_value(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or formats_of(text))


def _holds_values(names: Sequence[str]) -> bool:
    """Tell whether a header is a row of data: a day or another date is no name, nor are many numbers."""
    named = [name for name in names if name]
    days = sum(bool(formats_of(name)) for name in named)
    return days > 0 and 3 * sum(map(_is_value, named)) >= len(named)


def _is_unnamed_total(cells: Sequence[str]) -> bool:
    """Tell whether a row has numbers alone, in at most half of its cells and not in the first: a sum without a word."""
    texts = [cell.strip() for cell in cells]
    said = [text for text in texts if text]
    return bool(said) and not texts[0] and 2 * len(said) <= len(texts) and all(_NUMBER.fullmatch(text) for text in said)


def _is_lone(cells: Iterable[str]) -> bool:
    """Tell whether a row has text in its first cell alone, as notes below the data have."""
    texts = [cell.strip() for cell in cells]
    return len(texts) > 2 and bool(texts[0]) and not any(texts[1:])


def _is_total(cells: Iterable[str]) -> bool:
    """Tell whether a row is a line of totals below the data: one cell says so, and others are empty."""
    texts = [cell.strip() for cell in cells]
    said = [text for text in texts if text]
    words = said[0].casefold() if said else ""
    return _TOTAL.match(words) is not None and len(said) <= max(len(texts) / 2, 1)
