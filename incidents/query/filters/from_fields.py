"""Declared parameters: their form fields and their conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from incidents.fields import PUBLIC_ID_PATTERN
from incidents.query.filters import meanings
from incidents.query.filters.meanings import Meaning
from incidents.query.filters.places import CodedPlaces, CountriesParameter, PlacesParameter, of_countries, within
from incidents.schema import KINDS
from incidents.schema.fields import TEXTS, Field, Parameter
from incidents.schema.kinds import Leaf, index_column, listed
from incidents.vocabulary import Vocabulary
from incidents_api.parameters import filtersets
from incidents_api.parameters.filtersets import ParameterFilter
from incidents_api.parameters.values import (
    ChoiceParameter,
    DayParameter,
    DecimalParameter,
    IntegerParameter,
    ListParameter,
    TimeParameter,
)

MAX_FIGURE = 2_000_000_000
MAX_DECIMAL = 999_999.0


def ids(**kwargs: Any) -> ListParameter:
    """Make a parameter for a comma-separated list of public ids."""
    return ListParameter(pattern=PUBLIC_ID_PATTERN, form="an id such as luhansk-2022-0004", **kwargs)


def codes(of: Vocabulary) -> ListParameter:
    """Make a parameter for a comma-separated list of codes of a vocabulary."""
    return ListParameter(choices=list(of))


TEXT_FORMS: Mapping[str, Callable[[], ListParameter]] = {
    "id": ids,
    "": ListParameter,
    "origin": CountriesParameter,
    "country": lambda: PlacesParameter("country"),
    "admin1": lambda: PlacesParameter("admin1"),
    "admin2": lambda: PlacesParameter("admin2"),
    "language": lambda: ListParameter(pattern=r"[a-z]{2,3}", form="a language of ISO 639, such as uk"),
}


def declared_filters(kind: str, others: Mapping[str, ParameterFilter]) -> dict[str, ParameterFilter]:
    """Filters of a list: the handwritten `others`, merged with the declared ones.

    What asks for this kind of record stands together in the order of the kind, where the first of it is written out, or
    at the end.
    """
    order = KINDS[kind].parameters
    together = {name: each for name, each in others.items() if name in order}
    together |= {parameter.name: declared_filter(leaf, parameter) for leaf, parameter in KINDS[kind].asked}
    in_order = {name: together[name] for name in listed(together, order)}
    found: dict[str, ParameterFilter] = {}
    for name, each in others.items():
        found |= in_order if name in order else {name: each}
    return found | in_order


def declared_filter(leaf: Leaf, parameter: Parameter) -> ParameterFilter:
    """Filter of a parameter that is declared by one field."""
    reads = _reads(leaf.field, parameter)
    label = parameter.label or leaf.field.meaning
    meaning = _of_places(reads) if isinstance(reads, CodedPlaces) else _meaning(leaf, parameter)
    return ParameterFilter(reads, meaning, label=label, example=parameter.example)


def _reads(field: Field, parameter: Parameter) -> filtersets.Parameter:
    """Form field that parses the value of a parameter."""
    if parameter.meaning == "as_precise" and field.vocabulary:
        return ChoiceParameter(list(field.vocabulary))
    if field.vocabulary:
        return codes(field.vocabulary)
    if reads := BY_TYPE.get(field.type):
        return reads(field, parameter)
    if field.type in (*TEXTS, "ids", "words"):
        return TEXT_FORMS["id" if field.type in ("id", "ids") else parameter.form]()
    raise ValueError(f"{field.name} is of type {field.type}, which no parameter asks for.")


def _of_places(reads: CodedPlaces) -> Meaning:
    return within if isinstance(reads, PlacesParameter) else of_countries


def _whole_number(field: Field, parameter: Parameter) -> filtersets.Parameter:
    lowest = 1 if parameter.meaning == "is" else -MAX_FIGURE if field.lowest is None else field.lowest
    return IntegerParameter(lowest, MAX_FIGURE)


BY_TYPE: Mapping[str, Callable[[Field, Parameter], filtersets.Parameter]] = {
    "boolean": lambda field, parameter: ChoiceParameter(["true", "false"]),
    "date": lambda field, parameter: DayParameter(last=parameter.meaning == "until"),
    "clock": lambda field, parameter: TimeParameter(),
    "integer": _whole_number,
    "number": lambda field, parameter: DecimalParameter(-MAX_DECIMAL, MAX_DECIMAL),
}
"""How the values of parameters are read by the type of the field, where its vocabulary does not say."""


def _meaning(leaf: Leaf, parameter: Parameter) -> Meaning:
    """Function that adds the condition of a parameter to a query."""
    field, index, column = leaf.field, leaf.field.index, index_column(leaf)
    if index is None:
        raise ValueError(f"{leaf.dotted} is asked for by {parameter.name} and has no index.")
    match parameter.meaning:
        case "facet":
            return (meanings.tagged if field.vocabulary else meanings.tagged_with_words)(index.facet)
        case "as_precise" if field.vocabulary:
            return meanings.at_least(column, field.vocabulary)
        case "at_least" | "from":
            return meanings.rare(index.by_value, f"{index.order or column} >= %s")
        case "at_most" | "until":
            reported = f"{index.order} >= 0 AND " if index.order else ""
            return meanings.rare(index.by_value, f"{reported}{index.order or column} <= %s")
        case "is" if field.type == "boolean":
            return meanings.true_or_false(column)
        case "is":
            return meanings.compared(f"{column} = %s")
    return meanings.among(column, index.by_day)


def ranges(kind: str) -> list[tuple[str, str]]:
    """Pairs of parameters for the lower and upper bound of a field, lower first."""
    found: dict[str, dict[str, str]] = {}
    for leaf, parameter in KINDS[kind].asked:
        found.setdefault(leaf.dotted, {})[parameter.meaning] = parameter.name
    pairs = [
        (each.get("at_least") or each.get("from"), each.get("at_most") or each.get("until")) for each in found.values()
    ]
    return [(low, high) for low, high in pairs if low and high]
