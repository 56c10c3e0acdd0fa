"""The shapes around documents: pages, counts, histories and tombstones."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from incidents.documents import RevisionShape, Shape, coded, missing, public_id
from incidents.vocabulary import CHANGES
from incidents_api.rest.errors import ProblemSerializer


class WarningShape(Shape):
    """A value that could exist and that no public record has had."""

    parameter = serializers.CharField(help_text="Name of the parameter.")
    value = serializers.CharField(help_text="The value, cut after 200 characters.")
    message = serializers.CharField(help_text="What no public record has had.")
    suggestion = missing("The nearest value that a public record has; null if none is near.")


WARNED = (
    "Values of parameters that could exist and that no public record has had up to this publication: the response has "
    "nothing for them. Usually empty."
)


@cache
def page_of(shape: type[Shape], name: str) -> type[Shape]:
    """Make the serializer class of a page whose `results` are documents of this shape."""
    fields: dict[str, Any] = {
        "__doc__": "A page of records, with links.",
        "count": serializers.IntegerField(
            allow_null=True,
            help_text="Exact number of matches; null if counting would take too long: see count_url.",
        ),
        "count_url": serializers.URLField(help_text="URL of the exact count of this query."),
        "cite_url": serializers.URLField(help_text="URL of the citation of this query."),
        "next": serializers.URLField(allow_null=True, help_text="URL of the next page of the same snapshot."),
        "previous": serializers.URLField(allow_null=True, help_text="URL of the previous page."),
        "as_of": serializers.IntegerField(help_text="The publication that this page is from."),
        "warnings": WarningShape(many=True, help_text=WARNED),
        "results": shape(many=True),
    }
    return extend_schema_serializer(many=False)(type(f"{name.capitalize()}Page", (Shape,), fields))


class CountShape(Shape):
    """An exact count."""

    count = serializers.IntegerField(help_text="Number of matching records.")
    as_of = serializers.IntegerField(help_text="The publication that was counted.")
    warnings = WarningShape(many=True, help_text=WARNED)


@extend_schema_serializer(many=False)
class HistoryShape(Shape):
    """All published versions of one record, oldest first."""

    count = serializers.IntegerField(help_text="Number of revisions; all of them are in the response.")
    as_of = serializers.IntegerField(help_text="The latest publication that is included.")
    results = RevisionShape(many=True)


class Tombstone(Shape):
    """Remaining information about a record that is no longer public."""

    id = public_id("The record.")
    change = coded(CHANGES)
    revision = serializers.IntegerField(min_value=1, help_text="Number of the revision that ended the record.")
    as_of = serializers.IntegerField(
        help_text="The publication that ended the record; earlier publications still have it."
    )
    published = serializers.DateTimeField(help_text="Time of that publication.")
    reason = missing("Reason, if it may be published.")


class GoneProblem(ProblemSerializer):
    """An error with the status of a record that is no longer public."""

    tombstone = Tombstone()
