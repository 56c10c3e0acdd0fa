"""CSV, spreadsheet and Parquet exports: a row of cells each, by the names of the columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from incidents.loading.errors import BadRow, LoadError, RowFault, shown
from incidents.loading.files import TableFile
from incidents.loading.files.flattening import text_of
from incidents.loading.round_trip.row_content import SET_BY_LEDGER, Item, Point, export_row, with_point
from incidents.tables import Column, Table
from incidents.tables.cell_parsing import CellError, parted, value
from incidents_api.parameters.errors import nearest

NEEDED = ("id", "revision")
LONGITUDE, LATITUDE = "geometry.longitude", "geometry.latitude"
"""What the reader of GeoParquet makes of a geometry; `geometry.wkb` where it is no point."""

_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")

Columns = list[Column | None]


def from_cells(file: TableFile, table: Table) -> Iterator[Item]:
    """Yield what each row tells; raises LoadError for a file without the columns that are needed, or with others."""
    header = [name.strip().casefold() for name in file.header]
    columns = _columns(header, table)
    neutralised = file.form != "Parquet"
    drawing = {name: at for at, name in enumerate(header) if name.startswith("geometry.")}
    nameless = [at for at, name in enumerate(header) if not name]
    for line, cells in file.rows():
        if len(cells) != len(columns):
            expected = f"{len(columns)}, as many as the header has"
            yield BadRow([RowFault(line, "", f"{len(cells)} cells", expected)])
            continue
        for at in nameless:
            _refuse_nameless(line, cells[at])
        if file.delimiter == ";":
            cells = [_by_locale(column, cell) for column, cell in zip(columns, cells, strict=True)]
        known = ((column, cell, neutralised) for column, cell in zip(columns, cells, strict=True) if column is not None)
        item = _told(line, known, [])
        drawn = {name: cells[at] for name, at in drawing.items()}
        yield with_point(item, table, _drawn(drawn)) if drawing else item


def from_record(line: int, record: dict[str, Any], table: Table, *, neutralised: bool = True) -> Item:
    """Return what an object tells that has the columns of a table.

    As pandas makes them of a CSV or Parquet export, or as flat GeoJSON has them, whose texts are not `neutralised`.
    """
    strange = [name for name in record if name not in table.by_name]
    problems = [RowFault(line, name, "", f"a column of {table.kind}s; this is none") for name in strange]
    # Of what was a cell of CSV every text is one.
    known = ((table.by_name[name], said) for name, said in record.items() if name in table.by_name)
    cells = (
        (column, _cell(column, said, neutralised), neutralised and isinstance(said, str)) for column, said in known
    )
    return _told(line, cells, problems)


def _cell(column: Column, said: Any, neutralised: bool) -> str:
    """Text of a value. Without apostrophes a list may begin with a bracket, so it is told as JSON, as Parquet does."""
    words = column.type == "list" and isinstance(said, str) and not neutralised
    return text_of(parted(said) if words else said)


def _columns(header: Sequence[str], table: Table) -> Columns:
    """Return the columns that the header names; None for the parts of a geometry, and for one without a name."""
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise LoadError(
            f"The file has no column {' and '.join(missing)}: without id and revision nobody can tell whether a record "
            "was changed meanwhile. Export with fields=id,revision,… or with all columns."
        )
    twice = sorted({name for name in header if name and list(header).count(name) > 1})
    if twice:
        raise LoadError(f"The file has more than one column {', '.join(twice)}.")
    for name in header:
        if name and name not in table.by_name and not name.startswith("geometry."):
            hint = nearest(name, table.names)
            said = f"did you mean {hint!r}?" if hint else "take it out before the file is loaded."
            raise LoadError(f"{name!r} is no column of {table.kind}s; {said}")
    return [table.by_name.get(name) for name in header]


def _refuse_nameless(line: int, cell: str) -> None:
    if cell.strip():
        raise LoadError(
            f"line {line}: {shown(cell)} stands in a column that has no name. Take the column out; numbers of rows are "
            "left away by index=False in pandas, row.names = FALSE in R."
        )


def _by_locale(column: Column | None, cell: str) -> str:
    """Return a cell as the export had it; spreadsheets that part cells by `;` write 48,1 and 22.01.2014."""
    if column is None:
        return cell
    if column.type in ("number", "integer") and _COMMA.fullmatch(cell):
        return cell.replace(",", ".")
    if column.type == "date" and (parts := _DAY.fullmatch(cell)):
        return "-".join(reversed(parts.groups()))
    return cell


def _told(line: int, cells: Iterable[tuple[Column, str, bool]], problems: list[RowFault]) -> Item:
    """Return what cells tell of their columns, each with whether it comes from CSV or a spreadsheet."""
    values: dict[str, Any] = {}
    for column, cell, neutralised in cells:
        if column.name in SET_BY_LEDGER:
            continue
        try:
            values[column.name] = value(column, cell, neutralised=neutralised)
        except CellError as error:
            problems.append(RowFault(line, column.name, cell, str(error)))
    return export_row(line, values, problems)


def _drawn(cells: dict[str, str]) -> Point | str:
    if cells.get(LONGITUDE) and cells.get(LATITUDE):
        return float(cells[LONGITUDE]), float(cells[LATITUDE])
    return cells.get("geometry.wkb", "")[:60] or None
