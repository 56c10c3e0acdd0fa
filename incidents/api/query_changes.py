"""`changes/` with parameters of `incidents/`: what entered a query, changed within it, left it, or ended."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

import orjson
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.warnings import warnings_of
from incidents.exports.formats import chosen
from incidents.ledger.content import stamp
from incidents.ledger.models import IncidentEntry
from incidents.query import change_feed, filtered_changes, filters
from incidents.query.effects import Position, behind
from incidents.query.entries import EntryQuery, entries
from incidents.query.filtered_changes import Told
from incidents.query.moment import Moment, read_moment
from incidents_api.parameters.errors import InvalidParametersError, parameter_error
from incidents_api.parameters.filtersets import StrictFilterSet
from incidents_api.rest import caching, pagination
from incidents_api.rest.errors import Problem, bad_parameters
from incidents_api.rest.pagination import Cursor

DEFAULT_LIMIT = 100
OF_CHANGES = ("as_of", "fields", "limit", "cursor", "format")
"""What the changes of a query take of the parameters that choose no records."""


@cache
def query_parameters(feed: type[StrictFilterSet]) -> type[filters.IncidentFilterSet]:
    """FilterSet of the feed and of the list together, without what changes, which have one order, cannot use."""
    left_out = set(filters.CONTROLS).difference(OF_CHANGES)
    own = {name: feed.base_filters[name] for name in ("since", "limit", "cursor")}
    fields = {"fields": filters.IncidentItemFilterSet.base_filters["fields"]}
    return type("IncidentChangesFilterSet", (filters.IncidentFilterSet,), dict.fromkeys(left_out) | own | fields)


def asks_for_a_query(request: Request, feed: type[StrictFilterSet]) -> bool:
    """True if a request has filters of incidents. Raises a 400 problem for what means nothing without one."""
    others = request.query_params.keys() - feed.base_filters.keys()
    without_filters = others.intersection(OF_CHANGES)
    if others and others == without_filters:
        message = "Only with a filter, such as dataset=luhansk-2022: without one this is the feed of all changes."
        given = [(name, request.query_params[name]) for name in sorted(others)]
        raise bad_parameters([parameter_error(*each, message, code="missing_parameter") for each in given])
    return bool(others)


class QueryChanges:
    """A request for the changes of a query, and the moment up to which they are told."""

    def __init__(self, parameters: type[filters.IncidentFilterSet], request: Request) -> None:
        self._parameters, self.request = parameters, request
        filterset = parameters(request.query_params, entries(IncidentEntry), request=request)
        self._filterset, self.values = filterset, filterset.read()
        text = self.values.get("cursor")
        self.cursor = pagination.decode(text, request) if text else None
        self.moment = self._moment()
        filterset.asked_at(self.moment)
        self.query: EntryQuery = filterset.qs
        self.since: int = self.values.get("since", 0)
        if self.since > self.moment.at:
            message = f"Publication {self.since} is later than the state that is asked for, {self.moment.at}."
            error = parameter_error("since", str(self.since), message, code="out_of_range")
            raise bad_parameters([{**error, "suggestion": str(self.moment.at)}])
        self.etag = caching.etag_of(request, self.moment.at, self.moment.redacted)

    def response(self) -> Response:
        """Make the response: a page, or 304 for a reader who has it. Raises a 410 problem for another query."""
        if caching.is_known(self.request, self.etag):
            return caching.not_modified(self.etag, pinned=self.moment.pinned)
        self._refuse_other_query()
        after = Position(*self.cursor.value) if self.cursor else behind(self.since)
        limit = self.values.get("limit", DEFAULT_LIMIT)
        effects, end = filtered_changes.read_effects(self.query, after, self.moment.at, limit)
        body = self._body(filtered_changes.told(effects, self.moment), self._link(end) if end else None)
        return caching.cacheable(Response(body), self.etag, pinned=self.moment.pinned)

    def _moment(self) -> Moment:
        as_of = self.values.get("as_of")
        moment = read_moment(self.cursor.at if self.cursor and as_of is None else as_of)
        if self.cursor and moment.at != self.cursor.at:
            message = f"The cursor belongs to as_of={self.cursor.at}. Use the links in `next` unchanged."
            error = parameter_error("as_of", str(as_of), message, code="invalid_cursor")
            raise bad_parameters([{**error, "suggestion": str(self.cursor.at)}])
        return moment

    def _refuse_other_query(self) -> None:
        """Refuse to go on where the parameters mean another query than at `since`, as after a new declaration."""
        if self.since in (0, self.moment.at) or self._as_of(self.since) in (None, self.query):
            return
        raise Problem(
            "query_changed",
            status=410,
            title="The parameters mean another query now",
            detail=f"Since publication {self.since}, a dataset or a place has changed what these parameters mean. "
            "Fetch incidents/ with them again, then ask for changes since the `as_of` of that answer.",
        )

    def _as_of(self, seq: int) -> EntryQuery | None:
        """The query that the parameters meant as of a publication; None if they could not be used."""
        asked = QueryDict(mutable=True)
        for name, values in self.request.query_params.lists():
            if name not in ("cursor", "as_of"):
                asked.setlist(name, values)
        asked["as_of"] = str(seq)
        filterset = self._parameters(asked, entries(IncidentEntry), request=self.request)
        try:
            filterset.read()
        except InvalidParametersError:
            return None
        found: EntryQuery = filterset.qs
        return found

    def _link(self, position: Position) -> str:
        cursor = Cursor(self.moment.at, list(position), "")
        return pagination.address(
            self.request,
            quote(self.request.path, safe="/"),
            as_of=self.moment.at,
            cursor=pagination.encode(cursor, self.request),
        )

    def _body(self, rows: list[Told], following: str | None) -> bytes:
        seqs = [row.effect.position.seq for row in rows]
        said = {
            "as_of": self.moment.at,
            "redacted": self.moment.redacted,
            "since": self.since,
            "next": following,
            "warnings": warnings_of(self._filterset, self.moment, found=False),
        }
        times = {seq: stamp(at) for seq, at in filtered_changes.times(seqs).items()}
        publications = b",".join(change_feed.read_publications(seqs).values())
        results = b",".join(_told(row, times, self.values.get("fields")) for row in rows)
        return orjson.dumps(said)[:-1] + b',"publications":[%b],"results":[%b],"reductions":[]}' % (
            publications,
            results,
        )


def _told(row: Told, times: dict[int, str], fields: list[str] | None) -> bytes:
    seq = row.effect.position.seq
    said = {
        "seq": seq,
        "published": times[seq],
        "kind": "incident",
        "id": row.effect.record_id,
        "revision": row.number,
        "effect": row.effect.effect,
        "change": row.change,
        "changed_fields": row.fields.split(",") if row.fields else [],
        "reason": row.reason or None,
        "target": row.target or None,
        "redacted": row.redacted,
    }
    return (
        orjson.dumps(said)[:-1] + b',"document":' + (chosen(row.document, fields) if row.document else b"null") + b"}"
    )
