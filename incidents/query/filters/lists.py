"""The parameters that every list of records takes, and how those of the same kind are made."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from incidents.documents import field_names
from incidents.ledger.grid import Box, circle_box
from incidents.query.entries import EntryQuery, Order
from incidents.query.filters import meanings
from incidents.query.filters.from_fields import declared_filters, ids
from incidents.query.release_lookup import AsOfParameter
from incidents.query.words import WordsParameter
from incidents.tables import TABLES
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import Parameter, ParameterFilter, RefusedValueError, StrictFilterSet
from incidents_api.parameters.values import (
    ChoiceParameter,
    DecimalParameter,
    IntegerParameter,
    ListParameter,
    MomentParameter,
    TextParameter,
)

MAX_RADIUS_KM = 20_016.0
"""Half the way around the globe."""

MAX_CURSOR = 2000
"""Characters: beside a long name in any script, with room to spare."""

CONTROLS = ("as_of", "ordering", "fields", "limit", "count", "cursor", "format", "hxl", "bom", "profile")
"""Parameters that choose how an answer looks, not which records are in it."""


def ordering_by(*orders: str) -> ParameterFilter:
    """Return the parameter that chooses between these orders, each either way round."""
    return ParameterFilter(
        ChoiceParameter([sign + name for name in orders for sign in ("", "-")]),
        label="The order; `-` turns it round, and ties go by id in the same direction.",
    )


def columns_of(kind: str) -> ParameterFilter:
    """Return the parameter that chooses fields of a kind of document, or columns of its table."""
    names = dict.fromkeys([*field_names(kind), *TABLES[kind].names])
    return ParameterFilter(
        ListParameter(choices=list(names)),
        label="Only these top-level fields, and the id. In a table (csv, xlsx, parquet) also columns by their names.",
    )


def fields_of(kind: str) -> ParameterFilter:
    """Return the parameter that chooses fields of a kind of document."""
    return ParameterFilter(ListParameter(choices=field_names(kind)), label="Only these top-level fields, and the id.")


DEAREST = ("q", "by", "coverage", "near", "bbox", "location", "actor", "source", "tag", "count", "ordering", "as_of")
"""What can make the database look at many rows: words, then groups, areas and relations, then counts and orders."""


class LedgerFilterSet(StrictFilterSet):
    """What every list takes.

    The list of a kind takes the parameters that the fields of the kind declare besides; see `incidents.schema`.
    """

    record_kind: ClassVar[str] = ""
    dearest = DEAREST
    orders: ClassVar[dict[str, str]]
    """Name of an order → column; the first is the default."""
    newest_first: ClassVar[bool] = False

    q = ParameterFilter(
        WordsParameter(),
        meanings.holding_words,
        label="Words that must all occur, in any script, with or without accents; `word*` finds all that begin so. "
        "Of incidents: summary, place and all that holds it by every name, actors, sources, titles, quotes, tags.",
        example="Severodonetsk",
    )
    id = ParameterFilter(ids(), meanings.with_ids, label="Only these ids.")
    exclude_id = ParameterFilter(ids(), meanings.not_among("record_id"), label="All but these ids.")
    published_after = ParameterFilter(
        MomentParameter(),
        meanings.published_from,
        label="Revisions published at this time or later (ISO 8601), or after the publication of this number.",
        example="2026-01-01T00:00:00Z",
    )
    as_of = ParameterFilter(
        AsOfParameter(),
        label="Read the ledger as it was: the number of a publication, a time (ISO 8601), or the name of a release. "
        "Such an answer never changes, unless a record is redacted for safety.",
    )
    limit = ParameterFilter(IntegerParameter(1, 1000), label="Records a page; 100 if not given.")
    count = ParameterFilter(
        ChoiceParameter(["exact"]), label="`exact` counts all matches even where that takes longer."
    )
    cursor = ParameterFilter(TextParameter(MAX_CURSOR), label="Where a page begins; taken from `next` or `previous`.")
    format = ParameterFilter(TextParameter(), label="The representation, if not by the Accept header.", example="json")
    hxl = ParameterFilter(ChoiceParameter(["1"]), label="`1` adds a row of HXL tags below the header (csv, xlsx).")
    bom = ParameterFilter(
        ChoiceParameter(["1"]), label="`1` begins with a byte order mark, by which Excel knows UTF-8 (csv)."
    )

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """Return the filters of the class, and those that the fields of its kind of record declare."""
        written = super().get_filters()
        return declared_filters(cls.record_kind, written) if cls.record_kind else written

    def order(self) -> Order:
        """Return the order that was asked for, or the default."""
        asked = self.values.get("ordering") or ("-" if self.newest_first else "") + next(iter(self.orders))
        return Order(self.orders[asked.removeprefix("-")], asked.startswith("-"))


def _degrees(count: int) -> dict[str, Any]:
    """Return the schema of so many degrees; that latitudes end at 90 is more than both versions of OpenAPI can say."""
    items = {"type": "number", "minimum": -180, "maximum": 180}
    return {"type": "array", "items": items, "minItems": count, "maxItems": count}


class BoxParameter(Parameter):
    """west,south,east,north in degrees; west > east crosses the antimeridian."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(schema=_degrees(4), **kwargs)

    def read(self, value: str) -> tuple[float, float, float, float]:
        """Return west, south, east, north."""
        parts = value.split(",")
        if len(parts) != 4:
            raise RefusedValueError(
                f"Has {len(parts)} numbers; use four: west,south,east,north, for example 37.8,47.8,40.2,50.1."
            )
        west, east = (self.decimal(parts[at], name, -180, 180) for at, name in ((0, "west"), (2, "east")))
        south, north = (self.decimal(parts[at], name, -90, 90) for at, name in ((1, "south"), (3, "north")))
        if south > north:
            raise RefusedValueError(
                f"south ({south:g}) is above north ({north:g}); the order is west,south,east,north."
            )
        return west, south, east, north


class PointParameter(Parameter):
    """lon,lat in degrees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(schema=_degrees(2), **kwargs)

    def read(self, value: str) -> tuple[float, float]:
        """Return longitude, latitude."""
        parts = value.split(",")
        if len(parts) != 2:
            raise RefusedValueError(f"Has {len(parts)} numbers; use two: lon,lat, for example 39.59,49.21.")
        return self.decimal(parts[0], "lon", -180, 180), self.decimal(parts[1], "lat", -90, 90)


def within_box(query: EntryQuery, box: tuple[float, float, float, float]) -> EntryQuery:
    """Keep the records whose point lies in the box."""
    return query.inside(Box(*box))


class PlaceFilterSet(LedgerFilterSet):
    """What every list of records with a point takes besides."""

    bbox = ParameterFilter(
        BoxParameter(),
        within_box,
        label="west,south,east,north in degrees; west > east crosses the antimeridian.",
        example=[37.8, 47.8, 40.2, 50.1],
    )
    near = ParameterFilter(
        PointParameter(),
        label="lon,lat in degrees; with radius_km, points within that distance.",
        example=[39.59, 49.21],
    )
    radius_km = ParameterFilter(DecimalParameter(0.001, MAX_RADIUS_KM), label="Kilometres around `near`.", example=25)

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Return what is wrong with the parameters taken together."""
        return check_place(values)

    def narrowed(self) -> Any:
        """Make the query narrowed by all parameters."""
        query = super().narrowed()
        if "near" in self.values:
            return query.inside(circle_box(self.values["near"], self.values["radius_km"]))
        return query


def check_place(values: dict[str, Any]) -> list[ParameterError]:
    """Return what is wrong with near, radius_km and bbox together."""
    errors = []
    for given, wanted in (("near", "radius_km"), ("radius_km", "near")):
        if given in values and wanted not in values:
            errors.append(parameter_error(given, "", f"Needs {wanted} beside it: near=lon,lat&radius_km=25."))
    if "near" in values and "bbox" in values:
        errors.append(parameter_error("near", "", "Cannot be joined with bbox; give one of them."))
    return errors


@cache
def of_a_count(filterset: type[LedgerFilterSet]) -> type[LedgerFilterSet]:
    """Return the parameters of a list without those that choose a page of it, which a count would have to ignore."""
    of_a_page = dict.fromkeys(("ordering", "fields", "limit", "count", "cursor", "hxl", "bom", "profile"))
    return type(f"{filterset.__name__}OfACount", (filterset,), of_a_page)
