"""Databases that are copied from one that is ready, on the engine that the tests run on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.databases import new_database

FILE = "incidents.sqlite3"
"""The name under which a server keeps its database in its folder."""


@dataclass(frozen=True)
class Template:
    """A database to which nobody is connected."""

    url: str

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """Give the URL of a copy; SQLite's is the one that a server finds in a folder."""
        if self.url.startswith("postgres"):
            with new_database(os.environ["DATABASE_URL"], template=urlsplit(self.url).path[1:]) as url:
                yield url
        else:
            yield f"sqlite:///{shutil.copy(self.url.removeprefix('sqlite:///'), folder / FILE)}"


@contextmanager
def template_of_the_run(folder: Path) -> Iterator[Template]:
    """Give a copy of the database that the tests run on."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / FILE)])
        yield Template(f"sqlite:///{folder / FILE}")
    else:
        name = str(connection.settings_dict["NAME"])
        connection.close()  # PostgreSQL copies none that is in use
        with new_database(os.environ["DATABASE_URL"], template=name) as url:
            yield Template(url)
