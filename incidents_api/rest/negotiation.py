"""Which representation an answer has: the one that `format` names, else the one that `Accept` prefers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from incidents_api.parameters.errors import parameter_error
from incidents_api.rest.errors import Problem, bad_parameters

PARAMETER = "format"
JSON = "application/json"
WEIGHT = re.compile(r"q=(0(\.\d{0,3})?|1(\.0{0,3})?)")

Choice = tuple[BaseRenderer, str]


class StrictNegotiation(DefaultContentNegotiation):
    """Refuses a format that is not offered, where DRF would say that the address does not exist.

    The address wins over the header: a link that says `format=csv` is CSV wherever it is opened.
    """

    def select_renderer(  # type: ignore[override]  # the stub knows neither lists nor a missing suffix
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> Choice:
        """Return the renderer and its media type; raises 400 for a bad format and 406 for a bad Accept."""
        if request.method == "OPTIONS":
            return _chosen(renderers[0])  # what it tells is about the address, not in any format of data
        named = request.query_params.getlist(PARAMETER)
        if format_suffix and named:
            message = f"The address names a format already: {format_suffix}."
            raise bad_parameters([{**parameter_error(PARAMETER, named[0], message), "suggestion": None}])
        named = [format_suffix] if format_suffix else named
        if named:
            return _chosen(_by_name(named, renderers))
        accept = request.META.get("HTTP_ACCEPT")
        first = renderers[0]
        if not accept or accept == "*/*":
            return _chosen(first)
        if first.media_type == JSON and (accept == JSON or accept.startswith(f"{JSON},")):
            return _chosen(first)  # asked for first and without reserve, and first of what we offer
        return _chosen(self._by_header(request, renderers))

    def _by_header(self, request: Request, renderers: Sequence[BaseRenderer]) -> BaseRenderer:
        ranges = [_parse(token) for token in self.get_accept_list(request)]
        weights = [_weight(renderer.media_type or "", ranges) for renderer in renderers]
        best = max(weights)
        if best <= 0:
            raise not_acceptable(renderers)
        return renderers[weights.index(best)]  # our own order decides between equals


def not_acceptable(renderers: Sequence[BaseRenderer]) -> Problem:
    """Return the answer to an Accept header that leaves nothing, with what there is."""
    offered = [{"format": renderer.format, "media_type": renderer.media_type} for renderer in renderers]
    return Problem(
        "not_acceptable",
        status=406,
        title="No acceptable representation",
        detail=f"The Accept header leaves none of: {', '.join(str(one['media_type']) for one in offered)}.",
        offered=offered,
    )


def _chosen(renderer: BaseRenderer) -> Choice:
    return renderer, renderer.media_type or ""


def _by_name(named: list[str], renderers: Sequence[BaseRenderer]) -> BaseRenderer:
    by_name = {str(renderer.format): renderer for renderer in reversed(renderers)}  # the first of a name wins
    if len(named) > 1:
        raise bad_parameters([parameter_error(PARAMETER, ",".join(named), "Name one format, once.")])
    if named[0] not in by_name:
        message = f"Not a format of this address. It offers: {', '.join(reversed(by_name))}."
        raise bad_parameters([parameter_error(PARAMETER, named[0], message, known=by_name)])
    return by_name[named[0]]


Range = tuple[str, str, float]
"""Type, subtype and weight of one member of an Accept header."""


def _parse(token: str) -> Range:
    """Return one media range; a weight that cannot be read is none, so that range is as good as absent."""
    name, *parameters = (part.strip().lower() for part in token.split(";"))
    main, _, sub = ("*/*" if name == "*" else name).partition("/")
    weight = next((value for value in parameters if value.startswith("q=")), "q=1")
    return main, sub, float(weight[2:]) if WEIGHT.fullmatch(weight) else 0.0


def _weight(media_type: str, ranges: Sequence[Range]) -> float:
    """Return how much a media type is wanted, which the most specific range that covers it says."""
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
