"""Writes many rows the fastest way each database has, and the indexes that Django's models do not describe.

SQLite keeps words in FTS5 tables by the entry's key, PostgreSQL in a tsvector column with a GIN index. They are made in
the ledger's second migration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

CHUNK = 1000
"""Records a statement; bounds memory and stays below SQLite's limit of variables."""


AT_ONCE, NARROW = 50, 16
"""Rows that SQLite is given at once, where they have so few columns."""


def words_table(entry: type[Model]) -> str:
    """Name of SQLite's word index for an entry model."""
    return f"{entry._meta.db_table}_words"


def columns(model: type[Model]) -> list[str]:
    """Column names of a model, in the order of its fields."""
    return [str(field.column) for field in model._meta.concrete_fields]


def moment(at: datetime) -> str:
    """A time as stored, as text that can be sent to another process."""
    return str(connection.ops.adapt_datetimefield_value(at))


class Sheet(NamedTuple):
    """Rows of a table, values as the database driver takes them in the order of these columns."""

    table: str
    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


def sheet(model: type[Model], rows: Sequence[Sequence[Any]]) -> Sheet:
    """Rows as a sheet, in the order of `columns(model)`."""
    return Sheet(model._meta.db_table, columns(model), rows)


def entry_sheets(
    model: type[Model], rows: Sequence[Sequence[Any]], words: Sequence[str], vendor: str
) -> Sequence[Sheet]:
    """Entries and their words (joined by spaces per record) as sheets for a database engine."""
    table, names = model._meta.db_table, columns(model)
    if vendor == "postgresql":
        vectors = ["'" + text.replace(" ", "' '") + "'" if text else "" for text in words]
        return [Sheet(table, [*names, "words"], [(*row, each) for row, each in zip(rows, vectors, strict=True)])]
    # In the order of keys: FTS5 writes out what it has gathered whenever a row id is less than the one before.
    in_order = sorted(zip(rows, words, strict=True), key=lambda pair: pair[0][0])
    texts = [(row[0], text) for row, text in in_order]
    return [Sheet(table, names, [row for row, _ in in_order]), Sheet(words_table(model), ["rowid", "words"], texts)]


def write(sheet: Sheet) -> None:
    """Insert the rows of a sheet."""
    if not sheet.rows:
        return
    if connection.vendor == "postgresql":
        table, names, rows = sheet
        into = f"COPY {table} ({quoted(names)}) FROM STDIN"
        # What goes wrong in there does not pass through Django's cursor, which would make its own errors of it.
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
        return
    table, names, rows = without_empty(sheet)
    insert = f"INSERT INTO {table} ({quoted(names)}) VALUES "
    marks = f"({', '.join(['%s'] * len(names))})"
    # Of rows that are soon written a good part is what comes with each statement.
    many = AT_ONCE if len(names) <= NARROW else 1
    whole = len(rows) - len(rows) % many
    with connection.cursor() as cursor:
        if several := [list(chain.from_iterable(rows[at : at + many])) for at in range(0, whole, many)]:
            cursor.executemany(insert + ", ".join([marks] * many), several)
        if whole < len(rows):
            cursor.executemany(insert + marks, rows[whole:])


def without_empty(sheet: Sheet) -> Sheet:
    """Omit columns that are null in all rows, because binding a null is slow in Python's SQLite."""
    table, names, rows = sheet
    filled = [at for at in range(len(names)) if any(row[at] is not None for row in rows)]
    if len(filled) in (1, len(names)):
        return sheet
    pick = itemgetter(*filled)
    return Sheet(table, pick(names), list(map(pick, rows)))


def quoted(names: Iterable[str]) -> str:
    """Quote column names and join them with commas, for a SQL statement."""
    return ", ".join(f'"{name}"' for name in names)


def erase_entries(model: type[Model], keys: Sequence[int]) -> None:
    """Delete entries with all that the indexes know of them (a redaction)."""
    tables = [(model._meta.db_table, "key")]
    if connection.vendor == "sqlite":
        tables.append((words_table(model), "rowid"))
    with connection.cursor() as cursor:
        for table, column in tables:
            cursor.executemany(f"DELETE FROM {table} WHERE {column} = %s", [(key,) for key in keys])


def forget_erased_words(model: type[Model]) -> None:
    """Take the words of erased entries out of SQLite's word index, which else keeps them until it merges its parts."""
    if connection.vendor == "sqlite":
        words = words_table(model)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {words}({words}) VALUES ('optimize')")


def sample(model: type[Model]) -> None:
    """Run ANALYZE on PostgreSQL, so that the planner knows the new rows of the open transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
