"""The fields of every public document, at every depth, from the shapes that declare them."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

from rest_framework import serializers

from incidents.documents import DOCUMENTS, CodedField, Shape
from incidents.tables import TABLES, Column
from incidents.tables.columns import TYPES

NEVER = "Never null."
UNKNOWN = "null: not known or not told."
EMPTY = "Never null; an empty list: there are none."


def fields(kind: str) -> list[dict[str, Any]]:
    """Return the fields of a kind of document, each by its path: [] stands for every member of a list."""
    columns = {".".join(column.path): column for column in TABLES[kind].columns if not column.gathered}
    return list(_fields(DOCUMENTS[kind](), "", columns))


def said_of(shape: Any) -> str:
    """Return what the docstring of a shape says."""
    return cleandoc(str(type(shape).__doc__)).replace("\n", " ")


def _fields(shape: Shape, path: str, columns: dict[str, Column]) -> Iterator[dict[str, Any]]:
    for name, field in shape.fields.items():
        at = f"{path}{name}"
        column = columns.get(at)
        inner = getattr(field, "child", field)
        vocabulary = inner.vocabulary if isinstance(inner, CodedField) else None
        definition = str(field.help_text or "")
        if not definition and isinstance(inner, serializers.Serializer):
            definition = said_of(inner)
        if not definition and vocabulary:
            definition = vocabulary.definition
        yield {
            "path": at,
            "type": _type(field),
            "definition": _without_null(definition),
            "null": _null(field, definition, column),
            "unit": (column.unit if column else "") or None,
            "vocabulary": vocabulary.name if vocabulary else None,
        }
        if isinstance(inner, serializers.Serializer):
            yield from _fields(inner, f"{at}[]." if inner is not field else f"{at}.", columns)


def _without_null(definition: str) -> str:
    """Return a definition without its last words on null, which have a place of their own."""
    said, _, null = definition.rpartition("null:")
    return said.rstrip(" ;") + "." if null and said.endswith("; ") else definition


def _type(field: Any) -> str:
    match field:
        case serializers.ListSerializer() | serializers.ListField():
            return f"list of {_type(field.child)}"
        case serializers.BooleanField():
            return "boolean"
        case serializers.JSONField():
            return "any"
        case serializers.Serializer() | serializers.DictField():
            return "object"
    return next(name for kind, name in TYPES.items() if isinstance(field, kind))


def _null(field: Any, definition: str, column: Column | None) -> str:
    """Return what null means; where the definition or the column tells it, in their words."""
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return EMPTY
    if not field.allow_null:
        return NEVER
    if "null:" in definition:
        return "null:" + definition.split("null:", 1)[1]
    told = column.missing if column else ""
    return told.replace("Empty:", "null:") if told else UNKNOWN
