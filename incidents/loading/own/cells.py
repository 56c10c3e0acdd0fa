"""CSV, spreadsheet and Parquet exports: a row of cells each, by the names of the columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from incidents.loading.errors import BadRow, LoadError, Problem
from incidents.loading.own.told import Item, Point, told, with_point
from incidents.loading.readers import TableFile
from incidents.tables import Column, Table
from incidents.tables.back import CellError, value
from incidents_api.rest.errors import nearest

NEEDED = ("id", "revision")
LONGITUDE, LATITUDE = "geometry.longitude", "geometry.latitude"
"""What the reader of GeoParquet makes of a geometry; `geometry.wkb` where it is no point."""


def from_cells(path: Path, table: Table) -> Iterator[Item]:
    """Yield what each row tells; raises LoadError for a file without the columns that are needed, or with others."""
    with TableFile(path) as file:
        header = list(file.header)
        columns = _columns(header, table)
        neutralised = file.form != "Parquet"
        drawing = {name: at for at, name in enumerate(header) if name.startswith("geometry.")}
        for line, cells in file.rows():
            if len(cells) != len(columns):
                expected = f"{len(columns)}, as many as the header has"
                yield BadRow([Problem(line, "", f"{len(cells)} cells", expected)])
                continue
            item = _row(line, columns, cells, neutralised=neutralised)
            drawn = {name: cells[at] for name, at in drawing.items()}
            yield with_point(item, table, _drawn(drawn)) if drawing else item


def _columns(header: Sequence[str], table: Table) -> list[Column | None]:
    """Return the columns that the header names; None for the parts of a geometry."""
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise LoadError(
            f"The file has no column {' and '.join(missing)}: without id and revision nobody can tell whether a record "
            "was changed meanwhile. Export with fields=id,revision,… or with all columns."
        )
    twice = sorted({name for name in header if list(header).count(name) > 1})
    if twice:
        raise LoadError(f"The file has more than one column {', '.join(twice)}.")
    for name in header:
        if name not in table.by_name and not name.startswith("geometry."):
            hint = nearest(name, table.names)
            raise LoadError(f"{name!r} is no column of {table.kind}s{f'; did you mean {hint!r}?' if hint else '.'}")
    return [table.by_name.get(name) for name in header]


def _row(line: int, columns: Sequence[Column | None], cells: Sequence[str], *, neutralised: bool) -> Item:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, cell in zip(columns, cells, strict=True):
        if column is None or column.name == "published":
            continue
        try:
            values[column.name] = value(column, cell, neutralised=neutralised)
        except CellError as error:
            problems.append(Problem(line, column.name, cell, str(error)))
    return told(line, values, problems)


def _drawn(cells: dict[str, str]) -> Point | str:
    if cells.get(LONGITUDE) and cells.get(LATITUDE):
        return float(cells[LONGITUDE]), float(cells[LATITUDE])
    return cells.get("geometry.wkb", "")[:60] or None
