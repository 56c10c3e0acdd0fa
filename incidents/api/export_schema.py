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

As `csv`, `ndjson`, `geojson`, `parquet` (and of incidents `xlsx`), by `format`, by `Accept`, or by a suffix of the
address in place of its last slash (`{path}.csv`), this is a file. Without `limit` and `cursor` it holds every match,
however many, of one frozen state; with them, the page, and `Link` leads to the pages beside it. `X-Row-Count` says
before the first byte how many records are in it: a file with fewer is not whole. docs/exports.md tells the columns."""

HEADERS: dict[str, dict[str, Any]] = {
    "X-Row-Count": {"description": "Of files: the records in this answer.", "schema": {"type": "integer"}},
    "X-Total-Count": {"description": "Of files: all that match, where that is known.", "schema": {"type": "integer"}},
    "X-As-Of": {"description": "Of files: the publication that they are read as of.", "schema": {"type": "integer"}},
    "Link": {
        "description": "Of files with `limit` or `cursor`: the next and previous page.",
        "schema": {"type": "string"},
    },
    "Content-Disposition": {"description": "Of files: their name.", "schema": {"type": "string"}},
}


def content(kind: str, formats: tuple[type[Format], ...], document: dict[str, Any]) -> dict[str, Any]:
    """Return the media types of the files of a kind; `document` refers to the schema of one record."""
    record = orjson.dumps(RECORDS[kind])
    text = {"type": "string"}
    described: dict[type[Format], dict[str, Any]] = {
        CSV: {
            "schema": text | {"description": "A header, then a line a record."},
            "example": (line(TABLES[kind].names) + lines(TABLES[kind].columns)([record])).decode(),
        },
        NDJSON: {"schema": text | {"description": "A record a line."}, "example": record.decode() + "\n"},
        GeoJSON: {"schema": _collection(document), "example": _collected(kind)},
        Parquet: {"schema": text | {"format": "binary", "description": "GeoParquet 1.1 where there are points."}},
        XLSX: {"schema": text | {"format": "binary", "description": "One sheet with the cells of the CSV."}},
    }
    return {each.media_type: described[each] for each in formats}


def _collection(document: dict[str, Any]) -> dict[str, Any]:
    point = {
        "type": "object",
        "description": "The point, or null.",
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
