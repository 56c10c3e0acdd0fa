"""Keeps what a file says, and which ids it holds, outside memory, in a file that is gone with the process."""

from __future__ import annotations

import marshal
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Self

from incidents.ledger.store import CHUNK
from incidents.loading.pipeline.parsed import Point, Sealed, settle

_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;
    CREATE TABLE piece (number INTEGER PRIMARY KEY, day INTEGER NOT NULL, facts BLOB NOT NULL);
    CREATE TABLE held (id TEXT PRIMARY KEY, line INTEGER NOT NULL, said TEXT NOT NULL,
        times INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;
    CREATE TABLE lacking (number INTEGER PRIMARY KEY, id TEXT NOT NULL);
    CREATE TABLE point (
        place TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL, times INTEGER NOT NULL,
        PRIMARY KEY (place, latitude, longitude)
    ) WITHOUT ROWID;
    BEGIN;
"""
"""It is never committed: nothing in it has to outlive the load."""

WAITING = 10_000
"""Rows, and points, in memory before they go to the file."""


class Spool:
    """Facts by the day and then in the order of the file, the ids of its rows, the published ids that it lacks.

    By the day, because the ledger's indexes are: rows in their order are written where the last ones were, and a load
    of a million does not touch every page of every index for each chunk.
    """

    def __init__(self) -> None:
        self._days: dict[int, list[Sealed]] = {}
        self._waiting = 0
        self.count = 0
        self.names: tuple[str, ...] = ()
        """Those of the facts' fields."""

    def __enter__(self) -> Self:
        # A database without a name is a temporary file that the system removes even if the process is killed.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)
        self.points = SpooledPoints(self._database)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back what it takes on the disk and of memory; nothing can be asked of it any more."""
        self._database.close()

    def hold(self, public_id: str, line: int, said: str = "") -> tuple[int, str] | None:
        """Note that the file has an id on a line, and what it says; returns line and words of an earlier such row."""
        cursor = self._database.execute(
            "INSERT OR IGNORE INTO held (id, line, said) VALUES (?, ?, ?)", (public_id, line, said)
        )
        if cursor.rowcount:
            return None
        row = self._database.execute("SELECT line, said FROM held WHERE id = ?", (public_id,)).fetchone()
        return int(row[0]), str(row[1])

    def hold_all(self, said: Sequence[tuple[str, int, str]]) -> bool:
        """Note ids, their lines and what those say, if the file had none of them so far; tells whether it did."""
        cursor = self._database.executemany("INSERT OR IGNORE INTO held (id, line, said) VALUES (?, ?, ?)", said)
        if cursor.rowcount == len(said):
            return True
        self._database.executemany("DELETE FROM held WHERE id = ? AND line = ?", [each[:2] for each in said])
        return False

    def times(self, public_id: str) -> int:
        """Count that an id occurs once more; returns how often it has by now."""
        row = self._database.execute(
            "UPDATE held SET times = times + 1 WHERE id = ? RETURNING times", (public_id,)
        ).fetchone()
        return int(row[0])

    def add(self, facts: Sealed) -> None:
        """Keep the facts of one row."""
        self._days.setdefault(facts.day, []).append(facts)
        self.count += 1
        self._waiting += 1
        if self._waiting >= WAITING:
            self._flush()

    def chunks(self) -> Iterator[list[Sealed]]:
        """Yield all facts in order, a chunk at a time."""
        self._flush()
        self._database.execute("CREATE INDEX IF NOT EXISTS piece_day ON piece (day)")
        chunk: list[Sealed] = []
        for (blob,) in self._database.execute("SELECT facts FROM piece ORDER BY day, number"):
            # Written by this process to its own nameless file, so there is nobody to distrust.
            chunk += map(Sealed._make, marshal.loads(blob))  # noqa: S302 - written by this process to its own file
            while len(chunk) >= CHUNK:
                yield chunk[:CHUNK]
                del chunk[:CHUNK]
        if chunk:
            yield chunk

    def note_lacking(self, published: Sequence[str]) -> int:
        """Keep those of some published ids that the file does not hold; returns how many they are."""
        held = self._database.execute(
            f"SELECT id FROM held WHERE id IN ({', '.join('?' * len(published))})",  # noqa: S608 - marks only
            published,
        )
        lacking = set(published).difference(row[0] for row in held)
        self._database.executemany("INSERT INTO lacking (id) VALUES (?)", [(each,) for each in sorted(lacking)])
        return len(lacking)

    def forget_lacking(self) -> None:
        """Drop what is known to be lacking, to look anew."""
        self._database.execute("DELETE FROM lacking")

    def lacking(self) -> Iterator[list[str]]:
        """Yield the published ids that the file does not hold, a chunk at a time."""
        cursor = self._database.execute("SELECT id FROM lacking ORDER BY number")
        while rows := cursor.fetchmany(CHUNK):
            yield [row[0] for row in rows]

    def _flush(self) -> None:
        self._database.executemany(
            "INSERT INTO piece (day, facts) VALUES (?, ?)",
            ((day, marshal.dumps([tuple(each) for each in facts])) for day, facts in self._days.items()),
        )
        self._days = {}
        self._waiting = 0


class SpooledPoints:
    """The points that rows give for each place, and how often: in some files as many as there are rows."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._waiting: Counter[tuple[str, Point]] = Counter()

    def add(self, about: str, said: Point) -> None:
        """Count that one row gives this point for a place."""
        self.add_all([(about, said)])

    def add_all(self, said: Iterable[tuple[str, Point]]) -> None:
        """Count that rows give these points for places."""
        self._waiting.update(said)
        if len(self._waiting) >= WAITING:
            self._flush()

    def settled(self) -> dict[str, Point]:
        """Return for each place the point that most rows give; of equals the first in the alphabet."""
        self._flush()
        rows = self._database.execute("SELECT place, latitude, longitude, times FROM point ORDER BY place")
        return {
            place: settle(((latitude, longitude), times) for _, latitude, longitude, times in same)
            for place, same in groupby(rows, key=itemgetter(0))
        }

    def _flush(self) -> None:
        self._database.executemany(
            "INSERT INTO point VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times",
            ((place, *point, times) for (place, point), times in self._waiting.items()),
        )
        self._waiting.clear()
