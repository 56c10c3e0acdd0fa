"""The parameters of the fields that datasets bring themselves: `attr.weapon=rifle`, `attr.damage_min=1000`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from django.db import connection

from incidents.ledger.attribute_indexes import ORDERED, condition_of, not_reported, order_expression, order_index
from incidents.query.attributes import (
    Catalogue,
    ConflictingTypesError,
    Declared,
    declared,
    of_datasets,
)
from incidents.query.entries import EntryQuery, Segment
from incidents.query.filters.from_fields import MAX_FIGURE
from incidents.query.filters.meanings import Meaning, placeholders
from incidents.query.own_order import with_incidents
from incidents.schema.attribute_values import FACET
from incidents.schema.attributes import ASKED_BY_VALUE, BOUNDS, FIGURES, RANGE, Attribute
from incidents.text_folding import facet
from incidents_api.parameters.filtersets import Parameter, ParameterFilter, RefusedValueError
from incidents_api.parameters.values import (
    ChoiceParameter,
    DayParameter,
    DecimalParameter,
    IntegerParameter,
    ListParameter,
    TimeParameter,
)

PREFIX = "attr."
FARTHEST = 1e15

GROUPED = ("code", "codes", "boolean")

MOST_SEGMENTS = 50
"""Datasets whose incidents are merged to one order; each takes a scan of its own."""

BY_ID = "incident_one_live"

LOWER = ("min", "after")
"""Endings of parameters that ask for a value or more."""


class Attributes:
    """The declared fields that one request can ask for, as parameters."""

    def __init__(self, catalogue: Catalogue, datasets: Iterable[str] | None) -> None:
        self._found = of_datasets(catalogue, datasets)
        self._elsewhere = of_datasets(catalogue, None).keys() - self._found.keys()

    def names(self, types: Iterable[str] = ()) -> list[str]:
        """Return the names of the fields, with the prefix; of these types, or of all."""
        return [
            f"{PREFIX}{name}"
            for name, found in self._found.items()
            if not types or any(attribute.type in types for _, attribute in found)
        ]

    def parameters(self) -> list[str]:
        """Return the names of all parameters."""
        return [name for found in self._found.values() for _, each in found for name in each.parameters()]

    def field(self, name: str) -> Declared:
        """Return the field of a name with the prefix. Raises RefusedValueError."""
        bare = name.removeprefix(PREFIX)
        found = self._found.get(bare) or self._former(bare)
        if not found:
            hint = " It is declared by datasets that dataset= leaves out." if bare in self._elsewhere else ""
            raise RefusedValueError(f"No dataset declares the field {bare!r}.{hint}", self.names())
        try:
            return declared(bare, found)
        except ConflictingTypesError as error:
            raise RefusedValueError(str(error)) from None

    def _former(self, name: str) -> list[tuple[str, Attribute]]:
        """Return the fields that had a name before."""
        return [each for found in self._found.values() for each in found if name in each[1].formerly]

    def order(self, name: str) -> str:
        """Return the SQL by which incidents are in the order of a field. Raises RefusedValueError."""
        field = self.field(name)
        if field.type in ORDERED:
            return order_expression(connection.vendor, field.type, field.names)
        usable = self.names(ORDERED)
        raise RefusedValueError(f"The field {field.name} is of type {field.type}, which has no order.", usable)

    def segments(self, name: str, datasets: Iterable[str] | None) -> tuple[Segment, ...]:
        """Return the segments of the list of all incidents of these datasets, None for all, in the order of a field.

        None are returned where a dataset has no index of this very order; such a list has to be sorted.
        """
        field, declaring = self.field(name), dict(self._found.get(name.removeprefix(PREFIX), ()))
        if any(each.names != field.names for each in declaring.values()):
            return ()
        vendor, value = connection.vendor, self.order(name)
        segments = [
            Segment(condition_of(dataset), order_index(dataset, field.type, field.names), value)
            for dataset in declaring
        ]
        if others := {*(datasets or with_incidents(MOST_SEGMENTS))} - declaring.keys():
            if datasets or len(others) + len(declaring) > MOST_SEGMENTS:
                return ()
            among = " AND ".join(f"NOT {condition_of(dataset)}" for dataset in declaring)
            segments.append(Segment(among, BY_ID, not_reported(vendor, field.type), is_constant=True))
        return tuple(segments)

    def group(self, name: str) -> str:
        """Return the SQL of the values that incidents are grouped by. Raises RefusedValueError."""
        field = self.field(name)
        if field.type not in GROUPED:
            usable = self.names(GROUPED)
            raise RefusedValueError(f"The field {field.name} is of type {field.type}; group by codes.", usable)
        return f"coalesce({field.expression()}, '')"

    def figures(self, name: str) -> list[tuple[str, str]]:
        """Return the name and the SQL of each figure of a field that can be summed. Raises RefusedValueError."""
        field = self.field(name)
        if field.type not in FIGURES:
            message = f"The field {field.name} is of type {field.type}; only figures can be summed."
            raise RefusedValueError(message, self.names(FIGURES))
        if field.type == "range":
            return [(part, field.expression(part)) for part in RANGE]
        return [("", field.expression())]

    def filter(self, name: str) -> ParameterFilter | None:
        """Return the parameter of a name, None if there is none. Raises RefusedValueError."""
        bare = name.removeprefix(PREFIX)
        stem, _, ending = bare.rpartition("_")
        if stem and ending in ("min", "max", "after", "before"):
            return self._bound(stem, ending)
        if bare not in self._found and not self._former(bare):
            return None
        field = self.field(name)
        if field.type in ASKED_BY_VALUE:
            return _by_value(field)
        bounds = [f"{PREFIX}{bare}_{bound}" for bound in BOUNDS.get(field.type, ())]
        hint = f"use {' and '.join(bounds)}" if bounds else "find its words with q"
        raise RefusedValueError(f"The field {bare} is of type {field.type}: {hint}.", bounds)

    def _bound(self, stem: str, ending: str) -> ParameterFilter | None:
        if stem not in self._found and not self._former(stem):
            return None
        field = self.field(stem)
        if ending not in BOUNDS.get(field.type, ()):
            usable = field.attributes[0].parameters()
            hint = f" Use {' or '.join(usable)}." if usable else ""
            raise RefusedValueError(f"The field {stem} is of type {field.type}, which has no {ending}.{hint}", usable)
        reads = _BOUND[field.type](ending)
        return ParameterFilter(reads, partial(_bounded, field, ending), label=field.attributes[0].label)


def _by_value(field: Declared) -> ParameterFilter:
    label = field.attributes[0].label
    if field.type == "boolean":
        return ParameterFilter(ChoiceParameter(["true", "false"]), partial(_one_of, field), label=label)
    meaning: Meaning = partial(_holding, field) if field.type == "codes" else partial(_one_of, field)
    return ParameterFilter(ListParameter(choices=field.codes), meaning, label=label)


_BOUND: dict[str, Callable[[str], Parameter]] = {
    "integer": lambda ending: IntegerParameter(-MAX_FIGURE, MAX_FIGURE),
    "number": lambda ending: DecimalParameter(-FARTHEST, FARTHEST),
    "range": lambda ending: IntegerParameter(-MAX_FIGURE, MAX_FIGURE),
    "date": lambda ending: DayParameter(last=ending == "before"),
    "time": lambda ending: TimeParameter(),
}


def _one_of(field: Declared, query: EntryQuery, values: Any) -> EntryQuery:
    """Keep incidents with one of these codes, or with a yes or no."""
    wanted = [values] if isinstance(values, str) else field.found_by(values)
    match = "= %s" if len(wanted) == 1 else f"IN ({placeholders(wanted)})"
    every = [f"{each} {match}" for each in field.expressions()]
    if len(every) > 1:
        return query.where(f"({' OR '.join(every)})", *wanted * len(every))
    return query.with_own_value(every[0], *wanted)


def _holding(field: Declared, query: EntryQuery, values: list[str]) -> EntryQuery:
    """Keep incidents whose list holds one of these codes."""
    tokens = [facet(FACET, name, code) for name in field.names for code in field.found_by(values)]
    return query.with_any_token(*tokens)


def _bounded(field: Declared, ending: str, query: EntryQuery, value: Any) -> EntryQuery:
    """Keep incidents whose value is at least or at most this one; without a value they never match."""
    sign = ">=" if ending in LOWER else "<="
    bound = value.isoformat() if isinstance(value, date) else value
    every = [f"{each} {sign} %s" for each in field.expressions()]
    return query.where(every[0] if len(every) == 1 else f"({' OR '.join(every)})", *[bound] * len(every))
