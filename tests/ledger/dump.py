"""All that a database holds, row by row, the tables that no model describes included."""

from __future__ import annotations

from typing import Any

from django.db import connection


def dump(prefix: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table whose name begins so, sorted by their text."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith(prefix)]
        rows: dict[str, list[tuple[Any, ...]]] = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(cursor.fetchall(), key=repr)
    return rows
