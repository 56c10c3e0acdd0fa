"""`profile=`: the incidents of a list in the columns of another dataset, for scripts that were written for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from incidents.codebook.profiles import EXPORT_PROFILES, ExportProfile
from incidents.exports.formats import Documents, ExportRequest, Format
from incidents.exports.text_formats import BOM, CSV
from incidents.ledger.models import LocationEntry
from incidents.query.entries import Order, entries
from incidents.query.moment import read_moment
from incidents.query.reader import documents_of, read_page
from incidents.tables.cells import neutral
from incidents_api.parameters.errors import parameter_error
from incidents_api.rest.errors import bad_parameters

MAX_COUNTRIES = 1000


def written_as(name: str, written: Format) -> Format:
    """Return the format that writes the columns of a profile. Raises a 400 problem where it has its own."""
    if not isinstance(written, CSV):
        message = f"Cannot be used with {written.format}; only with json and csv."
        error = parameter_error("profile", name, message, code="not_in_format")
        raise bad_parameters([{**error, "suggestion": None}])
    return ProfileCSV(EXPORT_PROFILES[name])


class ProfileCSV(CSV):
    """A table in the columns of another dataset."""

    def __init__(self, profile: ExportProfile) -> None:
        self.profile = profile

    def write(self, documents: Documents, asked: ExportRequest) -> Iterator[bytes]:
        """Yield the header and the lines."""
        named = countries(asked.at)
        head = self.table([])
        yield BOM + head if asked.bom else head
        for some in documents:
            yield _lines(self.profile.row(orjson.loads(document), named) for document in some)

    def table(self, rows: Iterable[list[Any]]) -> bytes:
        """The header and rows as bytes of CSV."""
        return _lines([self.profile.header, *rows])


def countries(at: int) -> dict[str, str]:
    """Names of the countries among the places that were public after a publication, by code."""
    query = entries(LocationEntry).where("kind = %s AND country <> ''", "country")
    rows = read_page(query, Order("name", descending=True), read_moment(at), None, MAX_COUNTRIES)
    places = [orjson.loads(document) for document in documents_of(rows)]
    return {place["country"]: place["name"] for place in places}


def in_columns(name: str, page: bytes) -> bytes:
    """Return a page of JSON with its records in the columns of a profile."""
    profile = EXPORT_PROFILES[name]
    body = orjson.loads(page)
    named = countries(body["as_of"])
    header = profile.header
    body["results"] = [dict(zip(header, profile.row(each, named), strict=True)) for each in body["results"]]
    return orjson.dumps(body)


def _lines(rows: Iterable[list[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode()
