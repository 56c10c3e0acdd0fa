"""Keeps what was fetched on disk until its publication is whole; what is there survives being cut off anywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from incidents.mirroring.errors import MirrorError
from incidents.mirroring.origin import Part, Query

_TABLES = """
    PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = ON; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS publication (
        seq INTEGER PRIMARY KEY, told BLOB NOT NULL, count INTEGER NOT NULL, whole INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS piece (number INTEGER PRIMARY KEY, seq INTEGER NOT NULL, changes BLOB NOT NULL);
    CREATE INDEX IF NOT EXISTS piece_of ON piece (seq, number);
    CREATE TABLE IF NOT EXISTS place (query BLOB NOT NULL);
"""
"""Deleted text is overwritten: what is redacted must not stay in a file that nobody looks at."""

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Staged:
    """A publication that was fetched, or begun to be."""

    told: Told
    count: int


class Staging:
    """A file of fetched publications and the query that goes on from them; one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, isolation_level=None, timeout=1)
            self._database.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            raise MirrorError(
                f"{path} cannot be used ({error}). Is another mirror process of this server running?"
            ) from None
        except (OSError, sqlite3.DatabaseError) as error:
            raise MirrorError(f"{path} cannot be used: {error}. Set VAR_DIR to a writable directory.") from None

    def close(self) -> None:
        """Close the file, and remove it when nothing is in it."""
        empty = not self._rows("SELECT 1 FROM publication LIMIT 1")
        self._database.close()
        if empty:
            self._path.unlink(missing_ok=True)

    def begin_after(self, head: int) -> None:
        """Forget what the ledger has already, and everything if it does not follow on that."""
        self.forget(head)
        rows = self._rows("SELECT min(seq) FROM publication")
        if rows[0][0] not in (None, head + 1):
            self.clear()

    def clear(self) -> None:
        """Forget everything."""
        with self._transaction():
            for table in ("publication", "piece", "place"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours

    def forget(self, until: int) -> None:
        """Forget the publications up to this one."""
        with self._transaction():
            for table in ("publication", "piece"):
                self._database.execute(f"DELETE FROM {table} WHERE seq <= ?", (until,))  # noqa: S608 - names of ours

    def query(self) -> Query | None:
        """Query that continues after everything downloaded so far; None if there is nothing."""
        if not self._rows("SELECT 1 FROM publication LIMIT 1"):
            return None
        rows = self._rows("SELECT query FROM place")
        return orjson.loads(rows[0][0]) if rows else None

    def keep(self, part: Part) -> None:
        """Keep a part of the feed, all of it or nothing; its last publication is whole if nothing follows."""
        by_seq: dict[int, list[Told]] = {}
        reductions = _reductions(part.said)
        for change in part.said["results"]:
            reduced = reductions.get((change["kind"], change["id"], change["revision"]))
            by_seq.setdefault(change["seq"], []).append({**change, "reduced": reduced} if reduced else change)
        last = part.said["results"][-1]["seq"] if part.next and by_seq else None
        following = part.next or {"since": str(part.said["as_of"])}
        with self._transaction():
            for told in part.said["publications"]:
                self._database.execute(
                    "INSERT INTO publication VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING",
                    (told["seq"], orjson.dumps(told)),
                )
            for seq, changes in by_seq.items():
                self._database.execute("INSERT INTO piece (seq, changes) VALUES (?, ?)", (seq, orjson.dumps(changes)))
                self._database.execute("UPDATE publication SET count = count + ? WHERE seq = ?", (len(changes), seq))
            self._database.execute("UPDATE publication SET whole = (seq IS NOT ?)", (last,))
            self._database.execute("DELETE FROM place")
            self._database.execute("INSERT INTO place VALUES (?)", (orjson.dumps(following),))

    def whole(self) -> list[Staged]:
        """Completely downloaded publications, in order."""
        rows = self._rows("SELECT told, count FROM publication WHERE whole ORDER BY seq")
        return [Staged(orjson.loads(told), count) for told, count in rows]

    def begun(self) -> Staged | None:
        """The partially downloaded publication; None if there is none."""
        rows = self._rows("SELECT told, count FROM publication WHERE NOT whole")
        return Staged(orjson.loads(rows[0][0]), rows[0][1]) if rows else None

    def pieces(self, seq: int) -> Iterator[list[Told]]:
        """Yield the changes of a publication in their order, a page's at a time."""
        for (changes,) in self._database.execute("SELECT changes FROM piece WHERE seq = ? ORDER BY number", (seq,)):
            yield orjson.loads(changes)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._database.execute(sql).fetchall()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._database)


def _reductions(said: Any) -> dict[tuple[str, str, int], int]:
    """The publication of its reduction, for each revision that belongs to one."""
    return {(each["kind"], each["id"], each["revision"]): each["publication"] for each in said.get("reductions", ())}


class _Transaction:
    """Everything or nothing."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._database.execute("ROLLBACK" if kind else "COMMIT")
