"""The two databases to measure on, and what is loaded into them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks.data import Data
from tests.benchmarks.processes import BASELINE, OURS, Database, family, parent
from tests.databases import given_url, local_server, new_database, postgres

ENGINES = ("sqlite", "postgres")

Say = Callable[[str], object]
Loaded = tuple[Database, dict[str, Any]]


class Engine:
    """Makes databases on one engine. With `keep`, what was loaded by an earlier run is used again."""

    def __init__(self, name: str, folder: Path, *, keep: bool, say: Say) -> None:
        self.name, self.folder, self.keep, self.say = name, folder, keep, say
        self._stack = ExitStack()
        self._server = ""
        self._postmaster = 0

    @contextmanager
    def open(self) -> Iterator[Engine]:
        """Start a PostgreSQL if that is needed, and end it with all that was made on it."""
        with self._stack:
            if self.name == "postgres":
                kept = (given_url() or local_server()) if self.keep else None
                self._server = kept or self._stack.enter_context(
                    postgres(say=lambda what: self.say(f"PostgreSQL: {what}"))
                )
            yield self

    def database(self, name: str) -> Database:
        """Return a database of this name: a new one, or with `keep` the one that there is."""
        if self.name == "sqlite":
            path = self.folder / f"{name}.sqlite3"
            if not self.keep:
                path.unlink(missing_ok=True)
            return Database(f"sqlite:///{path}", self.folder)
        if self.keep:
            return Database(_kept_database(self._server, f"incidents_bench_{name}"), self.folder)
        return Database(self._stack.enter_context(new_database(self._server)), self.folder)

    def processes(self) -> list[int]:
        """Return the processes of PostgreSQL, if it runs on this machine."""
        if not self._server:
            return []
        if not self._postmaster:
            with psycopg.connect(self._server) as connection:
                self._postmaster = parent(connection.info.backend_pid)
        return family(self._postmaster) if self._postmaster else []

    def fresh(self, name: str, settings: str = OURS) -> Database:
        """Return an empty database with the tables of these settings."""
        keep, self.keep = self.keep, False
        database = self.database(name)
        self.keep = keep
        database.run(settings, "migrate")
        return database

    def loaded(self, data: Data, number: int) -> Loaded:
        """Return a database with so many incidents, and what loading them took."""
        database = self.database(f"ours_{number}")
        marker = self.folder / f"{self.name}-{number}.json"
        if self.keep and marker.exists():
            self.say(f"{number:,} incidents are there from an earlier run")
            result: dict[str, Any] = json.loads(marker.read_text())
            return database, result
        self.say(f"loading {number:,} incidents with load_incidents")
        database.run(OURS, "migrate")
        result = database.run(OURS, "load", str(written(data, number, self.folder)))
        result |= {"incidents": number, "rate": number / result["seconds"]} | database.run(OURS, "facts")
        self.say(f"  {result['rate']:,.0f} incidents/s, {result['peak'] >> 20} MB at most")
        database.run(OURS, "tune")
        if self.keep:
            marker.write_text(json.dumps(result))
        return database, result

    def baseline(self, ours: Database, number: int) -> Database:
        """Return a database in which the baseline's tables hold the same incidents."""
        database = self.database(f"baseline_{number}") if ours.on_sqlite else ours
        marker = self.folder / f"{self.name}-{number}-baseline"
        if not (self.keep and marker.exists()):
            self.say("filling the baseline's tables")
            database.run(BASELINE, "migrate")
            database.run(BASELINE, "fill", *([ours.path] if ours.on_sqlite else []))
            database.run(BASELINE, "tune")
            if self.keep:
                marker.touch()
        return database


def written(data: Data, number: int, folder: Path) -> Path:
    """Return a file with so many rows, written once."""
    path = folder / f"incidents-{number}.csv"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        data.write(unfinished, number)
        unfinished.rename(path)
    return path


def _kept_database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}".encode())
    return re.sub(r"^(\w+://[^/?]*)/?[^?]*", rf"\1/{name}", server)
