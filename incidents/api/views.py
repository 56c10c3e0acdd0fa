"""The viewsets: each says what it serves; `LedgerViewSet` knows how."""

from __future__ import annotations

from incidents.api.aggregates import AggregateMixin
from incidents.api.ledger_viewset import LedgerViewSet
from incidents.api.searches import SearchMixin
from incidents.query import filters


class IncidentViewSet(SearchMixin, AggregateMixin, LedgerViewSet):
    """Incidents: who did what, where, when, and according to whom."""

    kind = "incident"
    filterset_class = filters.IncidentFilterSet
    item_filterset_class = filters.IncidentItemFilterSet


class LocationViewSet(LedgerViewSet):
    """Places, with their names in every script and the areas that contain them."""

    kind = "location"
    filterset_class = filters.LocationFilterSet
    item_filterset_class = filters.LocationItemFilterSet


class SourceViewSet(LedgerViewSet):
    """Sources: outlets, offices, channels and organisations."""

    kind = "source"
    filterset_class = filters.SourceFilterSet
    item_filterset_class = filters.SourceItemFilterSet


class ActorViewSet(LedgerViewSet):
    """Actors: groups and offices that act or are acted on."""

    kind = "actor"
    filterset_class = filters.ActorFilterSet
    item_filterset_class = filters.ActorItemFilterSet


class DatasetViewSet(LedgerViewSet):
    """Datasets: sets of incidents coded with the same rules, under one licence."""

    kind = "dataset"
    filterset_class = filters.DatasetFilterSet
    item_filterset_class = filters.DatasetItemFilterSet


LISTS: tuple[type[LedgerViewSet], ...] = (
    IncidentViewSet,
    LocationViewSet,
    SourceViewSet,
    ActorViewSet,
    DatasetViewSet,
)
"""All that are lists of records."""
