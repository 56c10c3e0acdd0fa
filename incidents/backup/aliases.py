"""A second SQLite file, reached by Django as a database of its own for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections


@contextmanager
def opened(file: Path, using: str, alias: str) -> Iterator[str]:
    """Give the alias of a file, with the settings of the database `using` in all else; closed afterwards."""
    connections.databases[alias] = {**connections.databases[using], "NAME": str(file)}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
