"""The feed of changes for mirrors, and the checksums by which they prove that they are equal."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from incidents.api.ledger_schema import SITE, LedgerSchema
from incidents.api.response_shapes import RECORDS
from incidents.documents import Shape, coded, missing, public_id
from incidents.ledger.models import KINDS
from incidents.query import change_feed
from incidents.query.filters import MAX_CURSOR
from incidents.query.moment import Moment, read_moment
from incidents.vocabulary import CHANGES
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import ParameterFilter, StrictFilterSet
from incidents_api.parameters.values import IntegerParameter, TextParameter
from incidents_api.rest import caching, deferring, pagination
from incidents_api.rest.errors import bad_parameters
from incidents_api.rest.pagination import Cursor

DEFAULT_LIMIT = 100
DEFAULT_BLOCK = 10_000
MAX_SEQ = 10**12


class ChangesFilterSet(StrictFilterSet):
    """The parameters of `changes/`."""

    since = ParameterFilter(
        IntegerParameter(0, MAX_SEQ),
        label="Changes of the publications after this one; 0, if not given: all.",
        example=0,
    )
    limit = ParameterFilter(IntegerParameter(1, 1000), label="Changes a page; 100 if not given.")
    cursor = ParameterFilter(TextParameter(MAX_CURSOR), label="Where a page begins; taken from `next`.")
    format = ParameterFilter(TextParameter(), label="The representation, if not by the Accept header.", example="json")


class ChecksumFilterSet(ChangesFilterSet):
    """The parameters of `changes/checksum/`."""

    until = ParameterFilter(
        IntegerParameter(0, MAX_SEQ), label="The last publication to take in; the latest if not given.", example=1
    )
    limit = ParameterFilter(IntegerParameter(1, 10_000), label="Changes a checksum; 10000 if not given.")


class PublicationShape(Shape):
    """One publication: all its changes became public at once."""

    seq = serializers.IntegerField(min_value=1, help_text="Its number; there are no gaps.")
    published = serializers.DateTimeField(help_text="When.")
    message = serializers.CharField(allow_blank=True, help_text="What it is about.")
    counts = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="Kind → change → number of records; `unchanged` were published again as they were.",
    )
    totals = serializers.DictField(
        child=serializers.IntegerField(), help_text="Kind → number of public records after it, as it was told then."
    )


class PublishedChangeShape(Shape):
    """One published state of one record, or the tombstone that ended it."""

    seq = serializers.IntegerField(min_value=1, help_text="The publication that it is part of.")
    published = serializers.DateTimeField(help_text="When.")
    kind = serializers.ChoiceField([(kind, kind) for kind in KINDS], help_text="What kind of record it is.")
    id = public_id("The record.")
    revision = serializers.IntegerField(min_value=1, help_text="Counts the published states of the record from 1.")
    change = coded(CHANGES)
    changed_fields = serializers.ListField(
        child=serializers.CharField(), help_text="The top-level fields that a changed revision changed."
    )
    reason = missing("Why, for a withdrawal, a merger or a redaction.")
    target = public_id("The record that a merged one went into.", allow_null=True)
    redacted = serializers.BooleanField(help_text="The content was taken out of all history, for safety.")
    shape = serializers.IntegerField(
        min_value=2,
        required=False,
        help_text="The version of the shape that the document is stored in, as it was written then; absent: the first. "
        "The document may lack fields that later versions have.",
    )
    document = serializers.DictField(
        allow_null=True,
        help_text="The whole record as it is published; null for a tombstone and for what was redacted later.",
    )


@extend_schema_serializer(many=False)
class ChangesPage(Shape):
    """A part of the feed."""

    as_of = serializers.IntegerField(help_text="The latest publication when this was read.")
    redacted = serializers.IntegerField(help_text="The latest publication that redacted something; 0: none.")
    since = serializers.IntegerField(help_text="The publication that was asked for.")
    next = serializers.URLField(
        allow_null=True, help_text="The changes that follow; null: these were all, ask again with since=<as_of>."
    )
    publications = PublicationShape(many=True, help_text="Those that the changes below are part of.")
    results = PublishedChangeShape(many=True)


@extend_schema_serializer(many=False)
class ChangesChecksum(Shape):
    """The checksum of a part of the feed."""

    as_of = serializers.IntegerField(help_text="The latest publication when this was read.")
    redacted = serializers.IntegerField(help_text="The latest publication that redacted something; 0: none.")
    since = serializers.IntegerField(help_text="The publication that was asked for.")
    next = serializers.URLField(allow_null=True, help_text="The part that follows; null: this was the last.")
    count = serializers.IntegerField(help_text="How many changes it is made of.")
    seq = serializers.IntegerField(help_text="The publication of the last of them.")
    checksum = serializers.RegexField(
        "^[0-9a-f]{64}$",
        help_text="BLAKE2b, 256 bits, of lines that each end in a line feed: each publication that begins here, then "
        "its changes, as the bytes that changes/ sends.",
    )


FEED = """

Publications in their order, and within one the order in which it was written. What is published later always comes
after: a reader who follows `next` misses nothing and meets nothing twice, however long that takes. A publication may
be larger than a page; all of it is there when a later one begins or `next` is null. `next` null means that these were
all for now: ask again with `since=<as_of>`.

A redacted record's earlier changes are sent without their documents. Whoever has copied them learns of it by the
change `redacted`, and has to empty every document of that record."""

SUMMARIES = {"list": "The feed of changes", "checksum": "A checksum of changes"}

EXAMPLES: dict[str, dict[str, Any]] = {
    "list": {
        "as_of": 1,
        "redacted": 0,
        "since": 0,
        "next": None,
        "publications": [
            {
                "seq": 1,
                "published": "2026-11-23T09:00:00Z",
                "message": "First edition",
                "counts": {"actor": {"added": 1, "changed": 0, "unchanged": 0}},
                "totals": {"dataset": 0, "location": 0, "source": 0, "actor": 1, "incident": 0},
            }
        ],
        "results": [
            {
                "seq": 1,
                "published": "2026-11-23T09:00:00Z",
                "kind": "actor",
                "id": RECORDS["actor"]["id"],
                "revision": 1,
                "change": "added",
                "changed_fields": [],
                "reason": None,
                "target": None,
                "redacted": False,
                "document": RECORDS["actor"],
            }
        ],
    },
    "checksum": {
        "as_of": 1,
        "redacted": 0,
        "since": 0,
        "next": f"{SITE}changes/checksum/?cursor=WyJub3QgYSBjdXJzb3IiXQ&limit=1&since=0",
        "count": 1,
        "seq": 1,
        "checksum": "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
    },
}


class ChangesSchema(LedgerSchema):
    """Describes the feed."""

    def get_operation_id(self) -> str:
        """Return changes_list or changes_checksum."""
        return f"changes_{self.view.action}"

    def get_summary(self) -> str:
        """Return the operation in a few words."""
        return SUMMARIES[self.view.action]

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """Return what the action's docstring says; of the feed, also how to follow it."""
        said = str(getattr(self.view, self.view.action).__doc__)
        return said + (FEED if self.view.action == "list" else "")

    def get_success(self) -> str:
        """Return what an answer holds."""
        return {"list": "A part of the feed.", "checksum": "The checksum."}[self.view.action]

    def get_response_serializers(self) -> Any:
        """Return the shape of the answer."""
        return {"list": ChangesPage, "checksum": ChangesChecksum}[self.view.action]

    def get_examples(self) -> list[OpenApiExample]:
        """Return an answer."""
        return [OpenApiExample("example", value=EXAMPLES[self.view.action])]


class ChangeViewSet(ViewSet):
    """Everything that was ever published, in order: for mirrors, and for whoever wants to know what is new."""

    schema = ChangesSchema()

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """Return the parameters of the current action."""
        return ChecksumFilterSet if self.action == "checksum" else ChangesFilterSet

    def list(self, request: Request) -> Response:
        """List what was added, changed, withdrawn, merged or redacted since a publication, records of all kinds."""
        asked = _Asked(self.get_filterset_class(), request)
        if asked.is_known:
            return asked.not_modified()
        limit = asked.values.get("limit", DEFAULT_LIMIT)
        rows = change_feed.read_changes(asked.after, asked.until, limit + 1)
        more, rows = len(rows) > limit, rows[:limit]
        publications = change_feed.read_publications(row.seq for row in rows)
        body = asked.body(next=asked.link(rows[-1].position) if more else None)
        parts = b",".join(publications.values()), b",".join(map(change_feed.told, rows))
        return asked.answer(body[:-1] + b',"publications":[%b],"results":[%b]}' % parts)

    @action(detail=False)
    def checksum(self, request: Request) -> HttpResponseBase:
        """Return the checksum of the next changes since a publication, to compare a copy with."""
        asked = _Asked(self.get_filterset_class(), request)
        if asked.is_known:
            return asked.not_modified()
        if deferring.is_deferrable(request):
            return deferring.Deferred("question")
        block = change_feed.checksum(asked.after, asked.until, asked.values.get("limit", DEFAULT_BLOCK))
        body = asked.body(
            next=asked.link(block.end) if block.more else None,
            count=block.count,
            seq=block.end.seq,
            checksum=block.checksum,
        )
        return asked.answer(body)


class _Asked:
    """A request for a part of the feed, and the moment at which it is answered."""

    def __init__(self, filterset_class: type[StrictFilterSet], request: Request) -> None:
        self.request = request
        self.values = filterset_class(request.query_params, None, request=request).read()
        text = self.values.get("cursor")
        cursor = pagination.decode(text, request) if text else None
        self.moment: Moment = read_moment(None)
        self.since: int = self.values.get("since", 0)
        self.until: int = self.values.get("until", self.moment.at)
        self._refuse_beyond_head()
        self.after = change_feed.Position(cursor.at, cursor.value) if cursor else change_feed.behind(self.since)
        self.etag = caching.etag_of(request, self.moment.at, self.moment.redacted)

    def _refuse_beyond_head(self) -> None:
        head = self.moment.at
        errors: list[ParameterError] = []
        for name, value in (("since", self.since), ("until", self.until)):
            if value > head:
                message = f"Publication {value} is still to come; the latest is {head}."
                errors.append({**parameter_error(name, str(value), message), "suggestion": str(head)})
        if not errors and self.until < self.since:
            errors.append(parameter_error("until", str(self.until), f"Comes before since ({self.since})."))
        if errors:
            raise bad_parameters(errors)

    @property
    def is_known(self) -> bool:
        """Tell whether the reader has this very answer already."""
        return caching.is_known(self.request, self.etag)

    def not_modified(self) -> Response:
        """Return the answer that says so."""
        return caching.not_modified(self.etag, pinned=False)

    def link(self, position: change_feed.Position) -> str:
        """Return the address of what follows a place."""
        cursor = pagination.encode(Cursor(position.seq, position.revision, ""), self.request)
        return pagination.address(self.request, quote(self.request.path, safe="/"), cursor=cursor)

    def body(self, **members: Any) -> bytes:
        """Return the members that all answers have, and these, as JSON."""
        said = {"as_of": self.moment.at, "redacted": self.moment.redacted, "since": self.since}
        return orjson.dumps(said | members)

    def answer(self, body: bytes) -> Response:
        """Return the answer with its headers."""
        return caching.cacheable(Response(body), self.etag, pinned=False)
