"""One pass over a file: its form, and what each of its columns holds; also as lines for whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from incidents.loading.errors import LoadError, shown
from incidents.loading.files import TableFile
from incidents.loading.inspection.column_roles import no_degrees
from incidents.loading.inspection.column_statistics import ColumnFacts, fitting_formats

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


VALUES_TOLD = 12


def report_lines(seen: Inspection, roles: dict[str, ColumnFacts]) -> Iterator[str]:
    """Yield the report."""
    yield f"{seen.path.name}: {seen.form}, {seen.rows:,} rows, {len(seen.columns)} columns"
    yield from _file(seen)
    by_column: dict[str, list[str]] = {}
    for role, column in roles.items():
        by_column.setdefault(column.name, []).append(role)
    for column in seen.columns:
        yield ""
        yield from _column(column, seen.rows, by_column.get(column.name, []))


def _file(seen: Inspection) -> Iterator[str]:
    delimiter = "tab" if seen.delimiter == "\t" else seen.delimiter
    for name, text in (("encoding", seen.encoding), ("delimiter", delimiter), *(("note", note) for note in seen.notes)):
        if text:
            yield f"  {name:<10} {text}"
    if seen.tags:
        yield f"  note       line {seen.tags} is a row of HXL tags, no data"
    if seen.uneven:
        yield f"  WARNING    lines with another number of cells than the header: {', '.join(map(str, seen.uneven))} …"
    if seen.twice:
        listing = ", ".join(seen.twice)
        yield f"  WARNING    columns that are there twice: {listing}; give them names that differ, or none can be read"
    if seen.unsure:
        yield "  note       too many rows to know of every column whether its texts are all different"


def _column(column: ColumnFacts, rows: int, roles: list[str]) -> Iterator[str]:
    likely = f"  → {', '.join(roles)}" if roles else ""
    unique = ", every one different" if column.is_unique else ""
    yield f"{column.name or '(no name)'}: {column.type}, {column.filled:,} of {rows:,} filled{unique}{likely}"
    if column.markers:
        yield f"  says nothing: {_counted(list(column.markers.most_common()))}"
    if column.suspects:
        yield f"  may say nothing: {_counted(column.suspects)}"
    yield from _days(column)
    yield from _numbers(column)
    if column.separator:
        yield f"  a list: items are separated by {column.separator!r} in {column.separators[column.separator]:,}"
    if column.breaks:
        yield f"  line breaks in {column.breaks:,}"
    if column.vocabulary:
        yield f"  values: {_counted(column.vocabulary)}"
    elif column.sample:
        yield f"  for example {', '.join(shown(text) for text in column.sample)}"


def _numbers(column: ColumnFacts) -> Iterator[str]:
    if column.low is not None and column.type.startswith(("integer", "number")):
        yield f"  from {column.low:g} to {column.high:g}"
        if no_degrees(column):
            yield "  WARNING: no degrees; save the points as longitude and latitude (WGS 84)"


def _days(column: ColumnFacts) -> Iterator[str]:
    formats, rivals = column.date_formats
    if formats:
        yield f"  written as {' or '.join(formats)}"
    elif column.mostly_days:
        examples = ", ".join(shown(text) for text in column.undated)
        yield f"  mostly days ({' or '.join(fitting_formats(column.formats))}); no days are {examples}"
    if rivals:
        yield f"  AMBIGUOUS: every one could as well be {' or '.join(rivals)}, for example {column.sample[0]}"


def _counted(pairs: list[tuple[str, int]]) -> str:
    listing = ", ".join(
        f"{text if len(text) <= 40 else text[:39] + '…'} ({number:,})" for text, number in pairs[:VALUES_TOLD]
    )
    return listing + (f" and {len(pairs) - VALUES_TOLD} more" if len(pairs) > VALUES_TOLD else "")
