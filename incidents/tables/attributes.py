"""Columns of the fields that datasets bring themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from incidents.schema.attributes import Attribute
from incidents.tables.columns import Column, Type

TYPES: Mapping[str, Type] = {
    "code": "code",
    "codes": "list",
    "text": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "text",
    "link": "text",
    "range": "integer",
}
"""The type of a field → that of its column."""

EMPTY = "Empty: the incident has no value, or its dataset does not declare the field."


def attribute_columns(attributes: Iterable[Attribute]) -> tuple[Column, ...]:
    """Return the columns of fields: of a range three, of others one.

    Fields of one name that several datasets declare share a column; where their types differ it holds JSON.
    """
    named: dict[str, list[Attribute]] = {}
    for attribute in attributes:
        named.setdefault(attribute.name, []).append(attribute)
    return tuple(column for of_a_name in named.values() for column in _columns(of_a_name))


def _columns(attributes: list[Attribute]) -> Iterable[Column]:
    first = attributes[0]
    formerly = tuple(dict.fromkeys(name for each in attributes for name in each.formerly))
    is_one_type = len({each.type for each in attributes}) == 1
    for name, part in first.columns() if is_one_type else [(f"attr.{first.name}", "")]:
        said = f"{first.label}. {first.definition}".strip() if first.definition else f"{first.label}."
        yield Column(
            name,
            ("attributes", first.name, part) if part else ("attributes", first.name),
            TYPES[first.type] if is_one_type else "json",
            f"{said} {part.capitalize()} figure." if part else said,
            missing=f"Empty: {first.missing[:1].lower()}{first.missing[1:]}" if first.missing else EMPTY,
            unit=first.unit,
            hxl=f"#meta+own+{first.name}{f'+{part}' if part else ''}".replace("_", "-"),
            formerly=formerly,
        )
