"""CSV, NDJSON and GeoJSON, which are written as they are read."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from incidents.exports.formats import Documents, ExportRequest, Format, chosen
from incidents.tables.lines import line, lines

INCOMPLETE = "INCOMPLETE: the server could not finish this file. Download it again."
BOM = b"\xef\xbb\xbf"


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


class GeoJSON(Format):
    """A FeatureCollection (RFC 7946); the properties of a feature are the document."""

    format = "geojson"
    media_type = "application/geo+json"
    content_type = media_type
    bytes_a_row = 3700

    def write(self, documents: Documents, asked: ExportRequest) -> Iterator[bytes]:
        """Yield the collection; it is valid JSON only with its last bytes."""
        head = {"type": "FeatureCollection", "name": asked.title, "as_of": asked.at, "numberReturned": asked.rows}
        yield orjson.dumps(head)[:-1] + b',"features":['
        parent = asked.table.by_name["latitude"].path[:-1] if asked.table.point else None
        separator = b"\n"
        for some in documents:
            features = [_feature(document, parent, asked) for document in some]
            if features:
                yield separator + b",\n".join(features)
                separator = b",\n"
        yield b"\n]}\n"


def _feature(document: bytes, parent: tuple[str, ...] | None, asked: ExportRequest) -> bytes:
    parsed = orjson.loads(document)
    part = parsed
    for name in parent or ():
        part = part[name]
    geometry = b"null"
    if parent is not None and part["latitude"] is not None:
        geometry = b'{"type":"Point","coordinates":[%b,%b]}' % (
            orjson.dumps(part["longitude"]),
            orjson.dumps(part["latitude"]),
        )
    head = b'{"type":"Feature","id":%b,"geometry":%b,"properties":' % (orjson.dumps(parsed["id"]), geometry)
    return head + chosen(document, asked.fields) + b"}"
