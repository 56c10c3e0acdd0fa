"""The parameters of the other lists, and of single records of every kind."""

from __future__ import annotations

from typing import ClassVar

from incidents.ledger.models import FIRST_PUBLISHED, LocationEntry
from incidents.ledger.search import Terms
from incidents.query.entries import Order, database
from incidents.query.filters.controls import columns_of, fields_of, ordering_by
from incidents.query.filters.lists import LedgerFilterSet, PlaceFilterSet
from incidents.query.filters.places import PlacesParameter, within
from incidents.schema.common import CALLED
from incidents.text_folding import called_token, spelt_token
from incidents_api.parameters.filtersets import ParameterFilter, StrictFilterSet

ORDERS = {"name": "name", "published": "published", "first_published": FIRST_PUBLISHED}
"""Of records that are listed by name: name of an order → column."""


class LocationFilterSet(PlaceFilterSet):
    """The parameters of `locations/`."""

    record_kind = "location"
    orders: ClassVar[dict[str, str]] = ORDERS

    ordering = ordering_by(*ORDERS)
    fields = columns_of("location")
    location = ParameterFilter(
        PlacesParameter("location"), within, label=f"These locations and all places within them: {CALLED}"
    )

    def order(self) -> Order:
        """The requested sort order; for words without one, places that are called so before those that lie in one."""
        if "ordering" in self.values or "q" not in self.values:
            return super().order()
        name = " ".join(self.values["q"])
        tokens = [token for token in (spelt_token(name), called_token(name)) if token]
        model, vendor = LocationEntry, database().vendor
        ranked = " ".join(
            f"WHEN {Terms([[token]]).literal(model, vendor)} THEN '{rank}'" for rank, token in enumerate(tokens)
        )
        # As varchar, since PostgreSQL's text comes as bytes here.
        cast = '::varchar COLLATE "C"' if vendor == "postgresql" else ""
        return Order(f"(CASE {ranked} ELSE '9' END || name){cast}", descending=False) if ranked else super().order()


class SourceFilterSet(LedgerFilterSet):
    """The parameters of `sources/`."""

    record_kind = "source"
    orders: ClassVar[dict[str, str]] = ORDERS

    ordering = ordering_by(*ORDERS)
    fields = columns_of("source")


class ActorFilterSet(LedgerFilterSet):
    """The parameters of `actors/`."""

    record_kind = "actor"
    orders: ClassVar[dict[str, str]] = ORDERS

    ordering = ordering_by(*ORDERS)
    fields = columns_of("actor")


class DatasetFilterSet(LedgerFilterSet):
    """The parameters of `datasets/`."""

    record_kind = "dataset"
    orders: ClassVar[dict[str, str]] = ORDERS

    ordering = ordering_by(*ORDERS)
    fields = columns_of("dataset")


class HistoryFilterSet(StrictFilterSet):
    """The parameters of one record's history."""

    as_of = LedgerFilterSet.base_filters["as_of"]
    format = LedgerFilterSet.base_filters["format"]


class IncidentItemFilterSet(HistoryFilterSet):
    """The parameters of one incident."""

    fields = columns_of("incident")


class LocationItemFilterSet(HistoryFilterSet):
    """The parameters of one location."""

    fields = columns_of("location")


class SourceItemFilterSet(HistoryFilterSet):
    """The parameters of one source."""

    fields = fields_of("source")


class ActorItemFilterSet(HistoryFilterSet):
    """The parameters of one actor."""

    fields = fields_of("actor")


class DatasetItemFilterSet(HistoryFilterSet):
    """The parameters of one dataset."""

    fields = fields_of("dataset")
