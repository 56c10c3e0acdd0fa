"""Keeps what a file says, and which ids it holds, outside memory, in a file that is gone with the process."""

from __future__ import annotations

import marshal
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, Self

from incidents.batches import batched
from incidents.ledger.store import CHUNK
from incidents.loading.staging.parsed import Point, StagedRow, most_frequent

WAITING = 10_000
"""Rows, and points, in memory before they go to the file."""


class StagingDatabase:
    """A database without a name: a temporary file that the system removes even if the process is killed.

    It is never committed: nothing in it has to outlive the load.
    """

    tables: ClassVar[str]

    def __enter__(self) -> Self:
        self.database = sqlite3.connect("", isolation_level=None)
        self.database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768; {self.tables} BEGIN;"
        )
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back what it takes on the disk and of memory; nothing can be asked of it any more."""
        self.database.close()


class StagingFile(StagingDatabase):
    """Rows by the day and then in the order of the file, the ids of its rows, the published ids that it lacks.

    By the day, because the ledger's indexes are: rows in their order are written where the last ones were, and a load
    of a million does not touch every page of every index for each chunk.
    """

    tables = """
        CREATE TABLE piece (number INTEGER PRIMARY KEY, day INTEGER NOT NULL, rows BLOB NOT NULL);
        CREATE TABLE held (id TEXT PRIMARY KEY, line INTEGER NOT NULL, hash TEXT NOT NULL,
            times INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;
        CREATE TABLE deferred (id TEXT PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE part (id TEXT NOT NULL, line INTEGER NOT NULL, row BLOB);
        CREATE TABLE lacking (number INTEGER PRIMARY KEY, id TEXT NOT NULL);
        CREATE TABLE point (
            place TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL, times INTEGER NOT NULL,
            PRIMARY KEY (place, latitude, longitude)
        ) WITHOUT ROWID;
    """

    def __init__(self) -> None:
        self._days: dict[int, list[StagedRow]] = {}
        self._waiting = self.count = 0

    def __enter__(self) -> Self:
        super().__enter__()
        self.points = StagedPoints(self.database)
        return self

    def add_id(self, public_id: str, line: int, content_hash: str = "") -> tuple[int, str] | None:
        """Note that the file has an id on a line; returns line and content hash of an earlier row that has it."""
        cursor = self.database.execute(
            "INSERT OR IGNORE INTO held (id, line, hash) VALUES (?, ?, ?)", (public_id, line, content_hash)
        )
        if cursor.rowcount:
            return None
        row = self.database.execute("SELECT line, hash FROM held WHERE id = ?", (public_id,)).fetchone()
        return int(row[0]), str(row[1])

    def add_ids(self, rows: Sequence[tuple[str, int, str]]) -> bool:
        """Note ids, lines and content hashes if the file had none of these ids so far; tells whether it did."""
        cursor = self.database.executemany("INSERT OR IGNORE INTO held (id, line, hash) VALUES (?, ?, ?)", rows)
        if cursor.rowcount == len(rows):
            return True
        self.database.executemany("DELETE FROM held WHERE id = ? AND line = ?", [each[:2] for each in rows])
        return False

    def repeat_id(self, public_id: str) -> int:
        """Count that an id occurs once more; returns how often it has by now."""
        row = self.database.execute(
            "UPDATE held SET times = times + 1 WHERE id = ? RETURNING times", (public_id,)
        ).fetchone()
        return int(row[0])

    def add(self, row: StagedRow) -> None:
        """Keep a row."""
        self._days.setdefault(row.day, []).append(row)
        self.count += 1
        self._waiting += 1
        if self._waiting >= WAITING:
            self._flush()

    def add_parts(self, rows: Sequence[tuple[str, int, StagedRow | None]]) -> None:
        """Keep rows of incidents that may have more, by id and line; None for one that cannot be loaded."""
        self.database.executemany(
            "INSERT INTO part (id, line, row) VALUES (?, ?, ?)",
            [(public_id, line, marshal.dumps(tuple(row)) if row else None) for public_id, line, row in rows],
        )

    def parts(self) -> Iterator[tuple[str, int, StagedRow | None]]:
        """Yield the rows that were kept in parts, by id and then by line, however far apart they were."""
        for public_id, line, row in self.database.execute("SELECT id, line, row FROM part ORDER BY id, line"):
            yield public_id, line, StagedRow._make(marshal.loads(row)) if row else None  # noqa: S302 - its own file

    def forget_parts(self) -> None:
        """Give back the space of rows that were kept in parts."""
        self.database.execute("DELETE FROM part")

    def chunks(self) -> Iterator[list[StagedRow]]:
        """Yield all rows in order, a chunk at a time."""
        self._flush()
        self.database.execute("CREATE INDEX IF NOT EXISTS piece_day ON piece (day)")
        pieces = self.database.execute("SELECT rows FROM piece ORDER BY day, number")
        rows = (row for (blob,) in pieces for row in marshal.loads(blob))  # noqa: S302 - written by this process to its own file
        yield from batched(map(StagedRow._make, rows), CHUNK)

    def defer(self, rows: Iterable[StagedRow]) -> None:
        """Keep rows for the end, where they come by their ids: nobody can tell then on which days they are."""
        self.database.executemany(
            "INSERT INTO deferred (id, row) VALUES (?, ?)", [(each.id, marshal.dumps(tuple(each))) for each in rows]
        )

    def deferred(self) -> Iterator[list[StagedRow]]:
        """Yield the rows that were kept for the end, a chunk at a time."""
        rows = self.database.execute("SELECT row FROM deferred ORDER BY id")
        yield from batched((StagedRow._make(marshal.loads(row)) for (row,) in rows), CHUNK)  # noqa: S302 - as above

    def note_lacking(self, published: Sequence[str]) -> int:
        """Keep those of some published ids that the file does not hold; returns how many they are."""
        held = self.database.execute(
            f"SELECT id FROM held WHERE id IN ({', '.join('?' * len(published))})",  # noqa: S608 - marks only
            published,
        )
        lacking = set(published).difference(row[0] for row in held)
        self.database.executemany("INSERT INTO lacking (id) VALUES (?)", [(each,) for each in sorted(lacking)])
        return len(lacking)

    def forget_lacking(self) -> None:
        """Drop what is known to be lacking, to compare anew."""
        self.database.execute("DELETE FROM lacking")

    def lacking(self) -> Iterator[list[str]]:
        """Yield the published ids that the file does not hold, a chunk at a time."""
        cursor = self.database.execute("SELECT id FROM lacking ORDER BY number")
        while rows := cursor.fetchmany(CHUNK):
            yield [row[0] for row in rows]

    def _flush(self) -> None:
        pieces: list[tuple[int, Any]] = [
            (day, marshal.dumps([tuple(each) for each in rows])) for day, rows in self._days.items()
        ]
        self.database.executemany("INSERT INTO piece (day, rows) VALUES (?, ?)", pieces)
        self._days, self._waiting = {}, 0


class StagedPoints:
    """The points that rows give for each place, and how often: in some files as many as there are rows."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._waiting: Counter[tuple[str, Point]] = Counter()
        self.corners: dict[str, tuple[Point, Point]] = {}
        """South-west and north-east corner of the rows of each place, as latitude and longitude."""

    def add(self, place: str, point: Point) -> None:
        """Count that one row gives this point for a place."""
        self._waiting[place, point] += 1
        if len(self._waiting) >= WAITING:
            self._flush()

    def widen(self, place: str, point: Point) -> None:
        """Keep how far apart the rows of a place are, whether their points are those of the place or of events."""
        known = self.corners.get(place)
        if known is None:
            self.corners[place] = (point, point)
        elif not (known[0][0] <= point[0] <= known[1][0] and known[0][1] <= point[1] <= known[1][1]):
            low, high = ((f(known[at][0], point[0]), f(known[at][1], point[1])) for at, f in ((0, min), (1, max)))
            self.corners[place] = (low, high)

    def most_frequent(self) -> dict[str, Point]:
        """Return for each place the point that most rows give; of equals the first in the alphabet."""
        self._flush()
        rows = self._database.execute("SELECT place, latitude, longitude, times FROM point ORDER BY place")
        return {
            place: most_frequent(((latitude, longitude), times) for _, latitude, longitude, times in same)
            for place, same in groupby(rows, key=itemgetter(0))
        }

    def _flush(self) -> None:
        self._database.executemany(
            "INSERT INTO point VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times",
            ((place, *point, times) for (place, point), times in self._waiting.items()),
        )
        self._waiting.clear()
