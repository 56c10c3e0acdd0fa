"""How data becomes bytes: JSON for programs, and the same JSON on a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from django.template import loader
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.utils.urls import remove_query_param, replace_query_param

from incidents_api.rest import pages
from incidents_api.rest.metadata import renderers_of_get

if TYPE_CHECKING:  # a view imports the renderers of the settings, so these cannot import views
    from rest_framework.views import APIView

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
            "filters": filters,
            "used": sum(bool(field.value) for field in filters),
            "faulty": any(field.error for field in filters),
            "kept": [] if response.exception else pages.kept_parameters(view, request),
        }


def _formats(view: APIView, request: Request) -> list[tuple[str, str]]:
    """The other formats, each with the URL of this response in it."""
    address = remove_query_param(request.build_absolute_uri(), "cursor")
    return [
        (str(renderer.format), replace_query_param(address, "format", str(renderer.format)))
        for renderer in renderers_of_get(view)
        if not isinstance(renderer, BrowsableAPIRenderer)
    ]
