"""One pass over a file: its form, and what each of its columns holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile
from incidents.loading.inspection.column_statistics import ColumnFacts

HASHES = 3_000_000
"""Texts of which it is remembered, over all columns, that they occurred: enough to know ids by."""


@dataclass
class Inspection:
    """What a file holds; `uneven` are lines with more or fewer cells than the header."""

    path: Path
    form: str = ""
    encoding: str = ""
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
    unsure: bool = False
    """There are too many rows to know of each column whether its texts are all different."""

    def find(self, name: str) -> ColumnFacts:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


def inspect(path: Path, *, sheet: str = "", header_line: int = 0) -> Inspection:
    """Read a file to its end; raises LoadError for what is no file of rows."""
    seen = Inspection(path, sheet=sheet, header_line=header_line)
    with TableFile(path, sheet=sheet, header_line=header_line, growing=True) as table:
        table.expect_workbook(sheet)
        for line, cells in table.rows():
            _grow(seen, table.header)
            seen.rows += 1
            if len(cells) != len(table.header):
                seen.uneven.append(line) if len(seen.uneven) < 10 else None
                continue
            seen.even += 1
            for column, text in zip(seen.columns, cells, strict=True):
                column.take(text)
            if seen.rows % 10_000 == 0:
                _forget(seen)
        _grow(seen, table.header)
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
