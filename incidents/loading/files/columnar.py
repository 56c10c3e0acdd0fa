"""Parquet and GeoParquet, a batch of rows at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from incidents.loading.errors import LoadError
from incidents.loading.files import file_limits
from incidents.loading.files.flattening import Flat, flattened, point_of
from incidents.loading.files.streams import check_ratio

GEOMETRY = "geometry"
ROWS = 500
"""Rows in memory at a time."""

WIDEST = 65_536
"""Bytes of a value where all of a column are equally long."""

VALUE_BYTES = 8
"""Bytes that a value of a list takes in memory at least."""


def records(file: IO[bytes], name: str) -> Iterator[tuple[int, Flat]]:
    """Yield the rows with their numbers, from 1; raises LoadError for a damaged file."""
    try:
        table = pq.ParquetFile(
            file,
            buffer_size=2**20,
            pre_buffer=False,
            thrift_string_size_limit=file_limits.MAX_PARTS,
            thrift_container_size_limit=10_000_000,
        )
        size = file.seek(0, io.SEEK_END)
        _check(table.metadata, name)
        _check_expansion(table, size, name)
        # Texts that are read as dictionaries, nested ones too, are not repeated.
        texts = [column.path for column in table.schema if column.physical_type == "BYTE_ARRAY"]
        table = pq.ParquetFile(file, buffer_size=2**20, pre_buffer=False, read_dictionary=texts)
        points = _points(table.schema_arrow, name)
        number = count = 0
        for batch in table.iter_batches(batch_size=ROWS, use_threads=False):
            _check_nested(batch, number, name)
            for row in _rows(batch):
                number += 1
                flat = _flat(row, points, number)
                # Values that the file holds once may be shown in every row.
                count += sum(map(len, flat.values()))
                check_ratio(count, size, name)
                yield number, flat
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


def _check_nested(batch: pa.RecordBatch, before: int, name: str) -> None:
    """Raise LoadError for a row whose lists are too long; each of their values would be copied."""
    for column in batch.columns:
        if not pa.types.is_nested(column.type) or _bytes(column) <= file_limits.MAX_ROW:
            continue
        for at in range(len(column)):
            if _bytes(column.slice(at, 1)) > file_limits.MAX_ROW:
                raise LoadError(f"{name}: row {before + at + 1} is longer than {file_limits.MAX_ROW // 2**20} MB.")


def _bytes(array: pa.Array) -> int:
    """Return how many bytes the values of an array are, each as often as it is shown."""
    if pa.types.is_dictionary(array.type):
        if pa.types.is_nested(array.type.value_type):
            return int(array.nbytes)
        lengths = pc.binary_length(array.dictionary).cast(pa.int64())
        return int(pc.sum(lengths.take(array.indices)).as_py() or 0)
    if pa.types.is_struct(array.type):
        return sum(map(_bytes, array.flatten()))
    if pa.types.is_map(array.type):
        return _bytes(array.keys) + _bytes(array.items)
    if pa.types.is_nested(array.type):
        return _bytes(array.flatten())
    return int(array.nbytes)


def _check_expansion(table: pq.ParquetFile, size: int, name: str) -> None:
    """Raise LoadError for a file that declares far more rows or values than its size would make one expect."""
    metadata = table.metadata
    check_ratio(metadata.num_rows * max(metadata.num_columns, 1), size, f"{name}: its rows")
    for number, column in enumerate(table.schema):
        if column.physical_type == "FIXED_LEN_BYTE_ARRAY" and column.length > WIDEST:
            raise LoadError(f"{name}: values of {column.path} have {column.length:,} bytes; {WIDEST:,} are the most.")
        if column.max_repetition_level:
            groups = range(metadata.num_row_groups)
            values = sum(metadata.row_group(group).column(number).num_values for group in groups)
            check_ratio(values * VALUE_BYTES, size, f"{name}: {column.path}")


def _check(metadata: Any, name: str) -> None:
    if metadata.num_columns > file_limits.MAX_COLUMNS:
        raise LoadError(f"{name} has {metadata.num_columns:,} columns; {file_limits.MAX_COLUMNS:,} are the most.")
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            check_ratio(chunk.total_uncompressed_size, chunk.total_compressed_size, f"{name}: {chunk.path_in_schema}")
