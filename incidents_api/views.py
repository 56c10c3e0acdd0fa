"""The addresses of the site that are about no resource: its start, the list of resources, small files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.generic import RedirectView
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents_api.parameters.filtersets import ParameterFilter, StrictFilterSet
from incidents_api.parameters.values import ChoiceParameter
from incidents_api.rest import caching

RESOURCES = {
    "incidents": "incident-list",
    "locations": "location-list",
    "sources": "source-list",
    "actors": "actor-list",
    "datasets": "dataset-list",
    "changes": "change-list",
    "releases": "release-list",
    "codebook": "codebook",
    "schema": "schema",
    "docs": "docs",
    "guide": "guide",
}
"""What the root of the API lists, and the names of their addresses."""

ADDRESSES = {
    "type": "object",
    "title": "Resources",
    "description": "URL of each resource.",
    "properties": {name: {"type": "string", "format": "uri"} for name in RESOURCES},
    "required": list(RESOURCES),
}

ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /api/\nDisallow: /ogc/\n"
"""Crawlers are excluded, because they would follow every page of every filter."""


class RootParameters(StrictFilterSet):
    """The parameters of the list of resources."""

    format = ParameterFilter(ChoiceParameter(["json", "api"]), label="Response format; overrides the Accept header.")


class RootView(APIView):
    """All resources of this API. The docs list the parameters of each one."""

    name = "API"

    @extend_schema(operation_id="root", summary="List all resources", responses={200: ADDRESSES})
    def get(self, request: Request) -> Response:
        """Return the URL of each resource."""
        RootParameters(request.query_params, None).read()
        etag = caching.etag_of(request)
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=False)
        addresses = {name: request.build_absolute_uri(reverse(to)) for name, to in RESOURCES.items()}
        return caching.cacheable(Response(addresses), etag, pinned=False)


class FaviconView(RedirectView):
    """The default URL of the favicon."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        """URL of the icon among the static files."""
        return static("incidents_api/icon.svg")


def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt, which excludes the admin and the API."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
