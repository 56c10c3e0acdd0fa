"""Parquet and GeoParquet, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from incidents.loading.errors import LoadError
from incidents.loading.readers import limits
from incidents.loading.readers.flat import Flat, flattened, point_of
from incidents.loading.readers.streams import check_ratio

GEOMETRY = "geometry"
ROWS = 500
"""Rows in memory at a time."""


def records(file: IO[bytes], name: str) -> Iterator[tuple[int, Flat]]:
    """Yield the rows with their numbers, from 1; raises LoadError for a damaged file."""
    try:
        table = pq.ParquetFile(
            file,
            buffer_size=2**20,
            pre_buffer=False,
            thrift_string_size_limit=limits.MAX_PARTS,
            thrift_container_size_limit=10_000_000,
        )
        table = pq.ParquetFile(file, buffer_size=2**20, pre_buffer=False, read_dictionary=_texts(table.schema_arrow))
        _check(table.metadata, name)
        points = _points(table.schema_arrow, name)
        number = 0
        for batch in table.iter_batches(batch_size=ROWS, use_threads=False):
            for row in _rows(batch):
                number += 1
                yield number, _flat(row, points, number)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{name} cannot be read as Parquet: {' '.join(str(error).split())[:200]}.") from None


def declared(file: IO[bytes]) -> list[str]:
    """Return the columns that a file declares; where it has rows, nested values have a column for each path instead."""
    schema = pq.ParquetFile(file).schema_arrow
    points = _points(schema, "")
    return [
        each
        for name in schema.names
        for each in ((f"{name}.longitude", f"{name}.latitude") if name in points else (name,))
    ]


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    columns = list(zip(batch.schema.names, batch.columns, strict=True))
    for at in range(batch.num_rows):
        # A value at a time: one that is held once and shown in every row is not copied for each of them.
        yield {name: column[at].as_py() for name, column in columns}


def _flat(row: dict[str, Any], points: list[str], number: int) -> Flat:
    shapes = {name: row.pop(name) for name in points}
    flat = flattened(row, f"row {number}")
    for name, shape in shapes.items():
        point = point_of(shape) if isinstance(shape, bytes) else None
        flat[f"{name}.longitude"], flat[f"{name}.latitude"] = point or ("", "")
        if shape and point is None:
            flat[f"{name}.wkb"] = shape.hex() if isinstance(shape, bytes) else str(shape)
    return flat


def _texts(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_binary(field.type)]


def _points(schema: pa.Schema, name: str) -> list[str]:
    """Return the columns of shapes in well-known binary, as GeoParquet tells them."""
    metadata = schema.metadata or {}
    if b"geo" not in metadata:  # pandas drops it
        return [each.name for each in schema if each.name == GEOMETRY and _is_binary(each.type)]
    try:
        columns = orjson.loads(metadata[b"geo"]).get("columns", {})
    except (orjson.JSONDecodeError, AttributeError):
        raise LoadError(f"{name}: its GeoParquet metadata is damaged.") from None
    for column, about in columns.items():
        crs = about.get("crs") or {}
        code = crs.get("id", {}) if isinstance(crs, dict) else {}
        if code and (code.get("authority"), str(code.get("code"))) not in (("OGC", "CRS84"), ("EPSG", "4326")):
            raise LoadError(f"{name}: {column} is in {code}; save it as longitude and latitude (WGS 84).")
    return [column for column, about in columns.items() if about.get("encoding") == "WKB"]


def _is_binary(type_: pa.DataType) -> bool:
    return bool(pa.types.is_binary(type_.value_type if pa.types.is_dictionary(type_) else type_))


def _check(metadata: Any, name: str) -> None:
    if metadata.num_columns > limits.MAX_COLUMNS:
        raise LoadError(f"{name} has {metadata.num_columns:,} columns; {limits.MAX_COLUMNS:,} are the most.")
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            check_ratio(chunk.total_uncompressed_size, chunk.total_compressed_size, f"{name}: {chunk.path_in_schema}")
