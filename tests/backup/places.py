"""Empty places to restore into: a second database of the engine of this run, and a folder for releases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from environ import Env

from tests.databases import new_database

TWO = "two"


@contextmanager
def empty_place(folder: Path) -> Iterator[str]:
    """Give the alias of a new and empty database; meanwhile VAR_DIR is the folder."""
    before, settings.VAR_DIR = settings.VAR_DIR, folder
    try:
        if connection.vendor == "sqlite":
            with _registered({"NAME": str(folder / "two.sqlite3")}):
                yield TWO
        else:
            with new_database(os.environ["DATABASE_URL"]) as url:
                found = Env.db_url_config(url)
                with _registered({"NAME": found["NAME"]}):
                    yield TWO
    finally:
        settings.VAR_DIR = before


@contextmanager
def _registered(values: dict[str, Any]) -> Iterator[None]:
    connections.databases[TWO] = {**connections.databases["default"], **values}
    try:
        yield
    finally:
        connections[TWO].close()
        del connections[TWO]
        del connections.databases[TWO]


def rows(using: str) -> dict[str, list[Any]]:
    """Return the rows of every table, sorted by their text; of migrations their names alone."""
    found: dict[str, list[Any]] = {}
    with connections[using].cursor() as cursor:
        for table in connections[using].introspection.table_names(cursor):
            if "_words_" in table or table == "sqlite_sequence":  # how FTS5 keeps the words is its own business
                continue
            columns = "app, name" if table == "django_migrations" else "*"
            cursor.execute(f'SELECT {columns} FROM "{table}"')
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
