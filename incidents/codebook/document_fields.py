"""The fields of every public document, at every depth, from what is declared of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from incidents.schema import KINDS
from incidents.schema.fields import Field

NEVER = "Never null."
UNKNOWN = "null: unknown or not reported."
EMPTY = "Never null; an empty list means none."

TYPES = {
    "ids": "list of id",
    "words": "list of text",
    "codes": "list of code",
    "objects": "list of object",
    "mapping": "object",
    "json": "any",
    "link": "text",
}
"""What types are called that are not called what they are declared as."""


def fields(kind: str) -> list[dict[str, Any]]:
    """Fields of a kind of document, by path; [] stands for each member of a list."""
    return list(_fields(KINDS[kind].part.fields, ""))


def _fields(declared: Iterable[Field], path: str) -> Iterator[dict[str, Any]]:
    for field in declared:
        at = f"{path}{field.name}"
        definition = field.meaning
        yield {
            "path": at,
            "type": TYPES.get(field.type, field.type),
            "definition": _without_null(definition),
            "null": _null(field, definition),
            "unit": (field.column.unit if field.column else "") or None,
            "vocabulary": field.vocabulary.name if field.vocabulary else None,
        }
        if field.part:
            yield from _fields(field.part.fields, f"{at}[]." if field.is_list else f"{at}.")


def _without_null(definition: str) -> str:
    """A definition without its final part about null, which is shown separately."""
    said, _, null = definition.rpartition("null:")
    return said.rstrip(" ;") + "." if null and said.endswith("; ") else definition


def _null(field: Field, definition: str) -> str:
    """Meaning of null: from the definition or the column, otherwise the general one."""
    if field.is_list:
        return EMPTY
    if not field.null:
        return NEVER
    if "null:" in definition:
        return "null:" + definition.split("null:", 1)[1]
    empty = field.column.empty if field.column else ""
    return empty.replace("Empty:", "null:") if empty else UNKNOWN
