"""`POST incidents/search/`, and `query=` in the address of what else takes the filters of incidents."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from incidents.api import search_bodies
from incidents.api.representations import FORMATS
from incidents.ledger import stored_queries
from incidents.ledger.models import IncidentEntry
from incidents.query import filters
from incidents.query.entries import entries
from incidents_api.parameters.errors import parameter_error
from incidents_api.parameters.filtersets import StrictFilterSet
from incidents_api.parameters.values import DigestParameter
from incidents_api.rest import caching, pagination
from incidents_api.rest.errors import Problem, bad_parameters
from incidents_api.rest.renderers import JSONRenderer

LONGEST_ADDRESS = 2_000
"""Characters that browsers and proxies take everywhere; of a longer query the links name the digest."""
MOST_ADDRESS = 60_000
"""Bytes that this server takes."""
QUERY = "query"
NOT_STORED = (
    "This query could not be stored, so the links of this answer hold all of it and are long; "
    "proxies may refuse them. Ask again later for short links."
)


def renderers() -> list[BaseRenderer]:
    """JSON and the formats of files: the answer of a search is for programs."""
    return [JSONRenderer(), *(each() for each in FORMATS)]


class SearchMixin:
    """Adds `search/` to the viewset of incidents."""

    @action(detail=False, methods=["post"])
    def search(self, request: Request) -> HttpResponseBase:
        """List matching records of a query that may be too long for an address.

        The body has the parameters of the list, as JSON or as a form: lists of JSON are lists, `within` may be an
        object. The answer is that of `GET incidents/` with the same parameters, with the same `ETag`. The links of a
        query of more than 2,000 characters name it by a digest, `query=`; it is kept for 30 days after its last use,
        and then they answer 410 with the code `query_expired`. The header `X-Notice` tells if it could not be stored;
        then the links are as long as the query.
        """
        filters.IncidentFilterSet(request.query_params, entries(IncidentEntry), request=request).read()
        path = reverse("incident-list")
        is_stored = _is_short(request, path) or _store(request, path)
        request._request.path = path
        self.action = "list"
        answer: HttpResponseBase = self.list(request)  # type: ignore[attr-defined]  # of the viewset
        if not is_stored:
            answer["X-Notice"] = NOT_STORED
        return answer


def _is_short(request: Request, path: str) -> bool:
    return QUERY in request.query_params or len(pagination.address(request, path)) < LONGEST_ADDRESS


def _store(request: Request, path: str) -> bool:
    """Let links name the query by its digest, once it is stored; raises a 503 problem if no other link is possible."""
    stored = {name: ",".join(values) for name, values in request.query_params.lists() if name not in filters.CONTROLS}
    digest = caching.lasting_digest(search_bodies.as_json(stored))
    if stored_queries.keep(digest, stored):
        _put(request, stored, digest)
        return True
    if len(pagination.address(request, path)) + filters.MAX_CURSOR > MOST_ADDRESS:
        raise Problem(
            "unavailable",
            status=503,
            title="Temporarily unavailable",
            detail="The query cannot be stored now, and is too long for links that hold all of it. Ask again later, or "
            "send it in parts.",
            headers={"Retry-After": "3600"},
        )
    return False


def expand(request: Request, view: Any) -> None:
    """Put the parameters of a stored query where `query=` names it. Raises a 400 or 410 problem."""
    method = str(request.method).lower()
    if method not in view.http_method_names or not hasattr(view, method):
        return  # it is refused next
    filterset_class: type[StrictFilterSet] = view.get_filterset_class()
    if QUERY not in filterset_class.base_filters:
        return  # it is refused with the parameters
    given = request.query_params
    digest = given.getlist(QUERY)[-1]
    if len(given.getlist(QUERY)) > 1 or not DigestParameter.PATTERN.fullmatch(digest):
        return  # the parameters are read next, which refuses it
    stored = stored_queries.read(digest)
    if stored is None:
        filterset_class(given, entries(IncidentEntry), request=request).read()  # what is wrong besides is said first
        raise Problem(
            "query_expired",
            status=410,
            title="The stored query has expired",
            detail=f"No query {digest} is stored: it has expired, {stored_queries.DAYS} days after its last use, or "
            "never was. Send its parameters to incidents/search/ again.",
        )
    if twice := stored.keys() & given.keys():
        message = "Is in the stored query already. Leave it out, or send the whole query to incidents/search/."
        raise bad_parameters(
            [parameter_error(name, given[name], message, code="conflicting_parameters") for name in sorted(twice)]
        )
    _put(request, stored, digest)


def _put(request: Request, stored: dict[str, str], digest: str) -> None:
    merged = request.query_params.copy()
    for name, value in (stored | {QUERY: digest}).items():
        merged[name] = value
    pagination.put_stored(request, merged, stored)
