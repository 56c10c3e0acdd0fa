"""Documents as the bytes that they are stored as, which is what is sent.

As text they would be decoded and encoded again for nothing: with one letter beyond ASCII in each, that takes longer
than to find them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from psycopg.abc import Buffer
from psycopg.adapt import Loader


class _BytesLoader(Loader):
    """Returns text columns as UTF-8 bytes."""

    def load(self, data: Buffer) -> bytes:
        """Pass the bytes of a JSON column on without decoding them."""
        return bytes(data)


def document_sql(connection: BaseDatabaseWrapper, table: str = "") -> str:
    """SQL of a revision's document as bytes, and of its format, as `shapes.current` needs them."""
    of = f"{table}." if table else ""
    document = f"CAST({of}document AS BLOB)" if connection.vendor == "sqlite" else f"{of}document"
    return f"{document}, {of}shape"


def fetch(connection: BaseDatabaseWrapper, sql: str, params: Sequence[Any], *, prepared: bool = False) -> list[Any]:
    """Run a statement and return its rows, with columns of the type text (not of varchar) as bytes.

    With `prepared` PostgreSQL plans it once a connection instead of for each request, which takes it longer than the
    reading; for statements that have one good plan, whatever their parameters are, and whose text recurs.
    """
    with _cursor(connection, prepared=prepared) as cursor:
        if connection.vendor == "postgresql":
            cursor.cursor.adapters.register_loader("text", _BytesLoader)
        cursor.execute(sql, params)
        rows: list[Any] = cursor.fetchall()
    return rows


class _PlainCursor(SQLiteCursorWrapper):
    """Turns %s into ? as it stands; Django's looks at each character of long statements."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """Replace %s with ? for SQLite's own cursor."""
        return query.replace("%s", "?").replace("%%", "%")


def _cursor(connection: BaseDatabaseWrapper, *, prepared: bool) -> Any:
    """A cursor in Django's wrapper, which converts errors and counts queries."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        cursor = connection.connection.cursor(factory=_PlainCursor)
        return connection._prepare_cursor(cursor)  # type: ignore[attr-defined]  # of Django's own, unknown to its stubs
    if not prepared:
        return connection.cursor()
    # Django's own cursors write parameters into the text, so that no two statements are alike.
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))  # type: ignore[attr-defined, call-arg]  # of Django's own and of psycopg, unknown to the stubs
