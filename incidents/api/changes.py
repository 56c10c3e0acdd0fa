"""The change feed for mirrors, and the checksums that verify a mirror."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import orjson
from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from incidents.api import searches
from incidents.api.ledger_examples import SITE
from incidents.api.ledger_schema import LedgerSchema
from incidents.api.query_changes import QueryChanges, asks_for_a_query, query_parameters
from incidents.api.response_shapes import RECORDS, WARNED, WarningShape
from incidents.documents import Shape, coded, missing, public_id, record_kind
from incidents.query import change_feed
from incidents.query.filters import MAX_CURSOR
from incidents.query.moment import Moment, read_moment
from incidents.vocabulary import CHANGES, EFFECTS
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import ParameterFilter, StrictFilterSet
from incidents_api.parameters.values import IntegerParameter, TextParameter
from incidents_api.rest import caching, deferring, pagination
from incidents_api.rest.errors import bad_parameters
from incidents_api.rest.pagination import Cursor
from incidents_api.rest.schema import Answer, problem_example

DEFAULT_LIMIT = 100
DEFAULT_BLOCK = 10_000
MAX_SEQ = 10**12

_WITHOUT_SHAPES = re.compile(r"incidents-api-mirror/0\.1\.")
"""How mirrors name themselves that store documents without the version of their format, and compute checksums so."""


class ChangesFilterSet(StrictFilterSet):
    """The parameters of `changes/`."""

    since = ParameterFilter(
        IntegerParameter(0, MAX_SEQ),
        label="Return changes after this publication; default 0, all changes.",
        example=0,
    )
    limit = ParameterFilter(IntegerParameter(1, 1000, above="limit_too_large"), label="Changes per page; default 100.")
    cursor = ParameterFilter(TextParameter(MAX_CURSOR), label="Position of a page, from `next`.")
    format = ParameterFilter(TextParameter(), label="Response format; overrides the Accept header.", example="json")


class ChecksumFilterSet(ChangesFilterSet):
    """The parameters of `changes/checksum/`."""

    until = ParameterFilter(
        IntegerParameter(0, MAX_SEQ), label="The last publication to include; default the latest.", example=1
    )
    limit = ParameterFilter(
        IntegerParameter(1, 10_000, above="limit_too_large"), label="Changes per checksum; default 10000."
    )


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


FEED = """

Publications are listed in order, and changes within a publication in the order of writing. New publications are only
appended: if you follow `next`, you miss nothing and get nothing twice, however long that takes. A publication may be
larger than a page; it is complete when a later one starts or `next` is null. If `next` is null, there are no more
changes for now: poll again with `since=<as_of>`.

Earlier changes of a redacted record are sent without their documents. If you have copied them, the change `redacted`
reports it, and you must delete every document of that record.

A reduction makes a record coarser in its whole history. It is sent as the change `redacted` and, in the same
publication, a new revision of the record, which goes on. Handle it like a redaction. `reductions` lists the changes
that belong to one: the server shows the content of the new revision in place of that of the earlier ones.

**With filters.** Any parameter of `incidents/` makes this the changes of that query, for a copy of its incidents.
`effect` says what to do: store the document of what `entered` or `changed`, delete what `left` or `ended`, and ignore
an id that you do not have. Documents are as `incidents/` returns them. To begin, read `incidents/` with these
parameters, then poll here with `since` set to its `as_of`; or begin with `since=0`. After each publication the copy is
equal to the query as of it. A page may have few results or none and still a `next`. Redactions and reductions are sent
whether or not the incident matched before, because the earlier content is removed. 410 with the code `query_changed`
says that the parameters have got another meaning: read `incidents/` again."""

SUMMARIES = {"list": "The change feed", "checksum": "Checksum of changes"}

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
        "reductions": [],
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


QUERY_CHANGED = Answer(
    "QueryChanged",
    "A dataset or a place has changed what the parameters mean since `since`. Fetch `incidents/` again.",
    example=problem_example(
        410,
        "query_changed",
        "The parameters mean another query now",
        "Since publication 7, a dataset or a place has changed what these parameters mean. Fetch incidents/ with them "
        "again, then ask for changes since the `as_of` of that answer.",
    )
    | {"instance": "/api/v1/changes/"},
)


class ChangesSchema(LedgerSchema):
    """Describes the feed."""

    def get_operation_id(self) -> str:
        """Operation id: changes_list or changes_checksum."""
        return f"changes_{self.view.action}"

    def get_summary(self) -> str:
        """Short title of the operation, as navigation shows it."""
        return SUMMARIES[self.view.action]

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """The docstring of the action; for the feed also how to follow it."""
        said = str(getattr(self.view, self.view.action).__doc__)
        return said + (FEED if self.view.action == "list" else "")

    def get_success(self) -> str:
        """Description of the 200 response."""
        return {"list": "A page of the change feed.", "checksum": "The checksum."}[self.view.action]

    @property
    def takes(self) -> frozenset[str]:
        """`fields` chooses among the members of documents, whose schema names none of them."""
        return frozenset({"fields"})

    def get_problems(self) -> dict[str, Answer]:
        """Error responses; a feed with filters may have to be begun again."""
        return super().get_problems() | ({"410": QUERY_CHANGED} if self.view.action == "list" else {})

    @property
    def may_lack(self) -> frozenset[str]:  # type: ignore[override]  # a plain value above, told by the action here
        """A feed with filters has 410 without an id."""
        return frozenset({"410"} if self.view.action == "list" else ())

    def get_response_serializers(self) -> Any:
        """Serializer class of the 200 response."""
        return {"list": ChangesPage, "checksum": ChangesChecksum}[self.view.action]

    def get_examples(self) -> list[OpenApiExample]:
        """Example of the 200 response."""
        return [OpenApiExample("example", value=EXAMPLES[self.view.action])]


class ChangeViewSet(ViewSet):
    """Everything that was published, in order, for mirrors and for polling."""

    kind = "incident"
    schema = ChangesSchema()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look up the stored query that `query=` names."""
        super().initial(request, *args, **kwargs)
        if searches.QUERY in request.query_params:
            searches.expand(request, self)

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """FilterSet class of the current action, which also lists the parameters in OpenAPI."""
        return ChecksumFilterSet if self.action == "checksum" else query_parameters(ChangesFilterSet)

    def list(self, request: Request) -> Response:
        """List all changes since a publication, of all kinds of records, including withdrawals and redactions."""
        if asks_for_a_query(request, ChangesFilterSet):
            return QueryChanges(query_parameters(ChangesFilterSet), request).response()
        asked = _Asked(ChangesFilterSet, request)
        if asked.is_known:
            return asked.not_modified()
        limit = asked.values.get("limit", DEFAULT_LIMIT)
        rows = change_feed.read_changes(asked.after, asked.until, limit + 1)
        more, rows = len(rows) > limit, rows[:limit]
        publications = change_feed.read_publications(row.seq for row in rows)
        body = asked.body(next=asked.link(rows[-1].position) if more else None)
        parts = b",".join(publications.values()), b",".join(map(change_feed.told, rows)), change_feed.reductions(rows)
        return asked.answer(body[:-1] + b',"publications":[%b],"results":[%b],"reductions":%b}' % parts)

    @action(detail=False)
    def checksum(self, request: Request) -> HttpResponseBase:
        """Return the checksum of the next changes since a publication, to verify a copy."""
        with_shapes = not _WITHOUT_SHAPES.match(request.headers.get("User-Agent", ""))
        asked = _Asked(self.get_filterset_class(), request, with_shapes)
        if asked.is_known:
            return _by_agent(asked.not_modified())
        if deferring.is_deferrable(request):
            return deferring.Deferred("question")
        limit = asked.values.get("limit", DEFAULT_BLOCK)
        block = change_feed.checksum(asked.after, asked.until, limit, with_shapes=with_shapes)
        body = asked.body(
            next=asked.link(block.end) if block.more else None,
            count=block.count,
            seq=block.end.seq,
            checksum=block.checksum,
        )
        return _by_agent(asked.answer(body))


def _by_agent(response: Response) -> Response:
    patch_vary_headers(response, ["User-Agent"])
    return response


class _Asked:
    """A request for a part of the feed, and the moment at which it is answered."""

    def __init__(self, filterset_class: type[StrictFilterSet], request: Request, *state: Any) -> None:
        self.request = request
        self.values = filterset_class(request.query_params, None, request=request).read()
        text = self.values.get("cursor")
        cursor = pagination.decode(text, request) if text else None
        self.moment: Moment = read_moment(None)
        self.since: int = self.values.get("since", 0)
        self.until: int = self.values.get("until", self.moment.at)
        self._refuse_beyond_head()
        self.after = change_feed.Position(cursor.at, cursor.value) if cursor else change_feed.behind(self.since)
        self.etag = caching.etag_of(request, self.moment.at, self.moment.redacted, *state)

    def _refuse_beyond_head(self) -> None:
        head = self.moment.at
        errors: list[ParameterError] = []
        for name, value in (("since", self.since), ("until", self.until)):
            if value > head:
                message = f"Publication {value} does not exist yet; the latest is {head}."
                error = parameter_error(name, str(value), message, code="out_of_range")
                errors.append({**error, "suggestion": str(head)})
        if not errors and self.until < self.since:
            message = f"Must not be before `since` ({self.since})."
            errors.append(parameter_error("until", str(self.until), message, code="conflicting_parameters"))
        if errors:
            raise bad_parameters(errors)

    @property
    def is_known(self) -> bool:
        """True if `If-None-Match` has the ETag of this response."""
        return caching.is_known(self.request, self.etag)

    def not_modified(self) -> Response:
        """Response 304 with the ETag."""
        return caching.not_modified(self.etag, pinned=False)

    def link(self, position: change_feed.Position) -> str:
        """URL of the page that starts after a position."""
        cursor = pagination.encode(Cursor(position.seq, position.revision, ""), self.request)
        return pagination.address(self.request, quote(self.request.path, safe="/"), cursor=cursor)

    def body(self, **members: Any) -> bytes:
        """JSON bytes of the members that all responses have, plus these."""
        said = {"as_of": self.moment.at, "redacted": self.moment.redacted, "since": self.since}
        return orjson.dumps(said | members)

    def answer(self, body: bytes) -> Response:
        """Response 200 with ETag and Cache-Control."""
        return caching.cacheable(Response(body), self.etag, pinned=False)
