"""What the viewsets of all kinds of records have in common: lists, records, counts and histories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.urls import reverse
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from incidents.api import export_answers, profiles, search_bodies, searches
from incidents.api.cite import CiteMixin
from incidents.api.export_answers import OF_SOME_FORMATS, refuse_what_means_nothing
from incidents.api.ledger_schema import LedgerSchema
from incidents.api.page import AllMatches, ListQuery, Page
from incidents.api.page_tables import FORM_GROUPS, Table, table_of
from incidents.api.representations import FORMATS, ITEM_FORMATS, Representation
from incidents.api.warnings import warnings_of
from incidents.exports.formats import Format, chosen
from incidents.ledger.models import ENTRIES
from incidents.query import filters
from incidents.query.count import cheap_count, exact_count
from incidents.query.entries import EntryQuery, entries
from incidents.query.moment import Moment, last_head, read_moment
from incidents.query.reader import RowProbe, Rows, probe_for, read_newest, read_page
from incidents.query.records import Found, find, find_now, history
from incidents.tables import TABLES
from incidents_api.parameters.errors import parameter_error
from incidents_api.parameters.filtersets import StrictFilterSet
from incidents_api.rest import caching, deferring, pagination
from incidents_api.rest.errors import bad_parameters, gone, not_found
from incidents_api.rest.pagination import Cursor
from incidents_api.rest.renderers import BrowsableRenderer

LONGEST_PAGE = 100
"""Records on a page for people that a thread may make; a thousand take a second and a half."""


class LedgerViewSet(CiteMixin, ViewSet):
    """Reads one kind of record from the ledger."""

    kind: ClassVar[str]
    filterset_class: ClassVar[type[filters.LedgerFilterSet]]
    item_filterset_class: ClassVar[type[filters.HistoryFilterSet]]
    filterset_classes: ClassVar[Mapping[str, type[StrictFilterSet]]] = {}
    """The parameters of actions that one kind has and others have not."""
    representation: Representation | None = None
    """The form of what this address answers, where that is not JSON alone; given to `as_view`."""
    lookup_value_regex = "[^/]+"
    schema = LedgerSchema()
    form_groups: ClassVar[Mapping[str, tuple[str, ...]]] = FORM_GROUPS

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """FilterSet class of the current action, which also lists the parameters in OpenAPI."""
        match self.action:
            case "retrieve":
                return self.item_filterset_class
            case "list" if self.representation and self.representation.profile:
                return filters.of_a_profile(self.filterset_class)  # type: ignore[arg-type]  # a class is hashable
            case "revisions":
                return filters.HistoryFilterSet
            case "count" | "cite":
                return filters.of_a_count(self.filterset_class)  # type: ignore[arg-type]  # a class is hashable
        return self.filterset_classes.get(self.action, self.filterset_class)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the body of a search, which may name the format, and the stored query that `query=` names."""
        if self.action == "search":
            request._request.GET = search_bodies.parameters_of(request._request)  # type: ignore[assignment]  # views only read it
        super().initial(request, *args, **kwargs)
        if searches.QUERY in request.query_params:
            searches.expand(request, self)

    def get_renderers(self) -> list[BaseRenderer]:
        """JSON and the HTML page, for a list the export formats, and for a record with a point GeoJSON.

        A method that does not exist is refused in any of them, whatever the address ends with.
        """
        if self.action == "search":
            return searches.renderers()
        renderers: list[BaseRenderer] = list(super().get_renderers())
        if self.action in ("list", None):
            return [*renderers, *(each() for each in FORMATS)]
        if self.action == "retrieve" and TABLES[self.kind].point:
            return [*renderers, *(each() for each in ITEM_FORMATS)]
        return renderers

    def list(self, request: Request, **_: Any) -> HttpResponseBase:
        """List matching records."""
        filterset = self._read(request)
        cursor = pagination.decode(filterset.values["cursor"], request) if "cursor" in filterset.values else None
        asked = ListQuery(filterset, cursor)
        written = request.accepted_renderer
        if isinstance(written, Format):
            return self._file(request, asked, written)
        if not OF_SOME_FORMATS.isdisjoint(filterset.values):
            refuse_what_means_nothing(self.kind, None, filterset.values)
        if asked.limit > LONGEST_PAGE and isinstance(written, BrowsableRenderer) and deferring.is_deferrable(request):
            return deferring.Deferred("question")
        probe = probe_for(filterset.qs, asked.order, asked.limit + 1)
        if found := self._in_one_statement(request, asked, probe):
            moment, rows = found
            if filterset.is_of_another_state(moment):  # names of places were read as of an earlier publication
                filterset.asked_at(moment)
                rows = read_page(filterset.qs, asked.order, moment, asked.after, asked.limit + 1)
            etag = self._etag(request, moment)
        else:
            moment = self._moment(filterset, cursor, probe)
            etag = self._etag(request, moment)
            if caching.is_known(request, etag):
                return caching.not_modified(etag, pinned=moment.pinned)
            rows = read_page(filterset.qs, asked.order, moment, asked.after, asked.limit + 1, probe)
        page = Page(self, request, asked, moment, rows)
        body = page.body()
        if profile := self._profile(filterset):
            body = profiles.in_columns(profile, body)
        response = Response(body, headers={"Link": page.cite_links} if page.cite_links else None)
        return caching.cacheable(response, etag, pinned=moment.pinned)

    def _in_one_statement(
        self, request: Request, asked: ListQuery, probe: RowProbe | None
    ) -> tuple[Moment, Rows] | None:
        """Head and page, if one statement can read both; None if the head must be known first."""
        if probe or "HTTP_IF_NONE_MATCH" in request.META or not (asked.is_newest or asked.is_of(last_head())):
            return None
        moment, rows = read_newest(asked.filterset.qs, asked.order, asked.after, asked.limit + 1)
        if asked.is_newest:
            return moment, rows
        return (replace(moment, pinned=True), rows) if asked.is_of(moment.at) else None

    def _file(self, request: Request, asked: ListQuery, written: Format) -> HttpResponseBase:
        if profile := self._profile(asked.filterset):
            written = profiles.written_as(profile, written)
        refuse_what_means_nothing(self.kind, written, asked.filterset.values)
        probe = probe_for(asked.filterset.qs, asked.order, asked.limit + 1)
        moment = self._moment(asked.filterset, asked.cursor, probe)
        named = self._etag(request, moment)
        etag = export_answers.etag_of(written, named)
        if caching.is_known(request, named):
            return caching.not_modified(etag, pinned=moment.pinned)
        if deferring.is_deferrable(request) and (asked.is_whole or not written.is_light):
            return deferring.Deferred("file", written.cost)
        found: AllMatches | Page
        if asked.is_whole:
            found = AllMatches(self, request, asked, moment, probe)
        else:
            rows = read_page(asked.filterset.qs, asked.order, moment, asked.after, asked.limit + 1, probe)
            found = Page(self, request, asked, moment, rows)
        return export_answers.file_answer(request, written, found, etag)

    def retrieve(self, request: Request, pk: str, **_: Any) -> Response:
        """Return one record; a merged record redirects, a withdrawn one is 410 with its tombstone."""
        filterset = self._read(request)
        written = request.accepted_renderer if isinstance(request.accepted_renderer, Format) else None
        if "fields" in filterset.values:
            refuse_what_means_nothing(self.kind, written, filterset.values)
        if "as_of" in filterset.values or "HTTP_IF_NONE_MATCH" in request.META:
            moment = self._moment(filterset)
            etag = self._etag(request, moment)
            if caching.is_known(request, etag) and not _has_any(request):
                return caching.not_modified(etag, pinned=moment.pinned)
            found = find(self.kind, pk, moment)
        else:
            moment, found = find_now(self.kind, pk)
            etag = self._etag(request, moment)
        if found is None:
            raise not_found(f"There is no {self.kind} {pk[:80]!r}.")
        if not found.document:
            return self._ended(request, pk, found, moment)
        if _has_any(request):
            return caching.not_modified(etag, pinned=moment.pinned)
        fields = filterset.values.get("fields")
        if written:
            body = export_answers.feature(written, self.kind, found.document, moment, fields)
        else:
            body = chosen(found.document, fields)
        return caching.cacheable(Response(body), etag, pinned=moment.pinned)

    @action(detail=False)
    def count(self, request: Request) -> Response:
        """Count the matching records exactly."""
        filterset = self._read(request)
        moment = self._moment(filterset)
        etag = self._etag(request, moment)
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=moment.pinned)
        count = self.count_of(request, filterset, moment)
        body = {"count": count, "as_of": moment.at, "warnings": warnings_of(filterset, moment, found=bool(count))}
        return caching.cacheable(Response(body), etag, pinned=moment.pinned)

    @action(detail=True)
    def revisions(self, request: Request, pk: str) -> Response:
        """List every published version of a record, oldest first, with the fields that each one changed."""
        filterset = self._read(request)
        moment = self._moment(filterset)
        etag = self._etag(request, moment)
        if caching.is_known(request, etag) and not _has_any(request):
            return caching.not_modified(etag, pinned=moment.pinned)
        told = history(self.kind, pk, moment)
        if not told:
            raise not_found(f"There is no {self.kind} {pk[:80]!r}.")
        if _has_any(request):
            return caching.not_modified(etag, pinned=moment.pinned)
        address = request.build_absolute_uri(reverse(f"{self.kind}-detail", args=[pk]))
        for revision in told:
            if not revision["redacted"] and revision["change"] in ("added", "changed"):
                revision["url"] = f"{address}?as_of={revision['as_of']}"
        body = {"count": len(told), "as_of": moment.at, "results": told}
        return caching.cacheable(Response(body), etag, pinned=moment.pinned)

    def _profile(self, filterset: Any) -> str | None:
        """Name of the dataset in whose columns the records are; None for their own."""
        found: str | None = filterset.values.get("profile")
        return self.representation.profile if self.representation and self.representation.profile else found

    def table(self, documents: Iterable[Any]) -> Table | None:
        """Table of the documents of a page, for people; None for answers that are no list."""
        return table_of(self.kind, documents) if self.action == "list" else None

    def query(self) -> EntryQuery:
        """Unfiltered query of the index entries of this kind."""
        return entries(ENTRIES[self.kind])

    def _read(self, request: Request) -> Any:
        filterset = self.get_filterset_class()(request.query_params, self.query(), request=request)
        filterset.read()
        return filterset

    def _moment(self, filterset: Any, cursor: Cursor | None = None, probe: RowProbe | None = None) -> Moment:
        moment = self._read_moment(filterset.values.get("as_of"), cursor, probe)
        if isinstance(filterset, filters.LedgerFilterSet):
            filterset.asked_at(moment)
        return moment

    def _read_moment(self, as_of: Any, cursor: Cursor | None, probe: RowProbe | None) -> Moment:
        if cursor is None:
            return read_moment(as_of, probe)
        moment = read_moment(cursor.at if as_of is None else as_of, probe)
        if moment.at != cursor.at:
            message = f"The cursor belongs to as_of={cursor.at}. Use the links in `next` and `previous` unchanged."
            error = parameter_error("as_of", str(as_of), message, code="invalid_cursor")
            raise bad_parameters([{**error, "suggestion": str(cursor.at)}])
        return moment

    def _etag(self, request: Request, moment: Moment) -> str:
        request.META[pagination.PUBLICATION] = moment.at
        return caching.etag_of(request, moment.at, moment.redacted)

    def count_key(self, request: Request, moment: Moment) -> str:
        """Cache key of the count of this query as of this publication."""
        query = caching.canonical_query(request, *pagination.NOT_OF_A_QUERY, "ordering", "fields", "hxl", "bom")
        return f"count:{caching.digest(self.kind, moment.at, moment.redacted, query)}"

    def count_of(self, request: Request, filterset: Any, moment: Moment) -> int:
        """Exact count of the matching records; cached until the next publication."""
        return exact_count(filterset.qs, moment, self.count_key(request, moment))

    def cheap_count_of(self, request: Request, filterset: Any, moment: Moment) -> int | None:
        """Exact count of the matching records if it is cheap, else None; cached until the next publication."""
        is_pinned = "as_of" in filterset.values
        key = f"cheap:{is_pinned:d}:{self.count_key(request, moment)}"
        return cheap_count(filterset.qs, moment, key, is_pinned=is_pinned)

    def _ended(self, request: Request, pk: str, found: Found, moment: Moment) -> Response:
        if found.change == "merged":
            form = self.representation and self.representation.name
            address = reverse(f"{self.kind}-{form or 'detail'}", args=[found.target])
            location = pagination.address(request, address, **pagination.pinned(request, moment.at))
            return Response(None, status=308, headers={"Location": location, "Cache-Control": "no-cache"})
        change = found.change if found.change == "withdrawn" else "redacted"
        tombstone = {
            "id": pk,
            "change": change,
            "revision": found.number,
            "as_of": found.seq,
            "published": found.published,
            "reason": found.reason or None,
        }
        words = "has been withdrawn" if change == "withdrawn" else "has been redacted for safety"
        raise gone(f"The {self.kind} {pk[:80]} {words}.", tombstone)


def _has_any(request: Request) -> bool:
    """True for `If-None-Match: *`, which matches any existing record."""
    return str(request.META.get("HTTP_IF_NONE_MATCH", "")).strip() == "*"
