"""Writes the tables of a release: each kind as CSV, incidents and places also as GeoJSON and GeoParquet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from incidents.exports.formats import ExportRequest, Format
from incidents.exports.parquet import Parquet
from incidents.exports.text_formats import CSV, GeoJSON, NestedGeoJSON
from incidents.query.entries import EntryQuery
from incidents.releasing.contents import Contents, Documents
from incidents.schema import PLURALS

PARTED_FROM = 100_000
"""Number of incidents from which on Parquet is partitioned by year, about 30 MB."""

Reached = Callable[[int], None]
"""Receives the number of records written, over all files."""


class Tables:
    """Writes into a folder, and counts."""

    def __init__(self, folder: Path, contents: Contents, reached: Reached, parted_from: int = PARTED_FROM) -> None:
        self.folder, self.contents, self._reached, self._parted_from = folder, contents, reached, parted_from
        self._done = 0
        self.counts: dict[str, int] = {}

    def write(self) -> None:
        """Write all tables; raises CutError where a redaction comes in between."""
        for kind, plural in PLURALS.items():
            self.counts[kind] = self._file(f"{plural}.csv", kind, CSV())
        for kind in ("incident", "location"):
            self._file(f"{PLURALS[kind]}.geojson", kind, self._geojson())
        if self.counts["incident"] < self._parted_from:
            self._file("incidents.parquet", "incident", Parquet())
            return
        for year, query in self.contents.years():
            self._file(f"incidents/year={year}/part-0.parquet", "incident", Parquet(), query)

    def _file(self, path: str, kind: str, written: Format, query: EntryQuery | None = None) -> int:
        rows, documents = self.contents.stream(kind, query)
        own = self.contents.own_columns() if kind == "incident" else ()
        asked = ExportRequest(kind, rows, self.contents.moment.at, own=own, of=self.contents.edition.tables[kind])
        write(self.folder / path, written.write(self._told(documents), asked))
        return rows

    def _geojson(self) -> Format:
        """Features with the columns of the table; releases of the first layout have documents there."""
        return GeoJSON() if self.contents.edition.layout > 1 else NestedGeoJSON()

    def _told(self, documents: Documents) -> Documents:
        for some in documents:
            yield some
            self._done += len(some)
            self._reached(self._done)


def passes(kind: str) -> int:
    """How many times the records of a kind are written: once per file format."""
    return {"incident": 3, "location": 2}.get(kind, 1)


def write(file: Path, pieces: Iterable[bytes]) -> None:
    """Write a file and see that it is on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        for piece in pieces:
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
