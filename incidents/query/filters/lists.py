"""The parameters that every list of records takes, and how those of the same kind are made."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

from incidents.ledger.grid import Box, circle_box
from incidents.query.entries import EntryQuery, Order
from incidents.query.filters import meanings
from incidents.query.filters.areas import EXAMPLE, MOST_VERTICES, AreaParameter
from incidents.query.filters.controls import MAX_CURSOR
from incidents.query.filters.from_fields import declared_filters, ids
from incidents.query.filters.places import CodedPlaces, PlacesParameter, has_country
from incidents.query.moment import Moment, last_state, read_moment
from incidents.query.place_states import states
from incidents.query.places import Level, PublicPlaces
from incidents.query.release_lookup import AsOfParameter
from incidents.query.words import WordsParameter
from incidents.tables import Column
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import Parameter, ParameterFilter, RefusedValueError, StrictFilterSet
from incidents_api.parameters.values import (
    ChoiceParameter,
    DecimalParameter,
    IntegerParameter,
    MomentParameter,
    TextParameter,
)

MAX_RADIUS_KM = 20_016.0
"""Half the way around the globe."""

DEAREST = (
    "q",
    "by",
    "coverage",
    "within",
    "near",
    "bbox",
    "location",
    "actor",
    "source",
    "tag",
    "count",
    "ordering",
    "as_of",
)
"""Parameters that can be slow, slowest first: words, then groups, areas and relations, then counts and orders."""


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
        label="All words must match, in any script, with or without accents. `word*` matches a prefix. For "
        "incidents, searches summary, places (all names), actors, sources, titles, quotes and tags.",
        example="Severodonetsk",
    )
    id = ParameterFilter(ids(), meanings.with_ids, label="Only these ids.")
    exclude_id = ParameterFilter(ids(), meanings.not_among("record_id"), label="Exclude these ids.")
    published_after = ParameterFilter(
        MomentParameter(),
        meanings.published_from,
        label="Revisions published at or after this time (ISO 8601), or after the publication with this number.",
        example="2026-01-01T00:00:00Z",
    )
    first_published_after = ParameterFilter(
        MomentParameter(),
        meanings.first_published_from,
        label="Records first published at or after this time (ISO 8601), or after the publication with this number.",
        example="2026-01-01T00:00:00Z",
    )
    first_published_before = ParameterFilter(
        MomentParameter(),
        meanings.first_published_until,
        label="Records first published before this time (ISO 8601), or by the publication with this number.",
        example="2026-12-31T00:00:00Z",
    )
    as_of = ParameterFilter(
        AsOfParameter(),
        label="Query the data as of an earlier publication: its number, a time (ISO 8601), a day (its end in UTC; "
        "it must be over), or the name of a release. Such a response never changes, unless a record is redacted for "
        "safety.",
    )
    limit = ParameterFilter(IntegerParameter(1, 1000, above="limit_too_large"), label="Records per page; default 100.")
    count = ParameterFilter(
        ChoiceParameter(["exact"]), label="`exact` always returns the exact count, even if counting takes longer."
    )
    cursor = ParameterFilter(TextParameter(MAX_CURSOR), label="Position of a page, from `next` or `previous`.")
    format = ParameterFilter(TextParameter(), label="Response format; overrides the Accept header.", example="json")
    hxl = ParameterFilter(ChoiceParameter(["1"]), label="`1` adds a row of HXL tags below the header (csv, xlsx).")
    bom = ParameterFilter(ChoiceParameter(["1"]), label="`1` adds a byte order mark so that Excel reads UTF-8 (csv).")

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """Handwritten filters of the class, and the declared filters of its kind."""
        written = super().get_filters()
        return declared_filters(cls.record_kind, written) if cls.record_kind else written

    def own_columns(self, moment: Moment) -> tuple[Column, ...]:
        """Return the columns of datasets' own fields at a moment; only incidents have any."""
        return ()

    _state: tuple[int, int] | None = None
    """The publication as of which names of places are read, and the last redaction."""

    def asked_at(self, moment: Moment) -> None:
        """Let names of places mean what they meant then; what was made for another moment is made anew."""
        if self.is_of_another_state(moment):
            self.__dict__.pop("qs", None)
        self._state = (moment.at, moment.redacted)

    def is_of_another_state(self, moment: Moment) -> bool:
        """Tell whether names of places were read as of another moment."""
        return self._state is not None and self._state != (moment.at, moment.redacted)

    @property
    def places(self) -> PublicPlaces:
        """The public places; until `asked_at` is told the moment, those of the latest one that this process knows."""
        if self._state is None and "as_of" in self.values:
            self.asked_at(read_moment(self.values["as_of"]))
        if self._state is None:
            self._state = last_state()
        return states.at(*self._state)

    def meant(self, name: str, value: Any) -> Any:
        """Return the places that values mean, of other parameters the value."""
        field = self.found[name].field
        return self.places.meant(field.level, value) if isinstance(field, PlacesParameter) else value

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Errors of codes that are none, and of combinations of parameters; an empty list if there are none."""
        coded = [(name, each.field) for name, each in self.found.items() if isinstance(each.field, CodedPlaces)]
        errors = [
            parameter_error(name, text, str(refused.message), refused.known, code=refused.error_code)
            for name, field in coded
            for text, refused in field.impossible(values[name])
            if not self._is_used(field.level, text)
        ]
        first: Any = values.get("first_published_after")
        last: Any = values.get("first_published_before")
        if first is not None and type(first) is type(last) and first > last:
            message = f"Must not be later than first_published_before ({last})."
            errors.append(parameter_error("first_published_after", str(first), message, code="conflicting_parameters"))
        return errors

    def _is_used(self, level: Level, code: str) -> bool:
        """Tell whether a public record has a code that is on no list."""
        moment = read_moment(self.values.get("as_of"))
        self.asked_at(moment)
        is_country = level == "country" and has_country(self.queryset.model, code, moment.at)
        return is_country or bool(self.places.called(level, code))

    def order(self) -> Order:
        """The requested sort order, or the default."""
        asked = self.values.get("ordering") or ("-" if self.newest_first else "") + next(iter(self.orders))
        return Order(self.orders[asked.removeprefix("-")], asked.startswith("-"))


def _degrees(count: int) -> dict[str, Any]:
    """Schema of coordinates; OpenAPI cannot express the different range of latitudes."""
    items = {"type": "number", "minimum": -180, "maximum": 180}
    return {"type": "array", "items": items, "minItems": count, "maxItems": count}


class BoxParameter(Parameter):
    """west,south,east,north in degrees; west > east crosses the antimeridian."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(schema=_degrees(4), **kwargs)

    def read(self, value: str) -> tuple[float, float, float, float]:
        """Parse west, south, east, north."""
        parts = value.split(",")
        if len(parts) != 4:
            raise RefusedValueError(
                f"Must be four numbers: west,south,east,north, for example 37.8,47.8,40.2,50.1 (got {len(parts)})."
            )
        west, east = (self.decimal(parts[at], name, -180, 180) for at, name in ((0, "west"), (2, "east")))
        south, north = (self.decimal(parts[at], name, -90, 90) for at, name in ((1, "south"), (3, "north")))
        if south > north:
            raise RefusedValueError(
                f"south ({south:g}) must not be greater than north ({north:g}). The order is west,south,east,north."
            )
        return west, south, east, north


class PointParameter(Parameter):
    """lon,lat in degrees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(schema=_degrees(2), **kwargs)

    def read(self, value: str) -> tuple[float, float]:
        """Parse longitude, latitude."""
        parts = value.split(",")
        if len(parts) != 2:
            raise RefusedValueError(f"Must be two numbers: lon,lat, for example 39.59,49.21 (got {len(parts)}).")
        return self.decimal(parts[0], "lon", -180, 180), self.decimal(parts[1], "lat", -90, 90)


def within_box(query: EntryQuery, box: tuple[float, float, float, float]) -> EntryQuery:
    """Keep the records whose point lies in the box."""
    return query.inside(Box(*box))


class PlaceFilterSet(LedgerFilterSet):
    """What every list of records with a point takes besides."""

    bbox = ParameterFilter(
        BoxParameter(),
        within_box,
        label="Bounding box: west,south,east,north in degrees. west > east crosses the antimeridian.",
        example=[37.8, 47.8, 40.2, 50.1],
    )
    near = ParameterFilter(
        PointParameter(),
        label="Centre point: lon,lat in degrees. Requires radius_km.",
        example=[39.59, 49.21],
    )
    radius_km = ParameterFilter(
        DecimalParameter(0.001, MAX_RADIUS_KM), label="Distance from `near` in kilometres.", example=25
    )
    within = ParameterFilter(
        AreaParameter(),
        label="An area: a Polygon or MultiPolygon of GeoJSON, or a Feature that holds one. Holes are left out; "
        f"a point on an edge is inside. At most {MOST_VERTICES:,} vertices, of which seven decimals count; edges are "
        "straight in degrees. No ring may span more than 180 degrees: cut it at the antimeridian. Altitudes are "
        "ignored.",
        example=EXAMPLE,
    )

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Errors of codes and of combinations of parameters; an empty list if there are none."""
        return [*super().check(values), *check_place(values)]

    def narrowed(self) -> Any:
        """Make the query narrowed by all parameters."""
        query = super().narrowed()
        if "near" in self.values:
            query = query.inside(circle_box(self.values["near"], self.values["radius_km"]))
        area = self.values.get("within")
        return query.inside(replace(query.box or Box(*area.box()), area=area)) if area else query


def check_place(values: dict[str, Any]) -> list[ParameterError]:
    """Errors of the combination of near, radius_km and bbox."""
    errors = []
    for given, wanted in (("near", "radius_km"), ("radius_km", "near")):
        if given in values and wanted not in values:
            errors.append(
                parameter_error(given, "", f"Requires {wanted}: near=lon,lat&radius_km=25.", code="missing_parameter")
            )
    if "near" in values and "bbox" in values:
        errors.append(parameter_error("near", "", "Cannot be combined with bbox.", code="conflicting_parameters"))
    return errors


@cache
def of_a_profile(filterset: type[LedgerFilterSet]) -> type[LedgerFilterSet]:
    """FilterSet of a list in the columns of another dataset, without the parameters that choose columns."""
    return type(f"{filterset.__name__}OfAProfile", (filterset,), dict.fromkeys(("fields", "hxl", "profile")))


@cache
def of_a_count(filterset: type[LedgerFilterSet]) -> type[LedgerFilterSet]:
    """FilterSet of a list without paging parameters, which a count would have to ignore."""
    of_a_page = dict.fromkeys(("ordering", "fields", "limit", "count", "cursor", "hxl", "bom", "profile"))
    return type(f"{filterset.__name__}OfACount", (filterset,), of_a_page)
