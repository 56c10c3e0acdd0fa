"""How edits reach the values of the fields that a dataset brings itself."""

from __future__ import annotations

from typing import Any

from incidents.loading.round_trip.edits import Edit
from incidents.models import Incident
from incidents.models.datasets import declarations
from incidents.schema.attribute_values import AttributeValueError, checked
from incidents.schema.attributes import Attribute

OWN = "attr."
"""Begins the columns of own fields."""


def set_own_values(record: Incident, edit: Edit) -> None:
    """Set the values of own fields; a range keeps the parts that the row does not give. Raises BadRow."""
    given = {name: value for name, value in edit.values.items() if name.startswith(OWN)}
    if not given:
        return
    declared = declarations(record.dataset.own_fields.prefetch_related("codes"))
    by_column = {column: (attribute, part) for attribute in declared for column, part in attribute.columns()}
    values = dict(record.attributes)
    changed: dict[str, Attribute] = {}
    for column, value in given.items():
        if column in by_column:
            attribute, part = by_column[column]
            _set(values, attribute, part, value)
            changed[column] = attribute
        elif value not in (None, []):  # an empty column is another dataset's
            raise edit.bad(column, value, f"empty: {record.dataset.public_id} declares no such field")
    for column, attribute in changed.items():
        try:
            value = checked(attribute, values.get(attribute.name))
        except AttributeValueError as error:
            raise edit.bad(column, given[column], str(error).removeprefix("must be ")) from None
        values |= {attribute.name: value}
    record.attributes = {name: value for name, value in values.items() if value is not None}


def _set(values: dict[str, Any], attribute: Attribute, part: str, value: Any) -> None:
    """Set a value, or a part of a range, under the present name of the field."""
    before = attribute.value_in(values)
    for name in attribute.names:
        values.pop(name, None)
    values[attribute.name] = {**(before or {}), part: value} if part else value
