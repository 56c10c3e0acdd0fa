"""What a database must hold after the migrations that it says were applied: tables, columns, indexes, constraints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import CheckConstraint, Model, UniqueConstraint

from incidents.ledger.models import ENTRIES
from incidents.ledger.store import words_table

OURS = ("incidents", "ledger")
"""Apps whose types, indexes and constraints are looked for; of others only tables and columns."""

SHADOWS = ("", "_data", "_idx", "_content", "_docsize", "_config")
"""A word index of SQLite, and the tables in which FTS5 keeps it."""


@dataclass
class Expected:
    """Tables with the type of each column (empty: any), statements of indexes, tables of constraints; all by name."""

    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    indexes: dict[str, str] = field(default_factory=dict)
    constraints: dict[str, str] = field(default_factory=dict)


def expected(apps: Apps, connection: BaseDatabaseWrapper, *, words: bool) -> Expected:
    """Schema that the models of `apps` need; `words` adds the word indexes, which no model declares."""
    found = Expected()
    # Not entered: entering would begin a transaction, and here nothing but text is made.
    editor = connection.schema_editor(collect_sql=True)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            ours = model._meta.app_label in OURS
            columns = ((str(each.column), each.db_type(connection)) for each in model._meta.local_concrete_fields)
            found.tables[model._meta.db_table] = {name: kind.lower() if ours else "" for name, kind in columns if kind}
            if ours:
                found.indexes.update(_indexes(model, editor))
                found.constraints.update(_constraints(model))
    if words:
        _add_words(found, connection.vendor)
    return found


def _indexes(model: type[Model], editor: BaseDatabaseSchemaEditor) -> Iterator[tuple[str, str]]:
    """Yield the name and the statement of each index, the partial unique ones included."""
    statements: list[Any] = list(editor._model_indexes_sql(model))  # type: ignore[attr-defined]  # the stub lacks it
    statements += [each.create_sql(model, editor) for each in model._meta.constraints if _is_index(each)]
    for statement in statements:
        if statement is not None:
            yield str(statement.parts["name"]).strip('"'), str(statement)


def _constraints(model: type[Model]) -> Iterator[tuple[str, str]]:
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint | UniqueConstraint) and not _is_index(constraint):
            yield constraint.name, model._meta.db_table


def _is_index(constraint: Any) -> bool:
    return isinstance(constraint, UniqueConstraint) and bool(constraint.condition or constraint.expressions)


def _add_words(found: Expected, vendor: str) -> None:
    for entry in ENTRIES.values():
        table, words = entry._meta.db_table, words_table(entry)
        if vendor == "postgresql":
            found.tables[table]["words"] = "tsvector"
            found.indexes[words] = f'CREATE INDEX "{words}" ON "{table}" USING gin (words)'
        else:
            found.tables |= {f"{words}{part}": {} for part in SHADOWS}
