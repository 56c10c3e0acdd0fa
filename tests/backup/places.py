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

from incidents.backup import default_database
from tests.databases import new_database

TWO = "two"


@contextmanager
def empty_place(folder: Path) -> Iterator[str]:
    """Give the alias of a new and empty database; meanwhile VAR_DIR is the folder."""
    before, settings.VAR_DIR = settings.VAR_DIR, folder
    try:
        with new_place(folder, TWO):
            yield TWO
    finally:
        settings.VAR_DIR = before


@contextmanager
def new_place(folder: Path, alias: str) -> Iterator[str]:
    """Make a new database known by an alias; gives its URL. SQLite's is in the folder."""
    if connection.vendor == "sqlite":
        file = folder / f"{alias}.sqlite3"
        with _registered(alias, str(file)):
            yield f"sqlite:///{file}"
    else:
        with new_database(os.environ["DATABASE_URL"]) as url, _registered(alias, Env.db_url_config(url)["NAME"]):
            yield url


@contextmanager
def _registered(alias: str, name: str) -> Iterator[None]:
    connections.databases[alias] = {**connections.databases["default"], "NAME": name}
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


@contextmanager
def as_default(alias: str) -> Iterator[None]:
    """Let the database of an alias be the default one for a while."""
    connections[alias].close()  # a restore puts another file in the place of what it has open
    with default_database.as_default(connections.databases[alias]["NAME"]):
        yield


def rows(alias: str) -> dict[str, list[Any]]:
    """Return the rows of every table, sorted by their text; of migrations their names alone."""
    found: dict[str, list[Any]] = {}
    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
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
