"""What a list answers: one page of its records, or all of them, with what there is to say of either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Protocol

from django.urls import get_script_prefix, reverse
from rest_framework.request import Request

from incidents.api.warnings import warnings_of
from incidents.exports.formats import chosen
from incidents.query import filters
from incidents.query.entries import Order
from incidents.query.moment import Moment
from incidents.query.reader import Row, RowProbe, documents_of
from incidents.query.stream import Stream
from incidents.query.unknown_values import OPEN, UnknownValue
from incidents_api.rest import pagination
from incidents_api.rest.pagination import Cursor

DEFAULT_LIMIT = 100

NOT_CITED = ("cursor", "limit", "count", "ordering", "fields", "format", "hxl", "bom", "profile", "query")
"""Parameters that do not choose which records are cited; a stored query is cited by what it says, since it expires."""

LONGEST_LINK = 1000
"""Characters of an address in a header: proxies refuse headers that are longer than a few thousand in all."""


@lru_cache(maxsize=64)
def _path(name: str, prefix: str) -> str:
    """Cached path of a list: reversing a URL takes as long as ten records of a page."""
    return reverse(name)


def permanent_link(request: Request, path: str, at: int) -> str:
    """URL of a query pinned to a publication, for the path of the list or of its citation."""
    return pagination.address(request, path, as_of=at, **dict.fromkeys(NOT_CITED))


def link_header(permanent: str, cite: str) -> str:
    """`Link` header with `cite-as` (RFC 8574) and `describedby`; empty for very long queries."""
    if len(permanent) > LONGEST_LINK:
        return ""
    return f'<{permanent}>; rel="cite-as", <{cite}>; rel="describedby"'


class View(Protocol):
    """What this reads of a viewset."""

    kind: ClassVar[str]

    def count_of(self, request: Request, filterset: Any, moment: Moment) -> int:
        """Exact count of the matching records; cached until the next publication."""

    def cheap_count_of(self, request: Request, filterset: Any, moment: Moment) -> int | None:
        """Exact count of the matching records if it is cheap, else None."""


class ListQuery:
    """Parameters of a list request that determine which rows to read."""

    def __init__(self, filterset: Any, cursor: Cursor | None) -> None:
        self.filterset, self.cursor = filterset, cursor
        self.limit: int = filterset.values.get("limit", DEFAULT_LIMIT)
        self.backwards = cursor is not None and cursor.backwards
        order = filterset.order()
        self.order: Order = order.reversed() if self.backwards else order
        self.after = (cursor.value, cursor.record_id) if cursor else None
        self.fields: list[str] | None = filterset.values.get("fields")

    @property
    def is_newest(self) -> bool:
        """True if the latest state is requested, so that one statement can read head and page."""
        return self.cursor is None and "as_of" not in self.filterset.values

    def is_of(self, head: int) -> bool:
        """True for a later page of the state after a publication, without a count to compute.

        While that is the head, one statement can read such a page too.
        """
        values, cursor = self.filterset.values, self.cursor
        if cursor is None or cursor.at != head or values.get("as_of", head) != head:
            return False
        return cursor.count is not None or "count" not in values

    @property
    def is_whole(self) -> bool:
        """True without `limit` and `cursor`: a file then has all matches."""
        return self.cursor is None and "limit" not in self.filterset.values

    @property
    def has_filters(self) -> bool:
        """True if a filter is set, so the total of the kind is not the count."""
        return bool(self.filterset.values.keys() - filters.CONTROLS)


class Cited:
    """What can be cited: a query at a moment."""

    view: View
    request: Request
    moment: Moment
    asked: ListQuery
    rows: int

    @cached_property
    def warnings(self) -> list[UnknownValue]:
        """Values that were asked for and that no public record has had."""
        filterset = self.asked.filterset
        return [] if OPEN.isdisjoint(filterset.values) else warnings_of(filterset, self.moment, found=bool(self.rows))

    @cached_property
    def permanent_url(self) -> str:
        """Permanent URL of the query, pinned with `as_of`."""
        return permanent_link(self.request, _path(f"{self.view.kind}-list", get_script_prefix()), self.moment.at)

    @cached_property
    def cite_url(self) -> str:
        """URL of the citation of the query, pinned with `as_of`."""
        changes: dict[str, Any] = dict.fromkeys(name for name in NOT_CITED if name != "query")
        path = f"{_path(f'{self.view.kind}-list', get_script_prefix())}cite/"
        return pagination.address(self.request, path, as_of=self.moment.at, **changes)

    @property
    def cite_links(self) -> str:
        """`Link` header with the permanent URL and the citation; empty for very long queries."""
        return link_header(self.permanent_url, self.cite_url)


class AllMatches(Cited):
    """All records that match at a moment; `probe` is the one that the moment was read with."""

    next_url: str | None = None
    previous_url: str | None = None

    def __init__(self, view: View, request: Request, asked: ListQuery, moment: Moment, probe: RowProbe | None) -> None:
        self.view, self.request, self.asked, self.moment = view, request, asked, moment
        self._stream = Stream(asked.filterset.qs, asked.order, moment, probe)
        self.rows = self._stream.count(self._counted)
        self.total: int | None = self.rows

    def documents(self) -> Iterable[Sequence[bytes]]:
        """Iterator of the documents, in batches."""
        return self._stream.documents()

    def _counted(self) -> int:
        known = None if self.asked.has_filters else self.moment.total(self.view.kind)
        return known if known is not None else self.view.count_of(self.request, self.asked.filterset, self.moment)


class Page(Cited):
    """One page; of the rows one more was read than are shown."""

    def __init__(self, view: View, request: Request, asked: ListQuery, moment: Moment, rows: list[Row]) -> None:
        self.view, self.request, self.asked, self.moment = view, request, asked, moment
        more = len(rows) > asked.limit
        self._rows = rows[: asked.limit]
        if asked.backwards:
            self._rows.reverse()
        self.rows = len(self._rows)
        self.total = self._count(more)
        has_next = bool(self._rows) and (asked.backwards or more)
        has_previous = bool(self._rows) and (more if asked.backwards else asked.cursor is not None)
        self.next_url = self._link(self._rows[-1], backwards=False) if has_next else None
        self.previous_url = self._link(self._rows[0], backwards=True) if has_previous else None

    def documents(self) -> Iterable[Sequence[bytes]]:
        """Documents of the page, each as bytes of JSON."""
        return [documents_of(self._rows)]

    def body(self) -> bytes:
        """The page as bytes of JSON, assembled from the stored documents without parsing them."""
        return pagination.envelope(
            [(chosen(document, fields),) for document in documents_of(self._rows)]
            if (fields := self.asked.fields)
            else [pieces for _, _, pieces in self._rows],
            count=self.total,
            count_url=pagination.count_link(
                self.request, self.moment.at, _path(f"{self.view.kind}-count", get_script_prefix())
            ),
            cite_url=self.cite_url,
            next_url=self.next_url,
            previous_url=self.previous_url,
            as_of=self.moment.at,
            warnings=self.warnings,
        )

    def _count(self, more: bool) -> int | None:
        """Exact count if it is requested or known without a query, otherwise None."""
        cursor = self.asked.cursor
        if cursor is None and not more:
            return self.rows
        if cursor and cursor.count is not None:
            return cursor.count
        if "count" in self.asked.filterset.values:
            return self.view.count_of(self.request, self.asked.filterset, self.moment)
        if not self.asked.has_filters:
            return self.moment.total(self.view.kind)
        # Not what the cache may know: two answers of one ETag are one answer.
        return None if cursor else self.view.cheap_count_of(self.request, self.asked.filterset, self.moment)

    def _link(self, row: Row, *, backwards: bool) -> str:
        cursor = Cursor(self.moment.at, row[0], row[1], backwards, self.total)
        return pagination.page_link(self.request, self.moment.at, cursor)
