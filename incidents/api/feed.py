"""An Atom feed of new and changed incidents, for any query: the parameters of the list, newest publication first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from inspect import cleandoc
from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api import searches
from incidents.api.atom import TEXT_XML, AtomFeed, AtomRenderer, XMLRenderer, clean
from incidents.api.ledger_schema import LedgerSchema
from incidents.api.warnings import say, warnings_of
from incidents.ledger.models import ENTRIES, Publication, Revision
from incidents.query import filters
from incidents.query.count import exact_count
from incidents.query.entries import entries
from incidents.query.feed_entries import NEWEST, FeedPage, Single, read_at_once, read_feed
from incidents.query.filters import CONTROLS
from incidents.query.moment import Moment, read_moment
from incidents.query.reader import probe_for
from incidents.vocabulary import EVENT_SUBTYPES, EVENT_TYPES
from incidents_api.parameters.errors import parameter_error
from incidents_api.parameters.filtersets import StrictFilterSet
from incidents_api.rest import caching, pagination
from incidents_api.rest.errors import bad_parameters
from incidents_api.rest.pagination import Cursor

DEFAULT_LIMIT = 50

OF_THE_FEED = ("as_of", "limit", "cursor", "format")
"""What a feed takes of the parameters that choose no records."""

TITLE = "Incidents: new and changed"

NOBODY = "incidents-api"

EXAMPLE = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Incidents: new and changed</title>…</feed>"""

Document = dict[str, Any]


@cache
def feed_parameters() -> type[filters.IncidentFilterSet]:
    """FilterSet of the list, without the parameters that a feed would have to ignore."""
    left_out = set(filters.CONTROLS).difference(OF_THE_FEED)
    return type("IncidentFeedFilterSet", (filters.IncidentFilterSet,), dict.fromkeys(left_out))


class FeedSchema(LedgerSchema):
    """Describes the feed."""

    def get_operation_id(self) -> str:
        """Operation id of the feed."""
        return "incidents_feed"

    def get_tags(self) -> list[str]:
        """Tag of the operation; it cannot be derived from a path that ends in a suffix."""
        return ["incidents"]

    def get_summary(self) -> str:
        """Short title of the operation, as navigation shows it."""
        return "Feed of new and changed incidents"

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """Description: the docstring of the view's `get`."""
        return cleandoc(str(IncidentFeedView.get.__doc__))

    def get_success(self) -> str:
        """Description of the 200 response."""
        return "An Atom feed (RFC 4287). `next` links to older entries (RFC 5005)."

    def get_success_headers(self) -> tuple[str, ...]:
        """Headers of the 200 response besides those of all responses."""
        return (*super().get_success_headers(), "X-Warnings")

    def get_response_serializers(self) -> Any:
        """Schema of the 200 response: text. Generators that know no Atom take the other media type."""
        return {(200, AtomRenderer.media_type, TEXT_XML): OpenApiTypes.STR}

    def get_examples(self) -> list[OpenApiExample]:
        """Example of the 200 response: the start of a feed."""
        return [OpenApiExample("example", value=EXAMPLE, media_type=AtomRenderer.media_type)]


class IncidentFeedView(APIView):
    """What is new about incidents, for feed readers."""

    kind = "incident"
    action = "feed"
    schema = FeedSchema()
    renderer_classes = (AtomRenderer, XMLRenderer)

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Headers of every response; with `Vary: Accept`, because an Accept without Atom returns 406."""
        return {**super().default_response_headers, "Vary": "Accept"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look up the stored query that `query=` names."""
        super().initial(request, *args, **kwargs)
        if searches.QUERY in request.query_params:
            searches.expand(request, self)

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """FilterSet class: the filters of the list, without those that a feed cannot use."""
        return feed_parameters()

    def get(self, request: Request) -> Response:
        """Return the matching incidents as an Atom feed, most recently published or changed first.

        An entry is an incident as it is public now. Its id never changes, `updated` is the time of its last revision,
        and its link is the permanent URL of that revision. Its category with the scheme `urn:incidents-api:change` is
        `new` or `correction`; the title and the summary of a correction begin with what was corrected. A publication
        of more than 50 matching incidents is one entry of the category `batch`, with a link to all of them.
        """
        filterset = feed_parameters()(request.query_params, entries(ENTRIES[self.kind]), request=request)
        values = filterset.read()
        cursor = pagination.decode(values["cursor"], request) if "cursor" in values else None
        limit = values.get("limit", DEFAULT_LIMIT)
        look = probe_for(filterset.qs, NEWEST, read_at_once(limit))
        moment = read_moment(_as_of(values.get("as_of"), cursor), look)
        filterset.asked_at(moment)
        etag = caching.etag_of(request, moment.at, moment.redacted)
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=moment.pinned)
        after = (cursor.value, cursor.record_id) if cursor else None
        feed = _Feed(self, request, filterset, moment, read_feed(filterset.qs, moment, after, limit, look))
        response = Response(feed.xml())
        say(response, warnings_of(filterset, moment, found=bool(feed.page.entries)))
        return caching.cacheable(response, etag, pinned=moment.pinned)


def _as_of(as_of: Any, cursor: Cursor | None) -> Any:
    if cursor is None:
        return as_of
    if as_of not in (None, cursor.at):
        message = f"The cursor belongs to as_of={cursor.at}. Use the link in `next` unchanged."
        error = parameter_error("as_of", str(as_of), message, code="invalid_cursor")
        raise bad_parameters([{**error, "suggestion": str(cursor.at)}])
    return cursor.at


class _Feed:
    """One answer in the making."""

    def __init__(
        self, view: IncidentFeedView, request: Request, filterset: Any, moment: Moment, page: FeedPage
    ) -> None:
        self.view, self.request, self.filterset, self.moment, self.page = view, request, filterset, moment, page
        single = [entry.document for entry in page.entries if isinstance(entry, Single)]
        self.datasets = _datasets({document["dataset"] for document in single}, moment)
        seqs = {entry.seq for entry in page.entries} or {moment.at}
        self.publications = {each.seq: each for each in Publication.objects.filter(seq__in=seqs)}
        self.next = self._next() if page.following else None

    def xml(self) -> bytes:
        """The whole feed as XML."""
        of_query = dict.fromkeys(("as_of", "cursor", "limit", "format"))
        path = self.request.path
        newest = self.page.entries[0].seq if self.page.entries else self.moment.at
        feed = AtomFeed(
            title=TITLE,
            link=pagination.address(self.request, reverse("incident-list"), **of_query, ordering="-published"),
            description=None,
            language="en",
            author_name=NOBODY,
            feed_url=pagination.address(self.request, path, **pagination.pinned(self.request, self.moment.at)),
            feed_guid=pagination.address(self.request, path, **of_query),
            newest=self._time(newest),
            following=self.next,
        )
        for entry in self.page.entries:
            if isinstance(entry, Single):
                self._add(feed, entry)
            else:
                self._add_batch(feed, entry.seq)
        return str(feed.writeString("utf-8")).encode()

    def _add(self, feed: AtomFeed, entry: Single) -> None:
        document = entry.document
        dataset = self.datasets.get(document["dataset"], {})
        address = self.request.build_absolute_uri(reverse("incident-detail", args=[document["id"]]))
        rights = (document["licence"], dataset.get("attribution"))
        summary = document["summary"] if entry.is_new else f"{_correction(entry)}. {document['summary']}"
        feed.add_item(
            title=clean(_title(document) if entry.is_new else f"{_correction(entry)}: {_title(document)}"),
            link=f"{address}?as_of={entry.seq}",
            description=None,  # type: ignore[arg-type]  # would be HTML; see AtomFeed
            summary=clean(summary),
            change="new" if entry.is_new else "correction",
            unique_id=address,
            updateddate=_moment(document["published"]),
            author_name=clean(dataset.get("name") or document["dataset"]),
            author_link=self.request.build_absolute_uri(reverse("dataset-detail", args=[document["dataset"]])),
            contributors=[clean(name) for name in _sources(document)],
            categories=[code for code in (document["event_type"], document["event_subtype"]) if code],
            item_copyright=clean(". ".join(part.rstrip(". ") for part in rights if part)),
        )

    def _add_batch(self, feed: AtomFeed, seq: int) -> None:
        """Add one entry for all matching incidents of a publication, with a link to the list of them."""
        number = self._number_of(seq)
        only = {"as_of": seq, "published_after": seq - 1}
        of_page = dict.fromkeys(("cursor", "limit", "format"))
        address = pagination.address(self.request, reverse("incident-list"), **of_page | only)
        message = self.publications[seq].message
        feed.add_item(
            title=f"{number:,} incidents: new and corrected in publication {seq}",
            link=address,
            description=None,  # type: ignore[arg-type]  # would be HTML; see AtomFeed
            summary=clean(f"{message}. " if message else "") + "The link lists all of them, as they were then.",
            change="batch",
            unique_id=address,
            updateddate=self._time(seq),
            contributors=[],
        )

    def _number_of(self, seq: int) -> int:
        """How many incidents a publication has; of those that filters choose, how many are still as then."""
        if not self.filterset.values.keys() - CONTROLS:
            counts = self.publications[seq].counts.get(self.view.kind, {})
            return int(counts.get("added", 0) + counts.get("changed", 0))
        asked = caching.canonical_query(self.request, *pagination.NOT_OF_A_QUERY)
        key = f"batch:{caching.digest(seq, self.moment.at, self.moment.redacted, asked)}"
        return exact_count(self.filterset.qs.where("published = %s", seq), self.moment, key)

    def _next(self) -> str:
        value, record_id = self.page.following or (0, "")
        return pagination.page_link(self.request, self.moment.at, Cursor(self.moment.at, value, record_id))

    def _time(self, seq: int) -> datetime:
        """Time of a publication; of none before the first one, a time before all others."""
        return self.publications[seq].published_at if seq in self.publications else datetime.fromtimestamp(0, UTC)


def _datasets(ids: Iterable[str], moment: Moment) -> dict[str, Document]:
    """Documents of the datasets as of a publication."""
    earlier = Revision.objects.of("dataset", sorted(ids)).filter(seq__lte=moment.at)
    return earlier.order_by("number").documents()


def _correction(entry: Single) -> str:
    """What a correction corrects, in words."""
    return (
        f"Correction of {', '.join(name.replace('_', ' ') for name in entry.changed)}"
        if entry.changed
        else "Correction"
    )


def _sources(document: Document) -> list[str]:
    return list(dict.fromkeys(report["source"]["name"] for report in document["reports"]))


def _title(document: Document) -> str:
    subtype = document["event_subtype"]
    what = EVENT_SUBTYPES[subtype].label if subtype else EVENT_TYPES[document["event_type"]].label
    location = document["location"]
    where = dict.fromkeys(part for part in (location["name"], location["admin1"], location["country"]) if part)
    days = dict.fromkeys(document["date"][end] or ".." for end in ("start", "end"))
    when = "date not known" if list(days) == [".."] else "/".join(days)
    return ", ".join((what, *where, when))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
