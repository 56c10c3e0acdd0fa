"""A stock ModelViewSet: filters, search, ordering and pagination as the libraries' own guides write them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from tests.benchmarks.baseline.models import Evidence, Incident, Participation
from tests.benchmarks.baseline.serializers import IncidentSerializer


class IncidentFilterSet(django_filters.FilterSet):
    """The filters that are measured, with the same meaning: the incident overlaps the window."""

    date_after = django_filters.DateFilter(field_name="date_end", lookup_expr="gte")
    date_before = django_filters.DateFilter(field_name="date_start", lookup_expr="lte")
    bbox = django_filters.CharFilter(method="in_box")

    class Meta:
        model = Incident
        fields = ("event_type", "event_subtype")

    def in_box(self, queryset: QuerySet[Incident], name: str, value: str) -> QuerySet[Incident]:
        """Keep the incidents in west,south,east,north."""
        west, south, east, north = map(float, value.split(","))
        return queryset.filter(latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east)


class IncidentViewSet(ReadOnlyModelViewSet[Incident]):
    """Incidents with everything that they show, in four queries."""

    queryset = Incident._default_manager.select_related("dataset", "location").prefetch_related(
        Prefetch("participations", Participation._default_manager.select_related("actor")),
        Prefetch("evidence", Evidence._default_manager.select_related("report__source")),
    )
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilterSet
    search_fields = ("summary", "location_as_reported", "location__name")
    ordering_fields = ("date_start",)
    lookup_field = "slug"

    @action(detail=False)
    def count(self, request: Request, **kwargs: Any) -> Response:
        """Count the incidents that match."""
        return Response({"count": self.filter_queryset(self.get_queryset()).count()})
