"""Documents as the bytes that they are stored as, which is what is sent.

As text they would be decoded and encoded again for nothing: with one letter beyond ASCII in each, that takes longer
than to find them.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import Buffer
from psycopg.adapt import Loader


class _BytesLoader(Loader):
    """Hands over text as its UTF-8."""

    def load(self, data: Buffer) -> bytes:
        """Return the bytes."""
        return bytes(data)


def document_sql(connection: BaseDatabaseWrapper) -> str:
    """Return the column of a revision's document, as bytes."""
    return "CAST(document AS BLOB)" if connection.vendor == "sqlite" else "document"


def fetch(connection: BaseDatabaseWrapper, sql: str, params: list[Any]) -> list[Any]:
    """Run a statement and return its rows, with columns of the type text (not of varchar) as bytes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.cursor.adapters.register_loader("text", _BytesLoader)
        cursor.execute(sql, params)
        rows: list[Any] = cursor.fetchall()
    return rows
