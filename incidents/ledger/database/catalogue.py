"""What a database does hold, read from its own catalogue in a few statements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE_COLUMNS = """
SELECT m.name, c.name, lower(c.type), c."notnull" AND c.dflt_value IS NULL AND NOT c.pk
FROM sqlite_master m, pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'
"""
SQLITE_OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'index')"
NAMED = re.compile(r'CONSTRAINT "([^"]+)"')

POSTGRESQL_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0
    AND NOT a.attisdropped
"""
POSTGRESQL_INDEXES = """
SELECT c.relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND i.indisvalid
"""
POSTGRESQL_CONSTRAINTS = "SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace"


@dataclass
class Live:
    """Tables with the type of each column, and which columns must be filled; names of indexes and constraints."""

    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    required: set[tuple[str, str]] = field(default_factory=set)
    indexes: set[str] = field(default_factory=set)
    constraints: set[str] = field(default_factory=set)


def live(connection: BaseDatabaseWrapper) -> Live:
    """Tables, indexes and constraints of the database, without invalid indexes of PostgreSQL."""
    found = Live()
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(SQLITE_COLUMNS if is_sqlite else POSTGRESQL_COLUMNS)
        for table, column, kind, must_be_filled in cursor.fetchall():
            found.tables.setdefault(table, {})[column] = kind.replace("character varying", "varchar")
            if must_be_filled:
                found.required.add((table, column))
        if not is_sqlite:
            found.indexes = {name for (name,) in _rows(cursor, POSTGRESQL_INDEXES)}
            found.constraints = {name for (name,) in _rows(cursor, POSTGRESQL_CONSTRAINTS)}
            return found
        for kind, name, text in _rows(cursor, SQLITE_OBJECTS):
            if kind == "index":
                found.indexes.add(name)
            else:
                found.tables.setdefault(name, {})
                found.constraints.update(NAMED.findall(text or ""))
    return found


def _rows(cursor: object, statement: str) -> list[tuple[str, ...]]:
    cursor.execute(statement)  # type: ignore[attr-defined]  # Django's cursors have no common type
    rows: list[tuple[str, ...]] = cursor.fetchall()  # type: ignore[attr-defined]  # as above
    return rows
