"""The parameters of each resource, declared once: JSON, counts, feeds and exports all run this same query."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

from django.db import connection

from incidents import vocabulary
from incidents.codebook.profiles import EXPORT_PROFILES
from incidents.documents import field_names
from incidents.fields import PUBLIC_ID_PATTERN
from incidents.ledger.models import IncidentEntry
from incidents.ledger.tokens import facet, tag_token
from incidents.query.entries import EntryQuery, Order
from incidents.query.place import Box, circle_box
from incidents.query.releases import AsOfParameter
from incidents.query.words import WordsParameter
from incidents.tables import TABLES
from incidents_api.rest.errors import ParameterError, parameter_error
from incidents_api.rest.filtering import ParameterFilter, StrictFilterSet
from incidents_api.rest.parameters import (
    BoxParameter,
    ChoiceParameter,
    DayParameter,
    DecimalParameter,
    IntegerParameter,
    ListParameter,
    MomentParameter,
    PointParameter,
    TextParameter,
)

MAX_FIGURE = 2_000_000_000
MAX_RADIUS_KM = 20_016.0
"""Half the way around the globe."""

MAX_CURSOR = 2000
"""Characters: beside a long name in any script, with room to spare."""

CONTROLS = ("as_of", "ordering", "fields", "limit", "count", "cursor", "format", "hxl", "bom", "profile")
"""Parameters that choose how an answer looks, not which records are in it."""


def ids(**kwargs: Any) -> ListParameter:
    """Return the parameter of a list of public ids."""
    return ListParameter(pattern=PUBLIC_ID_PATTERN, form="an id such as luhansk-2022-0004", **kwargs)


def codes(of: vocabulary.Vocabulary) -> ListParameter:
    """Return the parameter of a list of coded values."""
    return ListParameter(choices=list(of))


def country_codes() -> ListParameter:
    """Return the parameter of a list of country codes."""
    return ListParameter(pattern=r"[A-Z]{3}", form="three capital letters of ISO 3166-1, such as UKR")


def names() -> ListParameter:
    """Return the parameter of a list of names."""
    return ListParameter()


def among(column: str) -> Any:
    """Return the meaning: the column holds one of the values."""

    def meaning(query: EntryQuery, values: list[str]) -> EntryQuery:
        if len(values) == 1:  # an equality keeps the order of an index that begins with the column
            return query.where(f"{column} = %s", values[0])
        return query.where(f"{column} IN ({placeholders(values)})", *values)

    return meaning


def with_ids(query: EntryQuery, values: list[str]) -> EntryQuery:
    """Keep the records with one of these ids."""
    found: EntryQuery = among("record_id")(query, values)
    return found.by_index("inc_by_record") if query.model is IncidentEntry else found  # other kinds are few


def not_among(column: str) -> Any:
    """Return the meaning: the column holds none of the values."""

    def meaning(query: EntryQuery, values: list[str]) -> EntryQuery:
        return query.where(f"{column} NOT IN ({placeholders(values)})", *values)

    return meaning


def placeholders(values: list[str]) -> str:
    """Return a %s for each value."""
    return ", ".join(["%s"] * len(values))


def compared(condition: str) -> Any:
    """Return the meaning: a condition that takes the value once."""
    return lambda query, value: query.where(condition, value)


def tagged(name: str) -> Any:
    """Return the meaning: the record has one of these facet values."""

    def meaning(query: EntryQuery, values: list[str]) -> EntryQuery:
        return query.with_any_token(*(facet(name, value) for value in values))

    return meaning


def having_tag(query: EntryQuery, values: list[str]) -> EntryQuery:
    """Keep the records with one of these free tags."""
    return query.with_any_token(*(tag_token(value) for value in values))


def holding_words(query: EntryQuery, tokens: list[str]) -> EntryQuery:
    """Keep the records that hold all of these words."""
    for token in tokens:
        query = query.with_any_token(token)
    return query


def published_from(query: EntryQuery, moment: int | datetime) -> EntryQuery:
    """Keep the records whose revision was published at this time or later, or after this publication."""
    value: Any = moment
    if isinstance(moment, int):
        condition = "published > %s"
    else:
        earlier = "SELECT max(seq) FROM ledger_publication WHERE published_at < %s"
        condition = f"published > coalesce(({earlier}), 0)"
        value = connection.ops.adapt_datetimefield_value(moment)
    if query.model is IncidentEntry:  # other kinds are few
        return query.perhaps_rare("inc_by_publication", condition, value)
    return query.where(condition, value)


def rare(index: str, condition: str) -> Any:
    """Return the meaning: a condition that takes the value once and may leave few of the incidents."""
    return lambda query, value: query.perhaps_rare(index, condition, value)


def at_least(column: str, of: vocabulary.Vocabulary) -> Any:
    """Return the meaning: at least as precise as the value."""

    def meaning(query: EntryQuery, code: str) -> EntryQuery:
        return query.where(f"{column} <= %s", of.rank(code))

    return meaning


def within_box(query: EntryQuery, box: tuple[float, float, float, float]) -> EntryQuery:
    """Keep the records whose point lies in the box."""
    return query.inside(Box(*box))


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


class LedgerFilterSet(StrictFilterSet):
    """What every list takes."""

    orders: ClassVar[dict[str, str]]
    """Name of an order → column; the first is the default."""
    newest_first: ClassVar[bool] = False

    q = ParameterFilter(
        WordsParameter(),
        holding_words,
        label="Words that must all occur, in any script, with or without accents; `word*` finds all that begin so. "
        "Of incidents: summary, place and all that holds it by every name, actors, sources, titles, quotes, tags.",
        example="Severodonetsk",
    )
    id = ParameterFilter(ids(), with_ids, label="Only these ids.")
    exclude_id = ParameterFilter(ids(), not_among("record_id"), label="All but these ids.")
    published_after = ParameterFilter(
        MomentParameter(),
        published_from,
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

    def order(self) -> Order:
        """Return the order that was asked for, or the default."""
        asked = self.values.get("ordering") or ("-" if self.newest_first else "") + next(iter(self.orders))
        return Order(self.orders[asked.removeprefix("-")], asked.startswith("-"))


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

    @property
    def qs(self) -> Any:
        """Return the query narrowed by all parameters."""
        return around(super().qs, self.values)


def check_place(values: dict[str, Any]) -> list[ParameterError]:
    """Return what is wrong with near, radius_km and bbox together."""
    errors = []
    for given, wanted in (("near", "radius_km"), ("radius_km", "near")):
        if given in values and wanted not in values:
            errors.append(parameter_error(given, "", f"Needs {wanted} beside it: near=lon,lat&radius_km=25."))
    if "near" in values and "bbox" in values:
        errors.append(parameter_error("near", "", "Cannot be joined with bbox; give one of them."))
    return errors


def around(query: EntryQuery, values: dict[str, Any]) -> EntryQuery:
    """Keep the records within radius_km of near, where both are given."""
    if "near" in values:
        return query.inside(circle_box(values["near"], values["radius_km"]))
    return query


class IncidentFilterSet(PlaceFilterSet):
    """The parameters of `incidents/`."""

    orders: ClassVar[dict[str, str]] = {
        "date": "day_from",
        "published": "published",
        "killed": "killed_order",
    }
    newest_first = True

    ordering = ordering_by(*orders)
    fields = columns_of("incident")
    dataset = ParameterFilter(ids(), among("dataset"), label="Incidents of these datasets.", example=["luhansk-2022"])
    event_type = ParameterFilter(
        codes(vocabulary.EVENT_TYPES), among("event_type"), label=vocabulary.EVENT_TYPES.definition
    )
    event_subtype = ParameterFilter(
        codes(vocabulary.EVENT_SUBTYPES), among("event_subtype"), label=vocabulary.EVENT_SUBTYPES.definition
    )
    date_after = ParameterFilter(
        DayParameter(last=False), label="On this day or later; see date_match.", example="2022-07-01"
    )
    date_before = ParameterFilter(
        DayParameter(last=True), label="On this day or earlier; see date_match.", example="2022-08-31"
    )
    date_match = ParameterFilter(
        ChoiceParameter(["possible", "certain"]),
        label="`possible` (the default): the incident's interval overlaps the window. `certain`: it lies within it.",
    )
    date_precision = ParameterFilter(
        ChoiceParameter(list(vocabulary.DATE_PRECISIONS)),
        at_least("date_rank", vocabulary.DATE_PRECISIONS),
        label="The time is known at least this precisely.",
    )
    location_precision = ParameterFilter(
        ChoiceParameter(list(vocabulary.LOCATION_PRECISIONS)),
        at_least("place_rank", vocabulary.LOCATION_PRECISIONS),
        label="The place is known at least this precisely.",
    )
    location = ParameterFilter(
        ids(), tagged("l"), label="At these locations or any place inside them.", example=["luhansk-oblast"]
    )
    country = ParameterFilter(
        country_codes(), among("country"), label="Countries, ISO 3166-1 alpha-3.", example=["UKR"]
    )
    admin1 = ParameterFilter(names(), among("admin1"), label="Regions by name.", example=["Luhansk Oblast"])
    admin2 = ParameterFilter(names(), among("admin2"), label="Districts by name.")
    source = ParameterFilter(ids(), tagged("s"), label="These sources report it, are relayed, or make a claim of it.")
    source_kind = ParameterFilter(
        codes(vocabulary.SOURCE_KINDS),
        tagged("sk"),
        label="A source of such a kind reports it or is relayed.",
    )
    min_sources = ParameterFilter(
        IntegerParameter(0, 10_000),
        compared("sources >= %s"),
        label="Reports by at least so many distinct sources; relayed ones do not count.",
    )
    actor = ParameterFilter(
        ids(), label="These actors had a part in it; see actor_role.", example=["luhansk-partisans"]
    )
    actor_role = ParameterFilter(
        codes(vocabulary.ACTOR_ROLES), label="The part that `actor` had; without `actor`, that anybody had."
    )
    target = ParameterFilter(codes(vocabulary.TARGET_KINDS), tagged("g"), label=vocabulary.TARGET_KINDS.definition)
    killed_min = ParameterFilter(
        IntegerParameter(0, MAX_FIGURE),
        rare("inc_by_killed", "killed_order >= %s"),
        label="At least so many killed (best figure); not reported never matches.",
    )
    killed_max = ParameterFilter(
        IntegerParameter(0, MAX_FIGURE),
        rare("inc_by_killed", "killed_order >= 0 AND killed_order <= %s"),
        label="At most so many killed (best figure); not reported never matches.",
    )
    injured_min = ParameterFilter(
        IntegerParameter(0, MAX_FIGURE),
        rare("inc_by_injured", "injured_best >= %s"),
        label="At least so many injured (best figure); not reported never matches.",
    )
    injured_max = ParameterFilter(
        IntegerParameter(0, MAX_FIGURE),
        rare("inc_by_injured", "injured_best <= %s"),
        label="At most so many injured (best figure); not reported never matches.",
    )
    tag = ParameterFilter(ListParameter(), having_tag, label="One of these tags.")
    profile = ParameterFilter(
        ChoiceParameter(list(EXPORT_PROFILES)),
        label="The nearest columns of another dataset, for scripts that were written for it; json and csv. The "
        "codebook tells column by column what they hold and which have no equivalent.",
    )

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Return what is wrong with the parameters taken together."""
        errors = super().check(values)
        for low, high in (
            ("date_after", "date_before"),
            ("killed_min", "killed_max"),
            ("injured_min", "injured_max"),
        ):
            if low in values and high in values and values[low] > values[high]:
                errors.append(parameter_error(low, str(values[low]), f"Is beyond {high} ({values[high]})."))
        errors += [
            parameter_error(name, "", "Means nothing beside profile, which has columns of its own.")
            for name in ("fields", "hxl")
            if name in values and "profile" in values
        ]
        if "date_match" in values and not {"date_after", "date_before"} & values.keys():
            errors.append(parameter_error("date_match", "", "Needs date_after or date_before beside it."))
        return errors

    @property
    def qs(self) -> Any:
        """Return the query narrowed by all parameters."""
        values = self.values
        query = _in_window(super().qs, values)
        actors, roles = values.get("actor"), values.get("actor_role")
        if actors and roles:
            return query.with_any_token(*(facet("ar", role, actor) for role in roles for actor in actors))
        if actors:
            return query.with_any_token(*(facet("a", actor) for actor in actors))
        if roles:
            return query.with_any_token(*(facet("ro", role) for role in roles))
        return query


def _in_window(query: EntryQuery, values: dict[str, Any]) -> EntryQuery:
    after: date | None = values.get("date_after")
    before: date | None = values.get("date_before")
    certain = values.get("date_match") == "certain"
    if before:
        query = query.starting_by(before.toordinal())
    if before and certain:
        query = query.where("day_to <= %s", before.toordinal())
    if after:
        day = after.toordinal()
        query = query.where("day_from >= %s", day) if certain else query.reaching(day)
    return query


class LocationFilterSet(PlaceFilterSet):
    """The parameters of `locations/`."""

    orders: ClassVar[dict[str, str]] = {"name": "name", "published": "published"}

    ordering = ordering_by(*orders)
    fields = columns_of("location")
    kind = ParameterFilter(codes(vocabulary.LOCATION_KINDS), among("kind"), label=vocabulary.LOCATION_KINDS.definition)
    location = ParameterFilter(ids(), tagged("l"), label="These locations and all places inside them.")
    parent = ParameterFilter(ids(), among("parent"), label="Places directly inside these locations.")
    country = ParameterFilter(
        country_codes(), among("country"), label="Countries, ISO 3166-1 alpha-3.", example=["UKR"]
    )
    admin1 = ParameterFilter(names(), among("admin1"), label="Regions by name.", example=["Luhansk Oblast"])
    admin2 = ParameterFilter(names(), among("admin2"), label="Districts by name.")
    geonames = ParameterFilter(
        IntegerParameter(1, MAX_FIGURE),
        compared("geonames_id = %s"),
        label="The GeoNames id.",
        example=712521,
    )


class SourceFilterSet(LedgerFilterSet):
    """The parameters of `sources/`."""

    orders: ClassVar[dict[str, str]] = {"name": "name", "published": "published"}

    ordering = ordering_by(*orders)
    fields = columns_of("source")
    kind = ParameterFilter(codes(vocabulary.SOURCE_KINDS), among("kind"), label=vocabulary.SOURCE_KINDS.definition)
    country = ParameterFilter(country_codes(), among("country"), label="Countries of their seats, ISO 3166-1 alpha-3.")
    language = ParameterFilter(
        ListParameter(pattern=r"[a-z]{2,3}", form="a language of ISO 639, such as uk"),
        among("language"),
        label="Main languages, ISO 639-1.",
        example=["uk"],
    )
    scale = ParameterFilter(codes(vocabulary.SCALES), among("scale"), label=vocabulary.SCALES.definition)
    reliability = ParameterFilter(
        codes(vocabulary.RELIABILITIES), among("reliability"), label=vocabulary.RELIABILITIES.definition
    )


class ActorFilterSet(LedgerFilterSet):
    """The parameters of `actors/`."""

    orders: ClassVar[dict[str, str]] = {"name": "name", "published": "published"}

    ordering = ordering_by(*orders)
    fields = columns_of("actor")
    kind = ParameterFilter(codes(vocabulary.ACTOR_KINDS), among("kind"), label=vocabulary.ACTOR_KINDS.definition)
    country = ParameterFilter(country_codes(), among("country"), label="Countries, ISO 3166-1 alpha-3.")


class DatasetFilterSet(LedgerFilterSet):
    """The parameters of `datasets/`."""

    orders: ClassVar[dict[str, str]] = {"name": "name", "published": "published"}

    ordering = ordering_by(*orders)
    fields = columns_of("dataset")
    licence = ParameterFilter(
        ListParameter(), among("licence"), label="Licences, as the dataset names them.", example=["CC-BY-4.0"]
    )


@cache
def of_a_count(filterset: type[LedgerFilterSet]) -> type[LedgerFilterSet]:
    """Return the parameters of a list without those that choose a page of it, which a count would have to ignore."""
    of_a_page = dict.fromkeys(("ordering", "fields", "limit", "count", "cursor", "hxl", "bom", "profile"))
    return type(f"{filterset.__name__}OfACount", (filterset,), of_a_page)


class HistoryFilterSet(StrictFilterSet):
    """The parameters of one record's history."""

    as_of = LedgerFilterSet.base_filters["as_of"]
    format = LedgerFilterSet.base_filters["format"]


class IncidentItemFilterSet(HistoryFilterSet):
    """The parameters of one incident."""

    fields = fields_of("incident")


class LocationItemFilterSet(HistoryFilterSet):
    """The parameters of one location."""

    fields = fields_of("location")


class SourceItemFilterSet(HistoryFilterSet):
    """The parameters of one source."""

    fields = fields_of("source")


class ActorItemFilterSet(HistoryFilterSet):
    """The parameters of one actor."""

    fields = fields_of("actor")


class DatasetItemFilterSet(HistoryFilterSet):
    """The parameters of one dataset."""

    fields = fields_of("dataset")
