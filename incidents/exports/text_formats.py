"""CSV, NDJSON and GeoJSON, which are written as they are read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from incidents.exports.formats import Documents, ExportRequest, Format, chosen
from incidents.tables.cells import properties
from incidents.tables.lines import line, lines

INCOMPLETE = "INCOMPLETE: the server could not finish this file. Download it again."
BOM = b"\xef\xbb\xbf"

Features = Callable[[Iterable[bytes]], Iterator[bytes]]


class CSV(Format):
    """A table of text: a header, then a line a record."""

    format = "csv"
    media_type = "text/csv"
    content_type = "text/csv; charset=utf-8; header=present"
    flat = True
    bytes_a_row = 1200
    takes = frozenset({"hxl", "bom"})
    broken = f'"{INCOMPLETE}'.encode()  # a quotation mark that is never closed: parsers refuse it, or lack the rows

    def write(self, documents: Documents, asked: ExportRequest) -> Iterator[bytes]:
        """Yield the header, the HXL tags if requested, and the lines."""
        columns = asked.columns
        head = line(column.name for column in columns)
        if asked.hxl:
            head += line(column.hxl for column in columns)
        yield BOM + head if asked.bom else head
        made = lines(columns)
        for some in documents:
            yield made(some)


class NDJSON(Format):
    """A document a line, as it was published."""

    format = "ndjson"
    media_type = "application/x-ndjson"
    content_type = media_type
    bytes_a_row = 3500
    broken = f'{{"error":"{INCOMPLETE}'.encode()  # never closed, so no JSON

    def write(self, documents: Documents, asked: ExportRequest) -> Iterator[bytes]:
        """Yield the lines."""
        for some in documents:
            if asked.fields:
                some = [chosen(document, asked.fields) for document in some]
            if some:
                yield b"\n".join(some) + b"\n"


class FeatureFormat(Format):
    """A FeatureCollection (RFC 7946), or one Feature of it."""

    media_type = "application/geo+json"
    content_type = media_type

    def write(self, documents: Documents, asked: ExportRequest) -> Iterator[bytes]:
        """Yield the collection; it is valid JSON only with its last bytes."""
        head = {"type": "FeatureCollection", "name": asked.title, "as_of": asked.at, "numberReturned": asked.rows}
        yield orjson.dumps(head)[:-1] + b',"features":['
        made = self.features(asked)
        separator = b"\n"
        for some in documents:
            features = list(made(some))
            if features:
                yield separator + b",\n".join(features)
                separator = b",\n"
        yield b"\n]}\n"

    @abstractmethod
    def features(self, asked: ExportRequest) -> Features:
        """Function that converts stored documents to features."""


class GeoJSON(FeatureFormat):
    """Features whose properties are the columns of the table: words, numbers, dates, and nothing nested."""

    format = "geojson"
    flat = True
    bytes_a_row = 2500

    def features(self, asked: ExportRequest) -> Features:
        """Function that converts stored documents to features."""
        columns = [column for column in asked.columns if not column.is_nested]
        names = [column.name for column in columns]
        point = [asked.table.by_name[name] for name in asked.table.point or ()]
        rows = properties([*columns, *point])

        def made(documents: Iterable[bytes]) -> Iterator[bytes]:
            for row in rows(documents):
                told = dict(zip(names, row, strict=False))
                place = row[len(names) :] if point else (None, None)
                yield orjson.dumps(_feature(told["id"], *place) | {"properties": told})

        return made


class NestedGeoJSON(FeatureFormat):
    """Features whose properties are the documents."""

    format = "nested.geojson"
    bytes_a_row = 3700

    def features(self, asked: ExportRequest) -> Features:
        """Function that converts stored documents to features."""
        parent = asked.table.by_name["latitude"].path[:-1] if asked.table.point else None

        def made(documents: Iterable[bytes]) -> Iterator[bytes]:
            for document in documents:
                parsed = part = orjson.loads(document)
                for name in parent or ():
                    part = part[name]
                place = (None, None) if parent is None else (part["longitude"], part["latitude"])
                head = orjson.dumps(_feature(parsed["id"], *place))
                yield head[:-1] + b',"properties":' + chosen(document, asked.fields) + b"}"

        return made


def _feature(record_id: str, longitude: float | None, latitude: float | None) -> dict[str, Any]:
    """Return a feature without its properties; without a point its geometry is null."""
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": record_id, "geometry": point}
