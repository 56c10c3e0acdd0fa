"""The shapes of the change feed: publications, changes, reductions, pages and checksums."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from incidents.api.response_shapes import WARNED, WarningShape
from incidents.documents import Shape, coded, missing, public_id, record_kind
from incidents.vocabulary import CHANGES, EFFECTS


class PublicationShape(Shape):
    """One publication. All its changes became public at the same time."""

    seq = serializers.IntegerField(min_value=1, help_text="Number of the publication, without gaps.")
    published = serializers.DateTimeField(help_text="Time of the publication.")
    message = serializers.CharField(allow_blank=True, help_text="Message of the publication.")
    counts = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="Kind → change → number of records. `unchanged` records were published again without changes.",
    )
    totals = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Kind → number of public records after this publication, as reported at that time.",
    )


class PublishedChangeShape(Shape):
    """One published version of a record, or its tombstone."""

    seq = serializers.IntegerField(min_value=1, help_text="The publication that the change belongs to.")
    published = serializers.DateTimeField(help_text="Time of the publication.")
    kind = record_kind()
    id = public_id("The record.")
    revision = serializers.IntegerField(
        min_value=1, help_text="Number of this published version of the record, starting at 1."
    )
    effect = coded(EFFECTS, required=False)
    change = coded(CHANGES)
    changed_fields = serializers.ListField(
        child=serializers.CharField(), help_text="Top-level fields that changed; empty unless the change is `changed`."
    )
    reason = missing("Reason for a withdrawal, a merge or a redaction.")
    target = public_id("The record that a merged record was merged into.", allow_null=True)
    redacted = serializers.BooleanField(help_text="The content was removed from the whole history, for safety.")
    shape = serializers.IntegerField(
        min_value=2,
        required=False,
        help_text="Version of the format in which the document is stored; absent means the first. The document may "
        "lack fields of later versions.",
    )
    document = serializers.DictField(
        allow_null=True,
        help_text="The whole record as published; null for a tombstone and for a record that was redacted later. "
        "Without filters these are the stored bytes, without what is looked up when a record is shown: "
        "`first_published`, `admin1_code`, `admin2_code` and `not_stated`.",
    )


class ReductionShape(Shape):
    """A change that belongs to a reduction, which replaced the content of a record's earlier revisions."""

    kind = record_kind()
    id = public_id("The record.")
    revision = serializers.IntegerField(min_value=1, help_text="The revision of the change.")
    publication = serializers.IntegerField(
        min_value=1,
        help_text="The publication of the reduction: a later one, which replaced the content of this revision, or, for "
        "the change `redacted` of the reduction itself, its own.",
    )


@extend_schema_serializer(many=False)
class ChangesPage(Shape):
    """A page of the change feed."""

    as_of = serializers.IntegerField(
        help_text="The latest publication at the time of the response; with filters, the last one that is told."
    )
    redacted = serializers.IntegerField(help_text="The latest publication with a redaction; 0: none.")
    since = serializers.IntegerField(help_text="The value of the parameter `since`.")
    next = serializers.URLField(
        allow_null=True, help_text="URL of the next changes; null if there are no more: poll again with since=<as_of>."
    )
    warnings = WarningShape(many=True, required=False, help_text=f"Only with filters. {WARNED}")
    publications = PublicationShape(many=True, help_text="The publications that the changes on this page belong to.")
    results = PublishedChangeShape(many=True)
    reductions = ReductionShape(
        many=True, help_text="Which of these changes belong to a reduction; empty with filters."
    )


@extend_schema_serializer(many=False)
class ChangesChecksum(Shape):
    """Checksum of a part of the change feed."""

    as_of = serializers.IntegerField(help_text="The latest publication at the time of the response.")
    redacted = serializers.IntegerField(help_text="The latest publication with a redaction; 0: none.")
    since = serializers.IntegerField(help_text="The value of the parameter `since`.")
    next = serializers.URLField(allow_null=True, help_text="URL of the next part; null if this was the last.")
    count = serializers.IntegerField(help_text="Number of changes in the checksum.")
    seq = serializers.IntegerField(help_text="Publication of the last change.")
    checksum = serializers.RegexField(
        "^[0-9a-f]{64}$",
        help_text="BLAKE2b-256 hash of lines that each end in a line feed: each publication that starts here, then "
        "its changes, as the bytes that changes/ sends.",
    )
