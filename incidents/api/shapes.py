"""The shapes around documents: pages and counts."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from incidents.documents import RevisionShape, Shape


@cache
def page_of(shape: type[Shape], name: str) -> type[Shape]:
    """Return the shape of a page of documents."""
    fields: dict[str, Any] = {
        "__doc__": "A page: the records, and where to go from here.",
        "count": serializers.IntegerField(
            allow_null=True,
            help_text="All matches, exactly; null where counting would take long: see count_url.",
        ),
        "count_url": serializers.URLField(help_text="Counts this query exactly."),
        "next": serializers.URLField(allow_null=True, help_text="The next page of the same frozen state."),
        "previous": serializers.URLField(allow_null=True, help_text="The page before."),
        "as_of": serializers.IntegerField(help_text="The publication that this page is read as of."),
        "results": shape(many=True),
    }
    return extend_schema_serializer(many=False)(type(f"{name.capitalize()}Page", (Shape,), fields))


class CountShape(Shape):
    """An exact count."""

    count = serializers.IntegerField(help_text="How many records match.")
    as_of = serializers.IntegerField(help_text="The publication that was counted as of.")


@extend_schema_serializer(many=False)
class HistoryShape(Shape):
    """All published states of one record, oldest first."""

    count = serializers.IntegerField(help_text="How many there are; all of them are here.")
    as_of = serializers.IntegerField(help_text="The publication up to which they are told.")
    results = RevisionShape(many=True)
