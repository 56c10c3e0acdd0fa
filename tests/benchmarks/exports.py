"""How long exports of everything take and what they weigh, against the database's own CSV of the same.

Each format is asked of a server of its own, so that its first byte is that of a new process and its memory no other's.
For the floor, the CSV that came is imported into a table of its own and read out again: by `COPY … CSV` on PostgreSQL,
by `sqlite3 -csv` on SQLite.
"""

from __future__ import annotations

import csv
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psycopg
from psycopg import sql

from tests.benchmarks.engines import Engine
from tests.benchmarks.inside import status_bytes
from tests.benchmarks.processes import OURS, Database, Server, family, server

FORMATS = ("csv", "ndjson", "geojson", "parquet")
TARGETS = {"csv": 4, "ndjson": 3}
"""Times the floor, at most."""

PIECE = 2**18


class Memory:
    """The most that any one process of a server had of its own."""

    def __init__(self) -> None:
        self.peak = 0

    @contextmanager
    def watching(self, running: Server) -> Iterator[None]:
        """Look every tenth of a second while the block lasts."""
        done = threading.Event()

        def look() -> None:
            while not done.wait(0.1):
                sizes = [status_bytes("RssAnon", str(process)) for process in family(running.process.pid)]
                self.peak = max(self.peak, *sizes)

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def measure(engine: Engine, database: Database) -> Iterator[str]:
    """Yield lines that tell it."""
    taken: dict[str, float] = {}
    table = engine.folder / "all.csv"
    for ending in FORMATS:
        path, memory = engine.folder / f"all.{ending}", Memory()
        with server(database, OURS, engine.folder / "servers.log") as running, memory.watching(running):
            first, taken[ending], rows = _timed(f"{running.address}/api/v1/incidents.{ending}", path)
        told = f"first byte {first:.2f} s, {taken[ending]:.1f} s, {path.stat().st_size / 1e6:,.0f} MB"
        yield f"{ending:8} {rows:,} rows, {told}, {memory.peak >> 20} MB of memory in one process at most"
        if path != table:
            path.unlink()
    least, what = _floor(engine, table)
    table.unlink()
    yield f"{what} of the same rows and columns: {least:.1f} s"
    for ending, most in TARGETS.items():
        ratio = taken[ending] / least
        yield f"{ending:8} {ratio:.2f} times that, at most {most}: {'met' if ratio <= most else 'NOT met'}"


def _timed(address: str, path: Path) -> tuple[float, float, int]:
    """Save an answer; returns seconds to the first byte, seconds in all, and the rows that it promised."""
    began = time.perf_counter()
    with urlopen(address) as answer, path.open("wb") as file:
        piece = answer.read(1)
        first = time.perf_counter() - began
        while piece:
            file.write(piece)
            piece = answer.read(PIECE)
        return first, time.perf_counter() - began, int(answer.headers["X-Row-Count"])


def _floor(engine: Engine, table: Path) -> tuple[float, str]:
    """Return how long the database takes for the same, and what was asked of it."""
    if engine.name == "sqlite":
        return _of_sqlite(engine.folder / "floor.sqlite3", table), "sqlite3 -csv"
    return _of_postgres(engine.database("floor"), table), "COPY TO … CSV"


def _of_sqlite(path: Path, table: Path) -> float:
    path.unlink(missing_ok=True)
    subprocess.run(["sqlite3", path, ".mode csv", f".import {table} flat"], check=True)
    copy = path.with_suffix(".csv")
    began = time.perf_counter()
    with copy.open("wb") as out:
        subprocess.run(["sqlite3", "-csv", path, "SELECT * FROM flat"], check=True, stdout=out)
    taken = time.perf_counter() - began
    path.unlink()
    copy.unlink()
    return taken


def _of_postgres(database: Database, table: Path) -> float:
    copy = table.with_suffix(".copy")
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS flat")
        with table.open(newline="", encoding="utf-8") as file:
            names = next(csv.reader(file))
        columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in names)
        connection.execute(sql.SQL("CREATE TABLE flat ({})").format(columns))
        with table.open("rb") as rows, connection.cursor().copy("COPY flat FROM STDIN (FORMAT csv, HEADER)") as into:
            while piece := rows.read(PIECE):
                into.write(piece)
        began = time.perf_counter()
        with copy.open("wb") as out, connection.cursor().copy("COPY flat TO STDOUT (FORMAT csv, HEADER)") as written:
            for data in written:
                out.write(data)
        taken = time.perf_counter() - began
        connection.execute("DROP TABLE flat")
    copy.unlink()
    return taken
