"""From the fields of working records to documents and back, as declared: the value of `stored` is that of the field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any

from incidents.schema import KINDS
from incidents.schema.fields import TEXTS, Field

Document = dict[str, Any]
Made = Mapping[str, Any]
"""What no working record has as it is: values by path, and parts of objects by the path of the object."""

Maker = Callable[[Any, Made], Any]

NOTHING_MADE: Made = {}


def content_of(kind: str, record: Any, made: Made = NOTHING_MADE) -> Document:
    """Return the content of a record's document: what is stored, and what was made of other records."""
    document: Document = _maker_of(kind)(record, made)
    return document


@cache
def _maker_of(kind: str) -> Maker:
    return _object(KINDS[kind].part.fields, "")


def _object(fields: Iterable[Field], path: str) -> Maker:
    makers = [(field.name, _value(field, f"{path}{field.name}")) for field in fields]
    here = path.removesuffix(".")

    def make(record: Any, made: Made) -> Document:
        part = {name: each(record, made) for name, each in makers}
        if here in made:
            part |= made[here]
        return part

    return make


def _value(field: Field, path: str) -> Maker:
    if field.type == "object" and field.part and not field.column:
        return _object(field.part.fields, f"{path}.") if not field.null else lambda record, made: made.get(path)
    if not field.stored:
        return (lambda record, made: made.get(path, [])) if field.is_list else lambda record, made: made.get(path)
    take = attrgetter(field.stored)
    if field.type == "date":
        return lambda record, made: None if (day := take(record)) is None else day.isoformat()
    if field.null and field.type in TEXTS:
        return lambda record, made: take(record) or None
    return lambda record, made: take(record)


def stored_values(kind: str, document: Document) -> dict[str, Any]:
    """Return the fields of the working record as a document tells them; a text that is null is empty there."""
    values: dict[str, Any] = {}
    for leaf in KINDS[kind].stored:
        field, value = leaf.field, leaf.of(document)
        if field.type == "date":
            value = date.fromisoformat(value) if value else None
        elif field.type in TEXTS:
            value = value or ""
        values[field.stored] = value
    return values


def stored_field(kind: str, column: str) -> str:
    """Return the field of the working record that a column of the table shows; raises KeyError."""
    return _stored_by_column(kind)[column]


@cache
def _stored_by_column(kind: str) -> dict[str, str]:
    return {leaf.field.column.name: leaf.field.stored for leaf in KINDS[kind].stored if leaf.field.column is not None}


def stored_fields(kind: str, *types: str) -> tuple[str, ...]:
    """Return the fields of the working record that documents show, of these types or of all."""
    return tuple(leaf.field.stored for leaf in KINDS[kind].stored if not types or leaf.field.type in types)


def set_by(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the fields of the working record that a file can set, each with the keys of profiles that set it."""
    found: dict[str, tuple[str, ...]] = {}
    for leaf in KINDS[kind].stored:
        field = leaf.field
        own = (f"{kind}.{field.profile.name}",) if field.profile else ()
        if keys := (*own, *field.set_by):
            found[field.stored] = keys
    return found
