"""The change feed for mirrors, and the checksums that verify a mirror."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import orjson
from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from incidents.api import searches
from incidents.api.change_schema import ChangesSchema
from incidents.api.query_changes import QueryChanges, asks_for_a_query, query_parameters
from incidents.query import change_feed
from incidents.query.filters import MAX_CURSOR
from incidents.query.moment import Moment, read_moment
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import ParameterFilter, StrictFilterSet
from incidents_api.parameters.values import IntegerParameter, TextParameter
from incidents_api.rest import caching, deferring, pagination
from incidents_api.rest.errors import bad_parameters
from incidents_api.rest.pagination import Cursor

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
