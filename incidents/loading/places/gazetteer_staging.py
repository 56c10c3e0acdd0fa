"""Keeps what a gazetteer says outside memory, in a file that is gone with the process."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter

from incidents.loading.places.gazetteer_rows import Name, PlaceRow
from incidents.loading.staging.staging_file import StagingDatabase


class GazetteerStaging(StagingDatabase):
    """The places of a gazetteer by rank and id, further names of them, and the places of ours that they may be."""

    tables = """
        CREATE TABLE place (id INTEGER PRIMARY KEY, rank INTEGER NOT NULL, line INTEGER NOT NULL, row BLOB NOT NULL);
        CREATE TABLE name (id INTEGER NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL);
        CREATE TABLE pair (id INTEGER NOT NULL, location INTEGER NOT NULL, km REAL);
    """
    count = 0

    def add(self, row: PlaceRow, line: int) -> int | None:
        """Keep a place; returns the line of an earlier one with its id, which stays."""
        blob = pickle.dumps(tuple(row), protocol=pickle.HIGHEST_PROTOCOL)
        statement = "INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?)"
        if self.database.execute(statement, (row.id, row.rank, line, blob)).rowcount:
            self.count += 1
            return None
        found = self.database.execute("SELECT line FROM place WHERE id = ?", (row.id,)).fetchone()
        return int(found[0])

    def holds(self, number: int) -> bool:
        """Tell whether there is a place of that id."""
        return self.database.execute("SELECT 1 FROM place WHERE id = ?", (number,)).fetchone() is not None

    def add_name(self, number: int, name: Name) -> None:
        """Keep one more name of a place, or its id in Wikidata as language `wkdt`."""
        self.database.execute("INSERT INTO name VALUES (?, ?, ?, ?)", (number, *name))

    def index(self) -> None:
        """Make what is needed to read it: all places and names have been added."""
        self.database.execute("CREATE INDEX place_rank ON place (rank, id)")
        self.database.execute("CREATE INDEX name_id ON name (id)")

    def chunks(self, rank: int, size: int) -> Iterator[list[PlaceRow]]:
        """Yield the places of a rank by id, with all their names, a chunk at a time."""
        last = 0
        while rows := self.database.execute(
            "SELECT id, row FROM place WHERE rank = ? AND id > ? ORDER BY id LIMIT ?", (rank, last, size)
        ).fetchall():
            last = rows[-1][0]
            further = self._names([number for number, _ in rows])
            yield [PlaceRow._make(pickle.loads(blob)).with_names(further.get(number, ())) for number, blob in rows]  # noqa: S301 - written by this process to its own file

    def _names(self, numbers: Sequence[int]) -> dict[int, list[Name]]:
        marks = ", ".join("?" * len(numbers))
        query = f"SELECT id, name, language, kind FROM name WHERE id IN ({marks}) ORDER BY id, rowid"  # noqa: S608 - marks only
        with closing(self.database.execute(query, numbers)) as rows:
            return {number: [row[1:] for row in same] for number, same in groupby(rows, key=itemgetter(0))}

    def pair(self, pairs: Iterable[tuple[int, int, float | None]]) -> None:
        """Keep that a place may be one of ours, and how far apart they are."""
        self.database.executemany("INSERT INTO pair VALUES (?, ?, ?)", pairs)

    def take_pairs(self) -> dict[int, list[tuple[int, float | None]]]:
        """Return, and forget, which places of the gazetteer each of ours may be: by key, id and distance."""
        rows = self.database.execute("SELECT location, id, km FROM pair ORDER BY location, km, id").fetchall()
        self.database.execute("DELETE FROM pair")
        return {location: [row[1:] for row in same] for location, same in groupby(rows, key=itemgetter(0))}
