"""Rows that are ready to be written, also by another process than the one that made them.

What SQLite costs most in Python is being handed values one by one. So the process that makes rows fills a small
database in its memory with them, and the one that writes takes that in as a whole and copies it table by table.
"""

from __future__ import annotations

import marshal
import pickle
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import count
from typing import Any, Protocol

from django.db import DatabaseError, connection

from incidents.ledger import store
from incidents.ledger.store import Sheet, quoted

TAKEN_IN = "taken_in"
"""What the database of rows is called in the connection that copies them."""

_numbers = count(1)


class Writable(Protocol):
    """Rows of several tables."""

    def write(self) -> None:
        """Insert them."""


class Sheets:
    """Rows of several tables, in the order in which they are inserted; to be `packed` if the database `takes_in`."""

    def __init__(self, sheets: Sequence[Sheet], *, packed: bool) -> None:
        self._sheets, self._packed = [sheet for sheet in sheets if sheet.rows], packed

    def write(self) -> None:
        """Insert them."""
        if self._is_packed():
            Packed(*_packed(self._sheets)).write()
            return
        for sheet in self._sheets:
            store.write(sheet)

    def __reduce__(self) -> tuple[Callable[..., Writable], tuple[Any, ...]]:
        """Pickle the rows: as the bytes of a SQLite database if they can be packed, otherwise as plain values."""
        if self._is_packed():
            image, tables = _packed(self._sheets)
            return Packed, (pickle.PickleBuffer(image), tables)
        return _plain, (pickle.PickleBuffer(marshal.dumps([tuple(sheet) for sheet in self._sheets])),)

    def _is_packed(self) -> bool:
        return self._packed and bool(self._sheets)  # SQLite gives no bytes of a database without tables


class Packed:
    """The same as a database of SQLite, given by its bytes, and its tables with their columns and numbers of rows."""

    def __init__(self, image: bytes | memoryview, tables: Sequence[tuple[str, Sequence[str], int]]) -> None:
        self._image, self._tables = image, tables

    def write(self) -> None:
        """Insert them; the database stays attached until it is `detach`.

        Raises IntegrityError with some rows written, so the transaction has to be undone then.
        """
        _take_in(self._image)
        # Python keeps a statement for its next use, which SQLite would run on the tables that this one was made for.
        once = f"/* {next(_numbers)} */"
        with connection.cursor() as cursor:
            for table, names, number in self._tables:
                columns = quoted(names)
                # The whole transaction is undone: SQLite need not note what a statement changes to undo that alone.
                into = f"INSERT OR FAIL INTO main.{table} ({columns})"
                cursor.execute(f"{into} SELECT {columns} FROM {TAKEN_IN}.{table} {once}")  # noqa: S608 - names of ours
                if cursor.rowcount != number:
                    raise DatabaseError(f"{table}: {cursor.rowcount} of {number} rows were written.")


def takes_in() -> bool:
    """True if packed rows can be written in the open transaction.

    SQLite up to 3.51 takes in a database in the place of one that this transaction has read; 3.54 does not.
    Python can be built without that part of SQLite.
    """
    if connection.vendor != "sqlite" or not hasattr(sqlite3.Connection, "serialize"):
        return False
    image, _ = _packed([Sheet("tried", ["number"], [[1]])])
    try:
        for _ in range(2):
            _take_in(image)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT number FROM {TAKEN_IN}.tried").fetchall()  # noqa: S608 - names of ours
    except sqlite3.OperationalError:
        return False
    return True


def detach() -> None:
    """Give back what the last packed rows take of memory, as soon as no transaction holds on to it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block and _is_attached():
        with connection.cursor() as cursor:
            cursor.execute(f"DETACH {TAKEN_IN}")


def _plain(plain: memoryview) -> Sheets:
    rows = marshal.loads(plain)  # noqa: S302 - written by a process of this load
    return Sheets([Sheet._make(sheet) for sheet in rows], packed=False)


def _packed(sheets: Sequence[Sheet]) -> tuple[bytes, list[tuple[str, Sequence[str], int]]]:
    tables: list[tuple[str, Sequence[str], int]] = []
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("BEGIN")
        for sheet in sheets:
            table, names, rows = store.without_empty(sheet)
            database.execute(f"CREATE TABLE {table} ({quoted(names)})")
            marks = ", ".join("?" * len(names))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of ours
            tables.append((table, tuple(names), len(rows)))
        database.execute("COMMIT")
        return database.serialize(), tables


def _take_in(image: bytes | memoryview) -> None:
    """Put an image in the place of the last one."""
    if not _is_attached():
        with connection.cursor() as cursor:
            cursor.execute(f"ATTACH ':memory:' AS {TAKEN_IN}")
    connection.connection.deserialize(image, name=TAKEN_IN)


def _is_attached() -> bool:
    with connection.cursor() as cursor:
        return any(row[1] == TAKEN_IN for row in cursor.execute("PRAGMA database_list").fetchall())
