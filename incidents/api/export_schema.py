"""What OpenAPI says of the files that a list can be."""

from __future__ import annotations

from typing import Any

import orjson

from incidents.api.response_shapes import RECORDS
from incidents.exports.formats import Format
from incidents.exports.parquet import Parquet
from incidents.exports.text_formats import CSV, NDJSON, GeoJSON
from incidents.exports.workbook import XLSX
from incidents.tables import TABLES
from incidents.tables.lines import line, lines

FILES = """

You can download this list as a file: `csv`, `ndjson`, `geojson`, `parquet` and, for incidents, `xlsx`. Choose the
format with `format`, with `Accept`, or with a suffix instead of the last slash of the URL (`{path}.csv`). Without
`limit` and `cursor` a file has all matching records from one snapshot. With them it has that page, and `Link` links to
the next and previous pages. `X-Row-Count` gives the number of records. If your file has fewer, the download was cut
short. docs/exports.md describes the columns."""

HEADERS: dict[str, dict[str, Any]] = {
    "X-Row-Count": {"description": "Files only: number of records in this response.", "schema": {"type": "integer"}},
    "X-Total-Count": {
        "description": "Files only: number of all matching records, if known.",
        "schema": {"type": "integer"},
    },
    "X-As-Of": {"description": "Files only: the publication that the data is from.", "schema": {"type": "integer"}},
    "Link": {
        "description": "Files with `limit` or `cursor` only: the next and previous page.",
        "schema": {"type": "string"},
    },
    "Content-Disposition": {"description": "Files only: the file name.", "schema": {"type": "string"}},
}


def content(kind: str, formats: tuple[type[Format], ...], document: dict[str, Any]) -> dict[str, Any]:
    """Media types of the files of a kind; `document` refers to the schema of one record."""
    record = orjson.dumps(RECORDS[kind])
    text = {"type": "string"}
    described: dict[type[Format], dict[str, Any]] = {
        CSV: {
            "schema": text | {"description": "A header, then one line per record."},
            "example": (line(TABLES[kind].names) + lines(TABLES[kind].columns)([record])).decode(),
        },
        NDJSON: {"schema": text | {"description": "One record per line."}, "example": record.decode() + "\n"},
        GeoJSON: {"schema": _collection(document), "example": _collected(kind)},
        Parquet: {"schema": text | {"format": "binary", "description": "GeoParquet 1.1 if the records have points."}},
        XLSX: {"schema": text | {"format": "binary", "description": "One sheet with the cells of the CSV."}},
    }
    return {each.media_type: described[each] for each in formats}


def _collection(document: dict[str, Any]) -> dict[str, Any]:
    point = {
        "type": "object",
        "description": "The point; null if there is none.",
        "properties": {
            "type": {"type": "string", "enum": ["Point"]},
            "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        },
    }
    feature = {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"oneOf": [point, {"enum": [None]}]},
            "properties": document,
        },
        "required": ["type", "id", "geometry", "properties"],
    }
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "name": {"type": "string"},
            "as_of": {"type": "integer"},
            "numberReturned": {"type": "integer"},
            "features": {"type": "array", "items": feature},
        },
        "required": ["type", "features"],
    }


def _collected(kind: str) -> dict[str, Any]:
    record = RECORDS[kind]
    place = record.get("location", record)
    geometry = None
    if TABLES[kind].point:
        geometry = {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
    feature = {"type": "Feature", "id": record["id"], "geometry": geometry, "properties": record}
    return {
        "type": "FeatureCollection",
        "name": f"{kind}s",
        "as_of": 1,
        "numberReturned": 1,
        "features": [feature],
    }
