"""The parameters of each resource, declared once: JSON, counts, feeds and exports all run this same query."""

from incidents.query.filters.controls import CONTROLS, MAX_CURSOR
from incidents.query.filters.incidents import IncidentFilterSet
from incidents.query.filters.lists import LedgerFilterSet, PlaceFilterSet, of_a_count, of_a_profile
from incidents.query.filters.other_kinds import (
    ActorFilterSet,
    ActorItemFilterSet,
    DatasetFilterSet,
    DatasetItemFilterSet,
    HistoryFilterSet,
    IncidentItemFilterSet,
    LocationFilterSet,
    LocationItemFilterSet,
    SourceFilterSet,
    SourceItemFilterSet,
)

__all__ = [
    "CONTROLS",
    "MAX_CURSOR",
    "ActorFilterSet",
    "ActorItemFilterSet",
    "DatasetFilterSet",
    "DatasetItemFilterSet",
    "HistoryFilterSet",
    "IncidentFilterSet",
    "IncidentItemFilterSet",
    "LedgerFilterSet",
    "LocationFilterSet",
    "LocationItemFilterSet",
    "PlaceFilterSet",
    "SourceFilterSet",
    "SourceItemFilterSet",
    "of_a_count",
    "of_a_profile",
]
