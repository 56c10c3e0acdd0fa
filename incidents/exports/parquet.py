"""Parquet, and GeoParquet 1.1 for records with a point; pyarrow is imported at the first use."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from incidents.exports.formats import Documents, ExportRequest, Format
from incidents.tables.cells import values
from incidents.tables.columns import Column

if TYPE_CHECKING:
    import pyarrow

GROUP = 15_000
"""Rows of one group, which are in memory together."""

CRS84 = {
    "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
    "type": "GeographicCRS",
    "name": "WGS 84 (CRS84)",
    "datum_ensemble": {
        "name": "World Geodetic System 1984 ensemble",
        "members": [
            {"name": "World Geodetic System 1984 (Transit)", "id": {"authority": "EPSG", "code": 1166}},
            {"name": "World Geodetic System 1984 (G730)", "id": {"authority": "EPSG", "code": 1152}},
            {"name": "World Geodetic System 1984 (G873)", "id": {"authority": "EPSG", "code": 1153}},
            {"name": "World Geodetic System 1984 (G1150)", "id": {"authority": "EPSG", "code": 1154}},
            {"name": "World Geodetic System 1984 (G1674)", "id": {"authority": "EPSG", "code": 1155}},
            {"name": "World Geodetic System 1984 (G1762)", "id": {"authority": "EPSG", "code": 1156}},
            {"name": "World Geodetic System 1984 (G2139)", "id": {"authority": "EPSG", "code": 1309}},
        ],
        "ellipsoid": {"name": "WGS 84", "semi_major_axis": 6378137, "inverse_flattening": 298.257223563},
        "accuracy": "2.0",
        "id": {"authority": "EPSG", "code": 6326},
    },
    "coordinate_system": {
        "subtype": "ellipsoidal",
        "axis": [
            {"name": "Geodetic longitude", "abbreviation": "Lon", "direction": "east", "unit": "degree"},
            {"name": "Geodetic latitude", "abbreviation": "Lat", "direction": "north", "unit": "degree"},
        ],
    },
    "scope": "Not known.",
    "area": "World.",
    "bbox": {"south_latitude": -90, "west_longitude": -180, "north_latitude": 90, "east_longitude": 180},
    "id": {"authority": "OGC", "code": "CRS84"},
}
"""Longitude, latitude in WGS 84, as PROJ writes it."""

GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"], "crs": CRS84}},
}
_POINT = struct.Struct("<BIdd")


class Parquet(Format):
    """A file of columns, whose last bytes make it readable."""

    format = "parquet"
    media_type = "application/vnd.apache.parquet"
    content_type = media_type
    flat = True
    bytes_a_row = 500
    is_light = False

    def write(self, documents: Documents, asked: ExportRequest) -> Iterator[bytes]:
        """Yield the file, a group of rows at a time."""
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        maker = _Maker(asked)
        sink = _Sink()
        with ParquetWriter(pa.PythonFile(sink, mode="w"), maker.schema, compression="zstd") as writer:
            yield sink.take()
            batches: list[pyarrow.RecordBatch] = []
            for some in documents:
                batches.append(maker.batch(some))
                if sum(batch.num_rows for batch in batches) >= GROUP:
                    writer.write_table(pa.Table.from_batches(batches), row_group_size=GROUP * 2)
                    batches = []
                    yield sink.take()
            if batches:
                writer.write_table(pa.Table.from_batches(batches), row_group_size=GROUP * 2)
        yield sink.take()


class _Maker:
    """Makes batches of one schema from documents."""

    def __init__(self, asked: ExportRequest) -> None:
        import pyarrow as pa

        self.pa = pa
        self.columns = asked.columns
        self.rows = values(self.columns)
        self.points = values([asked.table.by_name[name] for name in asked.table.point]) if asked.table.point else None
        self.types: dict[str, Any] = {
            "date": pa.date32(),
            "time": pa.timestamp("ms", tz="UTC"),
            "boolean": pa.bool_(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "list": pa.list_(pa.string()),
        }
        fields = [self._field(column) for column in self.columns]
        metadata = {"as_of": str(asked.at)}
        if self.points:
            fields.append(pa.field("geometry", pa.binary(), metadata={"description": "The point, WKB."}))
            metadata["geo"] = orjson.dumps(GEO).decode()
        self.schema = pa.schema(fields, metadata=metadata)

    def batch(self, documents: Sequence[bytes]) -> pyarrow.RecordBatch:
        """Convert documents to an Arrow record batch with the schema of the file."""
        # A page without records still has its columns.
        across = list(zip(*self.rows(documents), strict=True)) or [()] * len(self.columns)
        arrays = [self._array(column, list(cells)) for column, cells in zip(self.columns, across, strict=True)]
        if self.points:
            arrays.append(self.pa.array([_wkb(*point) for point in self.points(documents)], self.pa.binary()))
        return self.pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _field(self, column: Column) -> pyarrow.Field:
        type_ = self.types.get(column.type, self.pa.string())
        return self.pa.field(column.name, type_, metadata={"description": column.description})

    def _array(self, column: Column, cells: list[Any]) -> pyarrow.Array:
        if column.type in ("date", "time"):
            return self.pa.array(cells, self.pa.string()).cast(self.types[column.type])
        return self.pa.array(cells, self.types.get(column.type, self.pa.string()))


def _wkb(longitude: float | None, latitude: float | None) -> bytes | None:
    if longitude is None or latitude is None:
        return None
    return _POINT.pack(1, 1, longitude, latitude)


class _Sink(io.RawIOBase):
    """A file that is handed on while it is written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        """True, as pyarrow requires of a writable file."""
        return True

    def write(self, data: Any, /) -> int:
        """Keep what is written until it is taken."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Number of bytes written so far."""
        return self._at

    def take(self) -> bytes:
        """Bytes written since the last call."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
