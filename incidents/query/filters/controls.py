"""Parameters that choose how an answer looks, not which records are in it."""

from __future__ import annotations

from incidents.documents import field_names
from incidents.tables import TABLES
from incidents_api.parameters.filtersets import ParameterFilter
from incidents_api.parameters.values import (
    ChoiceParameter,
    ListParameter,
)

MAX_CURSOR = 2000
"""Maximum length of a cursor in characters: enough for a long name in any script."""

CONTROLS = ("as_of", "ordering", "fields", "limit", "count", "cursor", "format", "hxl", "bom", "profile")
"""Parameters that choose how an answer looks, not which records are in it."""

ATTRIBUTE_COLUMN = r"attr\.[a-z][a-z0-9_]{0,44}"

ATTRIBUTE = r"-?attr\.[a-z][a-z0-9_]{0,39}"
"""A field that a dataset brings itself, as an order or a key of groups."""


def ordering_by(*orders: str, attributes: bool = False) -> ParameterFilter:
    """Parameter `ordering` with these orders, ascending and descending; `attributes`: or own fields."""
    label = "Sort order. Prefix `-` for descending; ties sort by id."
    if attributes:
        label += (
            " Also by a dataset's own field (`attr.name`): codes, dates, times and figures. Missing values are lowest: "
            "incidents without a figure come last with `-killed`, first with `killed`; `killed_min=0` leaves them out."
        )
    choices = [sign + name for name in orders for sign in ("", "-")]
    return ParameterFilter(ChoiceParameter(choices, ATTRIBUTE if attributes else ""), label=label)


def columns_of(kind: str) -> ParameterFilter:
    """Parameter `fields` with the fields of a document and the columns of its table."""
    names = dict.fromkeys([*field_names(kind), *TABLES[kind].names])
    return ParameterFilter(
        ListParameter(choices=list(names), open_ended=ATTRIBUTE_COLUMN if kind == "incident" else ""),
        label="Return only these top-level fields and the id. For tables (csv, xlsx, parquet) also column names.",
    )


def fields_of(kind: str) -> ParameterFilter:
    """Parameter `fields` with the fields of a document."""
    return ParameterFilter(
        ListParameter(choices=field_names(kind)), label="Return only these top-level fields and the id."
    )
