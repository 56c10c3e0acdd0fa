"""The parameters of the other lists, and of single records of every kind."""

from __future__ import annotations

from typing import ClassVar

from incidents import vocabulary
from incidents.query.filters import meanings
from incidents.query.filters.lists import (
    MAX_FIGURE,
    LedgerFilterSet,
    PlaceFilterSet,
    codes,
    columns_of,
    country_codes,
    fields_of,
    ids,
    names,
    ordering_by,
)
from incidents_api.rest.filtering import ParameterFilter, StrictFilterSet
from incidents_api.rest.parameters import IntegerParameter, ListParameter


class LocationFilterSet(PlaceFilterSet):
    """The parameters of `locations/`."""

    orders: ClassVar[dict[str, str]] = {"name": "name", "published": "published"}

    ordering = ordering_by(*orders)
    fields = columns_of("location")
    kind = ParameterFilter(
        codes(vocabulary.LOCATION_KINDS), meanings.among("kind"), label=vocabulary.LOCATION_KINDS.definition
    )
    location = ParameterFilter(ids(), meanings.tagged("l"), label="These locations and all places inside them.")
    parent = ParameterFilter(ids(), meanings.among("parent"), label="Places directly inside these locations.")
    country = ParameterFilter(
        country_codes(), meanings.among("country"), label="Countries, ISO 3166-1 alpha-3.", example=["UKR"]
    )
    admin1 = ParameterFilter(names(), meanings.among("admin1"), label="Regions by name.", example=["Luhansk Oblast"])
    admin2 = ParameterFilter(names(), meanings.among("admin2"), label="Districts by name.")
    geonames = ParameterFilter(
        IntegerParameter(1, MAX_FIGURE),
        meanings.compared("geonames_id = %s"),
        label="The GeoNames id.",
        example=712521,
    )


class SourceFilterSet(LedgerFilterSet):
    """The parameters of `sources/`."""

    orders: ClassVar[dict[str, str]] = {"name": "name", "published": "published"}

    ordering = ordering_by(*orders)
    fields = columns_of("source")
    kind = ParameterFilter(
        codes(vocabulary.SOURCE_KINDS), meanings.among("kind"), label=vocabulary.SOURCE_KINDS.definition
    )
    country = ParameterFilter(
        country_codes(), meanings.among("country"), label="Countries of their seats, ISO 3166-1 alpha-3."
    )
    language = ParameterFilter(
        ListParameter(pattern=r"[a-z]{2,3}", form="a language of ISO 639, such as uk"),
        meanings.among("language"),
        label="Main languages, ISO 639-1.",
        example=["uk"],
    )
    scale = ParameterFilter(codes(vocabulary.SCALES), meanings.among("scale"), label=vocabulary.SCALES.definition)
    reliability = ParameterFilter(
        codes(vocabulary.RELIABILITIES), meanings.among("reliability"), label=vocabulary.RELIABILITIES.definition
    )


class ActorFilterSet(LedgerFilterSet):
    """The parameters of `actors/`."""

    orders: ClassVar[dict[str, str]] = {"name": "name", "published": "published"}

    ordering = ordering_by(*orders)
    fields = columns_of("actor")
    kind = ParameterFilter(
        codes(vocabulary.ACTOR_KINDS), meanings.among("kind"), label=vocabulary.ACTOR_KINDS.definition
    )
    country = ParameterFilter(country_codes(), meanings.among("country"), label="Countries, ISO 3166-1 alpha-3.")


class DatasetFilterSet(LedgerFilterSet):
    """The parameters of `datasets/`."""

    orders: ClassVar[dict[str, str]] = {"name": "name", "published": "published"}

    ordering = ordering_by(*orders)
    fields = columns_of("dataset")
    licence = ParameterFilter(
        ListParameter(), meanings.among("licence"), label="Licences, as the dataset names them.", example=["CC-BY-4.0"]
    )


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
