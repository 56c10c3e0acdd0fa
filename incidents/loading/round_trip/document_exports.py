"""NDJSON and GeoJSON exports, a line or a feature each: documents as they are published, or columns of the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import orjson

from incidents.loading.errors import BadRow, LoadError, RowFault
from incidents.loading.files import json_files
from incidents.loading.files.streams import numbered_lines
from incidents.loading.round_trip.row_content import SET_BY_LEDGER, Item, Point, export_row, with_point
from incidents.loading.round_trip.table_exports import from_record
from incidents.tables import Table
from incidents.tables.cell_parsing import picked
from incidents.tables.cells import ATTRIBUTES

SHAPE = "a record of the same shape as the export"
FEATURE = "a Feature with the record as its properties"
PYTHON = (
    "an object, as in the export. Programs that know no objects (geopandas, QGIS) write them as texts of their own; "
    "edit the CSV or Parquet export with those"
)


def from_lines(file: IO[bytes], table: Table) -> Iterator[Item]:
    """Yield what each line of NDJSON tells; raises LoadError where a line is no JSON."""
    for number, raw in numbered_lines(file):
        if raw.strip():
            yield _document(number, _parsed(number, raw), table)


def from_features(file: IO[bytes], name: str, table: Table) -> Iterator[Item]:
    """Yield what each feature of a FeatureCollection tells; raises LoadError where the collection is not whole."""
    for line, raw in json_files.objects(file, name):
        feature = _parsed(line, raw)
        if not isinstance(feature, dict) or "properties" not in feature:
            yield BadRow([RowFault(line, "", raw[:40].decode(errors="replace"), FEATURE)])
            continue
        yield with_point(_properties(line, feature["properties"], table), table, _drawn(feature))


def _parsed(line: int, raw: bytes) -> Any:
    try:
        return json_files.loaded(raw)
    except orjson.JSONDecodeError as error:
        raise LoadError(f"line {line}: no valid JSON: {error}. Is the file whole?") from None


def _properties(line: int, properties: Any, table: Table) -> Item:
    """Return what properties tell: columns of the table where any of them can be nothing else, else a document."""
    if isinstance(properties, dict) and _are_columns(properties, table):
        return from_record(line, properties, table, neutralised=False)
    return _document(line, properties, table)


def _are_columns(properties: dict[str, Any], table: Table) -> bool:
    tops = {column.top for column in table.columns}
    lists = [column.name for column in table.columns if column.type == "list" and column.path == (column.name,)]
    if any(name in table.by_name for name in properties if name not in tops):
        return True
    return any(not isinstance(properties[name], list) for name in lists if name in properties)


def _document(line: int, document: Any, table: Table) -> Item:
    if not isinstance(document, dict):
        return BadRow([RowFault(line, "", str(document)[:40], "a record, {…}")])
    tops = {column.top for column in table.columns} | {ATTRIBUTES}
    strange = [name for name in document if name not in tops]
    if any(name in table.by_name for name in strange):
        return from_record(line, document, table)
    problems = [RowFault(line, name, "", f"a field of {table.kind}s; this is none") for name in strange]
    problems += [
        RowFault(line, name, document[name], PYTHON)
        for name in dict.fromkeys(column.top for column in table.columns if len(column.path) > 1)
        if isinstance(document.get(name), str)
    ]
    if table.kind == "incident":
        problems += _unknown_fields(line, document.get(ATTRIBUTES), table)
    if problems:
        return BadRow(problems, str(document.get("id") or ""))
    here = [column for column in table.columns if column.top in document and column.name not in SET_BY_LEDGER]
    try:
        values = {column.name: picked(column, document) for column in here}
    except (AttributeError, KeyError, TypeError):
        return BadRow([RowFault(line, "", orjson.dumps(document)[:40].decode(errors="replace"), SHAPE)])
    return export_row(line, values, [])


def _unknown_fields(line: int, values: Any, table: Table) -> list[RowFault]:
    """Return what is wrong with the names of own fields: no public dataset declares them."""
    if not isinstance(values, dict):
        return [] if values is None else [RowFault(line, ATTRIBUTES, str(values)[:40], "an object of names and values")]
    own = [column for column in table.columns if column.top == ATTRIBUTES]
    known = {name for column in own for name in (column.path[1], *column.formerly)}
    return [
        RowFault(line, f"{ATTRIBUTES}.{name}", str(values[name])[:40], "a field that a public dataset declares")
        for name in values
        if name not in known
    ]


def _drawn(feature: dict[str, Any]) -> Point | str:
    """Return the point of a feature, None where it has no geometry, the geometry's text where that is no point."""
    match feature.get("geometry"):
        case None:
            return None
        case {"type": "Point", "coordinates": [int() | float() as longitude, int() | float() as latitude, *_]}:
            return longitude, latitude
        case other:
            return orjson.dumps(other)[:60].decode(errors="replace")
