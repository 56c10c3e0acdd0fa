"""How the cells of a file are read into the fields that are declared with a key of profiles."""

from __future__ import annotations

from collections.abc import Callable

from incidents.loading.profiles.value_types import (
    BOOLEAN,
    DECIMAL,
    LARGEST,
    LONG,
    Kind,
    address,
    coded,
    day,
    integer,
    text,
)
from incidents.models import Incident
from incidents.schema.fields import Field
from incidents.texts import WORD

LINK = 1000
"""Characters of an address."""


def kind_of(field: Field) -> Kind:
    """Return how the cell of a field is read; of a list, how each of its items is."""
    if field.vocabulary:
        # A list has no item that is empty, and a code that is always there has no cell that is.
        return coded(field.vocabulary, "" if field.null else None)
    if field.type not in KINDS:
        raise ValueError(f"{field.name} is of type {field.type}, which no cell holds.")
    return KINDS[field.type](field)


def _text(field: Field) -> Kind:
    longest = getattr(Incident._meta.get_field(field.stored), "max_length", None)
    return text(longest) if longest else LONG


KINDS: dict[str, Callable[[Field], Kind]] = {
    "text": _text,
    "words": lambda field: text(WORD),
    "link": lambda field: address(LINK),
    "integer": lambda field: integer(-LARGEST if field.lowest is None else field.lowest),
    "number": lambda field: DECIMAL,
    "boolean": lambda field: BOOLEAN,
    "date": lambda field: day(),
}
"""By the type of the field."""
