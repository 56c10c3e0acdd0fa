"""From the fields of working records to documents and back, as declared: the value of `stored` is that of the field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from incidents.schema import KINDS
from incidents.schema.fields import TEXTS, Field

Document = dict[str, Any]
Made = Mapping[str, Any]
"""What no working record has as it is: values by path, and parts of objects by the path of the object."""

Maker = Callable[[Any, Made], Any]

NOTHING_MADE: Made = {}


def content_of(kind: str, record: Any, made: Made = NOTHING_MADE) -> Document:
    """Content of a record's document: stored values plus values made from other records."""
    document: Document = _maker_of(kind)(record, made)
    return document


@cache
def _maker_of(kind: str) -> Maker:
    # As fast as if it were written out, which closures are not: a load asks for it for every row. What is evaluated is
    # made of the declarations alone.
    made: Maker = eval(f"lambda record, made: {_object(KINDS[kind].part.fields, '')}")  # noqa: S307 - see above
    return made


def _object(fields: Iterable[Field], path: str) -> str:
    """Python source of an expression that builds an object from `record` and `made`."""
    here = path.removesuffix(".")
    members = ", ".join(
        f"{field.name!r}: {_value(field, f'{path}{field.name}')}" for field in fields if not field.derived
    )
    return f"{{{members}, **made.get({here!r}, NOTHING_MADE)}}"


def _value(field: Field, path: str) -> str:
    if field.part and _nested(field):
        return _object(field.part.fields, f"{path}.")
    if not field.stored:
        return f"made.get({path!r}{', []' if field.is_list else ''})"
    stored = f"record.{field.stored}"
    if field.type == "date":
        return f"{stored} and {stored}.isoformat()"
    return f"{stored} or None" if field.null and field.type in TEXTS else stored


def _nested(field: Field) -> bool:
    """True if the field is an object that always exists, with fields from the record itself."""
    return field.type == "object" and field.part is not None and not field.column and not field.null


def stored_values(kind: str, document: Document) -> dict[str, Any]:
    """Fields of the working record according to a document; a null text becomes empty."""
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
    """Field of the working record for a table column; raises KeyError."""
    return _stored_by_column(kind)[column]


@cache
def _stored_by_column(kind: str) -> dict[str, str]:
    return {leaf.field.column.name: leaf.field.stored for leaf in KINDS[kind].stored if leaf.field.column is not None}


def stored_fields(kind: str, *types: str) -> tuple[str, ...]:
    """Fields of the working record that documents show, of these types or all."""
    return tuple(leaf.field.stored for leaf in KINDS[kind].stored if not types or leaf.field.type in types)


def set_by(kind: str) -> dict[str, tuple[str, ...]]:
    """Fields of the working record that a file can set, each with the profile keys that set it."""
    found: dict[str, tuple[str, ...]] = {}
    for leaf in KINDS[kind].stored:
        field = leaf.field
        own = (f"{kind}.{field.profile.name}",) if field.profile else ()
        if keys := (*own, *field.set_by):
            found[field.stored] = keys
    return found
