"""How data becomes bytes: JSON for programs, the same JSON on a page for people, and which of them an answer has.

The one that `format` names, else the one that `Accept` prefers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from django.template import loader
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.utils.urls import remove_query_param, replace_query_param

from incidents_api.parameters.errors import parameter_error
from incidents_api.rest import pages
from incidents_api.rest.errors import Problem, bad_parameters
from incidents_api.rest.metadata import renderers_of_get
from incidents_api.rest.pagination import PUBLICATION
from incidents_api.rest.trackers import drop_trackers

if TYPE_CHECKING:  # a view imports the renderers of the settings, so these cannot import views
    from rest_framework.views import APIView

PARAMETER = "format"
JSON = "application/json"
PAGE = "text/html"
WEIGHT = re.compile(r"q=(0(\.\d{0,3})?|1(\.0{0,3})?)")

Choice = tuple[BaseRenderer, str]

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def indented(data: Any) -> bytes:
    """Indented JSON, for people and for diffs."""
    return orjson.dumps(data, default=_plain, option=OPTIONS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _plain(value: Any) -> Any:
    """Convert types that orjson does not support."""
    return float(value) if isinstance(value, Decimal) else JSONEncoder().default(value)


class JSONRenderer(BaseRenderer):
    """Passes on what is stored as JSON already, and writes anything else with orjson."""

    media_type = "application/json"
    format = "json"
    charset = None  # JSON is UTF-8 by definition

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """JSON bytes; empty for a response without a body."""
        if data is None:
            return b""
        if isinstance(data, bytes):
            return data
        return orjson.dumps(data, default=_plain, option=OPTIONS)


class BrowsableRenderer(BrowsableAPIRenderer):
    """HTML page of a response: the request, the response, and links to continue.

    It reads, and nothing else: no form that writes, no login, nothing inline that the site's CSP forbids.
    """

    template = "rest_framework/api.html"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> str:
        """Render the response as an HTML page."""
        context = self.get_context(data, accepted_media_type, renderer_context or {})
        return loader.render_to_string(self.template, context, request=context["request"])

    def get_context(
        self, data: Any, accepted_media_type: str | None, renderer_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Context of the template: the response, its headers, links and the filter form."""
        view: APIView = renderer_context["view"]
        request: Request = renderer_context["request"]
        response: Response = renderer_context["response"]
        answer = orjson.loads(data) if isinstance(data, bytes) else data
        links = answer if isinstance(answer, dict) else {}
        problem = answer if response.exception else None
        filters = pages.filter_fields(view, request, problem)
        return {
            "name": self.get_name(view),
            "description": pages.paragraphs(view.get_view_description()),
            "breadcrumbs": self.get_breadcrumbs(request),
            "request": request,
            "response": response,
            # The page's own type would say nothing of what it shows.
            "headers": "\n".join(sorted(f"{k}: {v}" for k, v in response.items() if k != "Content-Type")),
            "body": pages.highlight(indented(answer).decode() if answer is not None else ""),
            "problem": problem,
            "previous": links.get("previous"),
            "next": links.get("next"),
            "formats": _formats(view, request),
            "filters": pages.grouped(filters, getattr(view, "form_groups", {})),
            "used": sum(bool(field.value) for field in filters),
            "faulty": any(field.error for field in filters),
            "table": _table(view, links, response),
            "warnings": () if response.exception else links.get("warnings", ()),
            "nothing_found": links.get("results") == [],
            "kept": [] if response.exception else pages.kept_parameters(view, request),
        }


def _table(view: APIView, answer: Mapping[str, Any], response: Response) -> Any:
    """Table of the results of a list, if its view has one."""
    make = getattr(view, "table", None)
    return make(answer["results"]) if make and "results" in answer and not response.exception else None


def _formats(view: APIView, request: Request) -> list[tuple[str, str]]:
    """The other formats, each with the URL of this response in it; `as_of` becomes the number of the publication."""
    address = remove_query_param(request.build_absolute_uri(), "cursor")
    at = request.META.get(PUBLICATION)
    if at is not None and "as_of" in request.query_params:
        address = replace_query_param(address, "as_of", str(at))
    return [
        (str(renderer.format), replace_query_param(address, "format", str(renderer.format)))
        for renderer in renderers_of_get(view)
        if not isinstance(renderer, BrowsableAPIRenderer)
    ]


class StrictNegotiation(DefaultContentNegotiation):
    """Refuses a format that is not offered, where DRF would say that the address does not exist.

    The address wins over the header: a link that says `format=csv` is CSV wherever it is opened.
    """

    def select_renderer(  # type: ignore[override]  # the stub knows neither lists nor a missing suffix
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> Choice:
        """Renderer and media type; raises 400 for an unknown format and 406 for an unacceptable Accept."""
        if request.method == "OPTIONS":
            return _chosen(renderers[0])  # what it tells is about the address, not in any format of data
        renderer = self._select(request, renderers, format_suffix)
        if renderer.media_type == PAGE:
            drop_trackers(request)
        return _chosen(renderer)

    def _select(self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None) -> BaseRenderer:
        named = request.query_params.getlist(PARAMETER)
        if format_suffix and named:
            message = f"The URL already has the suffix {format_suffix}. Use either the suffix or the parameter."
            error = parameter_error(PARAMETER, named[0], message, code="conflicting_parameters")
            raise bad_parameters([{**error, "suggestion": None}])
        named = [format_suffix] if format_suffix else named
        if named:
            return _by_name(named, renderers)
        accept = request.META.get("HTTP_ACCEPT")
        first = renderers[0]
        if not accept or accept == "*/*":
            return first
        if first.media_type == JSON and (accept == JSON or accept.startswith(f"{JSON},")):
            return first  # asked for first and without reserve, and first of what we offer
        return self._by_header(request, renderers)

    def _by_header(self, request: Request, renderers: Sequence[BaseRenderer]) -> BaseRenderer:
        ranges = [_parse(token) for token in self.get_accept_list(request)]
        weights = [_weight(renderer.media_type or "", ranges) for renderer in renderers]
        best = max(weights)
        if best <= 0:
            raise not_acceptable(renderers)
        return renderers[weights.index(best)]  # our own order decides between equals


def not_acceptable(renderers: Sequence[BaseRenderer]) -> Problem:
    """406 problem for an Accept header that allows no available format, with the available ones."""
    offered = [{"format": renderer.format, "media_type": renderer.media_type} for renderer in renderers]
    return Problem(
        "not_acceptable",
        status=406,
        title="No acceptable representation",
        detail=f"The Accept header allows none of: {', '.join(str(one['media_type']) for one in offered)}.",
        offered=offered,
    )


def _chosen(renderer: BaseRenderer) -> Choice:
    return renderer, renderer.media_type or ""


def _by_name(named: list[str], renderers: Sequence[BaseRenderer]) -> BaseRenderer:
    by_name = {str(renderer.format): renderer for renderer in reversed(renderers)}  # the first of a name wins
    if len(named) > 1:
        message = "Must be given only once."
        raise bad_parameters([parameter_error(PARAMETER, ",".join(named), message, code="repeated_parameter")])
    if named[0] not in by_name:
        message = f"Must be one of: {', '.join(reversed(by_name))}."
        raise bad_parameters([parameter_error(PARAMETER, named[0], message, known=by_name, code="unknown_value")])
    return by_name[named[0]]


Range = tuple[str, str, float]
"""Type, subtype and weight of one member of an Accept header."""


def _parse(token: str) -> Range:
    """Parse one media range; an invalid weight counts as 0."""
    name, *parameters = (part.strip().lower() for part in token.split(";"))
    main, _, sub = ("*/*" if name == "*" else name).partition("/")
    weight = next((value for value in parameters if value.startswith("q=")), "q=1")
    return main, sub, float(weight[2:]) if WEIGHT.fullmatch(weight) else 0.0


def _weight(media_type: str, ranges: Sequence[Range]) -> float:
    """Weight of a media type: that of the most specific matching range."""
    main, _, sub = media_type.partition(";")[0].partition("/")
    found: dict[int, float] = {}
    for wanted_main, wanted_sub, weight in ranges:
        if (wanted_main, wanted_sub) == (main, sub):
            found[2] = max(found.get(2, 0.0), weight)
        elif (wanted_main, wanted_sub) == (main, "*"):
            found[1] = max(found.get(1, 0.0), weight)
        elif (wanted_main, wanted_sub) == ("*", "*"):
            found[0] = max(found.get(0, 0.0), weight)
    return found[max(found)] if found else 0.0
