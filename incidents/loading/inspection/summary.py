"""An inspection as lines for whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator

from incidents.loading.errors import shown
from incidents.loading.inspection import date_formats
from incidents.loading.inspection.column_roles import no_degrees
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.inspect import Inspection

VALUES_TOLD = 12


def lines(seen: Inspection, roles: dict[str, ColumnFacts]) -> Iterator[str]:
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
        told = ", ".join(seen.twice)
        yield f"  WARNING    columns that are there twice: {told}; give them names that differ, or none can be read"
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
        yield f"  mostly days ({' or '.join(date_formats.seen(column.formats))}); no days are {examples}"
    if rivals:
        yield f"  AMBIGUOUS: every one could as well be {' or '.join(rivals)}, for example {column.sample[0]}"


def _counted(pairs: list[tuple[str, int]]) -> str:
    told = ", ".join(
        f"{text if len(text) <= 40 else text[:39] + '…'} ({number:,})" for text, number in pairs[:VALUES_TOLD]
    )
    return told + (f" and {len(pairs) - VALUES_TOLD} more" if len(pairs) > VALUES_TOLD else "")
