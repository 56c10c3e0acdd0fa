"""What one row of an export says, whatever the format was, and the point that it may draw besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from incidents.loading.errors import BadRow, RowFault
from incidents.tables import Table
from incidents.text_checks import STORABLE, is_storable, leaves

SET_BY_LEDGER = ("published", "first_published")
"""Columns that are not read: times that no file can set."""

Point = tuple[float, float] | None
"""Longitude and latitude; None: no point."""


class ExportRow(NamedTuple):
    """One row; `revision` is None where none is given, which a new record has not."""

    line: int
    id: str
    revision: int | None
    values: dict[str, Any]
    """Of all other columns that the file has."""


Item = ExportRow | BadRow


def export_row(line: int, values: dict[str, Any], problems: Sequence[RowFault]) -> Item:
    """Return what a row says, or what is wrong with it."""
    problems = list(problems)
    public_id = values.pop("id", None) or ""
    revision = values.pop("revision", None)
    if not public_id:
        problems.append(RowFault(line, "id", "", "the id of the record"))
    for name, value in values.items():
        if any(isinstance(each, str) and not is_storable(each) for pair in leaves(value) for each in pair):
            problems.append(RowFault(line, name, value if isinstance(value, str) else str(value), STORABLE))
    return BadRow(problems, public_id) if problems else ExportRow(line, public_id, revision, values)


def with_point(item: Item, table: Table, drawn: Point | str) -> Item:
    """Return a row with the point that its geometry draws, or what is wrong with that; a text is no point.

    Where columns give the point as well and say another one, nobody can know which of the two was edited.
    """
    if isinstance(item, BadRow) or table.point is None:
        return item
    longitude, latitude = table.point
    if isinstance(drawn, str):
        return BadRow([RowFault(item.line, "geometry", drawn, "a point, or none")], item.id)
    in_columns = {name: item.values[name] for name in table.point if name in item.values}
    values: Mapping[str, Any] = dict(zip(table.point, drawn or (None, None), strict=True))
    if in_columns and in_columns != values:
        expected = f"{in_columns}, as {longitude} and {latitude} tell; to move it, change those as well"
        return BadRow([RowFault(item.line, "geometry", str(values), expected)], item.id)
    return item._replace(values={**item.values, **values})
