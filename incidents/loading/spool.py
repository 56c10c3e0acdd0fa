"""Keeps what a file says, and which ids it holds, outside memory, in a file that is gone with the process."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from incidents.ledger.store import CHUNK
from incidents.loading.facts import IncidentFacts, Part, ReportFacts

_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;
    CREATE TABLE chunk (number INTEGER PRIMARY KEY, facts BLOB NOT NULL);
    CREATE TABLE held (id TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE lacking (number INTEGER PRIMARY KEY, id TEXT NOT NULL);
    BEGIN;
"""
"""It is never committed: nothing in it has to outlive the load."""


class Spool:
    """Facts by the chunk in the order of the file, the ids of its rows, the published ids that it lacks."""

    def __init__(self) -> None:
        self._pending: list[IncidentFacts] = []
        self.count = 0

    def __enter__(self) -> Self:
        # A database without a name is a temporary file that the system removes even if the process is killed.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def hold(self, public_id: str, line: int) -> int | None:
        """Note that the file has an id on a line; returns the line of an earlier row that has it."""
        cursor = self._database.execute("INSERT OR IGNORE INTO held VALUES (?, ?)", (public_id, line))
        if cursor.rowcount:
            return None
        row = self._database.execute("SELECT line FROM held WHERE id = ?", (public_id,)).fetchone()
        return int(row[0])

    def add(self, facts: IncidentFacts) -> None:
        """Keep the facts of one row."""
        self._pending.append(facts)
        self.count += 1
        if len(self._pending) >= CHUNK:
            self._flush()

    def chunks(self) -> Iterator[list[IncidentFacts]]:
        """Yield all facts, a chunk at a time."""
        self._flush()
        for (blob,) in self._database.execute("SELECT facts FROM chunk ORDER BY number"):
            # Written by this process to its own nameless file, so there is nobody to distrust.
            yield [_unpacked(packed) for packed in pickle.loads(blob)]  # noqa: S301

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
        if self._pending:
            blob = pickle.dumps([_packed(each) for each in self._pending], protocol=pickle.HIGHEST_PROTOCOL)
            self._database.execute("INSERT INTO chunk (facts) VALUES (?)", (blob,))
            self._pending = []


def _packed(facts: IncidentFacts) -> tuple[Any, ...]:
    """Return facts as plain tuples, which pickle writes several times faster than named ones."""
    return (*facts[:-2], [tuple(part) for part in facts.parts], [tuple(report) for report in facts.reports])


def _unpacked(packed: tuple[Any, ...]) -> IncidentFacts:
    parts = tuple([Part(*part) for part in packed[-2]])
    reports = tuple([ReportFacts(*report) for report in packed[-1]])
    return IncidentFacts._make((*packed[:-2], parts, reports))
