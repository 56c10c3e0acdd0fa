"""Releases: the list, one, what differs between two, and the downloads of their files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.cache import cache
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from incidents.api.release_schema import ReleaseSchema
from incidents.api.release_shapes import difference, release
from incidents.ledger.models import KINDS
from incidents.query import differences as comparing
from incidents.query import release_lookup
from incidents.query.filters import LedgerFilterSet
from incidents.query.filters.from_fields import ids
from incidents.query.release_lookup import State
from incidents_api.parameters.filtersets import ParameterFilter, StrictFilterSet
from incidents_api.parameters.values import ListParameter
from incidents_api.rest import caching, pagination
from incidents_api.rest.errors import not_found
from incidents_api.rest.pagination import Cursor

DEFAULT_LIMIT = 100
KEPT_SECONDS = 86_400


class ItemFilterSet(StrictFilterSet):
    """The parameters of one release."""

    format = LedgerFilterSet.base_filters["format"]


class ListFilterSet(ItemFilterSet):
    """The parameters of `releases/`."""

    dataset = ParameterFilter(
        ids(), label="Only releases of these datasets, not releases of all data.", example=["luhansk-2022"]
    )
    limit = LedgerFilterSet.base_filters["limit"]
    cursor = LedgerFilterSet.base_filters["cursor"]


class ComparisonFilterSet(ItemFilterSet):
    """The parameters of a comparison."""

    kind = ParameterFilter(ListParameter(choices=KINDS), label="Only records of these kinds.", example=["incident"])
    change = ParameterFilter(
        ListParameter(choices=comparing.DIFFERENCES), label="These differences.", example=["added", "changed"]
    )
    dataset = ParameterFilter(
        ids(max_items=1),
        label="Only incidents of this dataset, and the dataset itself; other records belong to no dataset and "
        "are all listed. Defaults to the dataset of both releases.",
        example=["luhansk-2022"],
    )
    limit = LedgerFilterSet.base_filters["limit"]
    count = ParameterFilter(
        LedgerFilterSet.base_filters["count"].field,
        label="`exact` always counts the differences, even if that takes longer.",
    )
    cursor = LedgerFilterSet.base_filters["cursor"]


class ReleaseViewSet(ViewSet):
    """Named publications, with files to download, cite and verify."""

    filtersets: ClassVar[dict[str, type[StrictFilterSet]]] = {
        "list": ListFilterSet,
        "retrieve": ItemFilterSet,
        "compare": ComparisonFilterSet,
    }
    schema = ReleaseSchema()

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """FilterSet class of the current action, which also lists the parameters in OpenAPI."""
        return self.filtersets[self.action]

    def list(self, request: Request) -> Response:
        """List the releases, newest first, with their files, citations and replaced files."""
        values = self._read(request)
        cursor = pagination.decode(values["cursor"], request) if "cursor" in values else None
        limit = values.get("limit", DEFAULT_LIMIT)
        asked = release_lookup.ReleaseQuery(
            tuple(values.get("dataset", ())), (cursor.value, cursor.record_id) if cursor else None
        )
        rows = release_lookup.listed(asked, limit + 1)
        count = release_lookup.count(asked)
        etag = caching.etag_of(request, count, [row.state() for row in rows])
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=False)
        shown = rows[:limit]
        last = Cursor(0, shown[-1].release.seq, shown[-1].release.name) if len(rows) > limit else None
        body = {
            "count": count,
            "next": pagination.address(request, request.path, cursor=pagination.encode(last, request))
            if last
            else None,
            "results": [release(request, row) for row in shown],
        }
        return caching.cacheable(Response(body), etag, pinned=False)

    def retrieve(self, request: Request, name: str) -> Response:
        """Return one release, with its files and citation."""
        self._read(request)
        found = self.find(name)
        etag = caching.etag_of(request, found.state())
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=False)
        return caching.cacheable(Response(release(request, found)), etag, pinned=False)

    def compare(self, request: Request, earlier: str, later: str) -> Response:
        """List the differences between two releases, in the order of publication.

        Each side is the name of a release or the number of a publication. A record is listed once, with the net change
        between the two. A record that was added and removed in between is in neither and is not listed; nor is a record
        that was changed and changed back. A record that has been redacted since is listed as redacted.
        """
        values = self._read(request)
        first, second = self._point(earlier), self._point(later)
        if first.seq > second.seq:
            turned = request.build_absolute_uri(reverse("release-compare", args=[later, earlier]))
            raise not_found(f"{earlier} is later than {later}. Use {turned} instead.")
        redacted = max(first.head_redacted, second.head_redacted)
        etag = caching.etag_of(request, first.seq, second.seq, redacted)
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=True)
        common = first.dataset if first.dataset == second.dataset else ""
        span = comparing.Span(
            first.seq,
            second.seq,
            tuple(values.get("kind", ())),
            tuple(values.get("change", ())),
            next(iter(values.get("dataset", ())), common),
        )
        cursor = pagination.decode(values["cursor"], request) if "cursor" in values else None
        limit = values.get("limit", DEFAULT_LIMIT)
        rows = comparing.differences(span, tuple(cursor.value) if cursor else None, limit + 1)
        shown = rows[:limit]
        last = Cursor(second.seq, shown[-1].position, "") if len(rows) > limit else None
        counts = self._counts(span, redacted, exact="count" in values)
        body = {
            "count": comparing.total(counts) if counts is not None else None,
            "counts": [{"kind": kind, **each} for kind, each in counts.items()] if counts is not None else None,
            "earlier": first.told(),
            "later": second.told(),
            "next": pagination.address(request, request.path, cursor=pagination.encode(last, request))
            if last
            else None,
            "results": [difference(request, each, span) for each in shown],
        }
        return caching.cacheable(Response(body), etag, pinned=True)

    def find(self, name: str) -> State:
        """The release; raises a 404 problem that suggests the closest name."""
        found = release_lookup.find(name)
        if found is None:
            raise _no_release(name)
        return found

    def _read(self, request: Request) -> dict[str, Any]:
        return self.get_filterset_class()(request.query_params, None, request=request).read()

    def _point(self, text: str) -> release_lookup.Point:
        point = release_lookup.point(text)
        if point is None:
            raise _no_release(text)
        return point

    def _counts(self, span: comparing.Span, redacted: int, *, exact: bool) -> dict[str, dict[str, int]] | None:
        """Number of differences by kind; None if counting takes too long and is not requested."""
        if not exact and comparing.revisions_between(span) > comparing.COUNTED_UP_TO:
            return None
        key = f"compare:{caching.digest(span, redacted)}"
        known: dict[str, dict[str, int]] | None = cache.get(key)
        if known is None:
            known = comparing.counts(span)
            cache.set(key, known, KEPT_SECONDS)
        return known


def _no_release(text: str) -> Exception:
    nearest = release_lookup.nearest_name(text)
    hint = f" Did you mean {nearest}?" if nearest else ""
    return not_found(f"There is no release or publication {text[:80]!r}.{hint}")
