"""The OpenAPI document and the pages that show it, from this server's own files and under its own CSP."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

from csp.decorators import csp_update
from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents_api.openapi import VERSIONS, build_document
from incidents_api.parameters.filtersets import ParameterFilter, StrictFilterSet
from incidents_api.parameters.values import ChoiceParameter
from incidents_api.rest.renderers import JSONRenderer, indented


class OpenAPIRenderer(JSONRenderer):
    """The document under the media type that is registered for it."""

    media_type = "application/vnd.oai.openapi+json"


class YAMLRenderer(BaseRenderer):
    """The document as YAML, which the view has made already."""

    media_type = "application/yaml"
    format = "yaml"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Pass the bytes on: the view has encoded them already."""
        return bytes(data)


class Document(NamedTuple):
    """One version of the document in one format."""

    content: bytes
    etag: str


def as_yaml(built: dict[str, Any]) -> bytes:
    """Encode the document as YAML (UTF-8)."""
    return bytes(OpenApiYamlRenderer().render(built))  # type: ignore[no-untyped-call]  # spectacular has no types here


@cache
def document(version: str, format_: str) -> Document:
    """The OpenAPI document in a version and format, built at the first request."""
    built = build_document(version)
    content = as_yaml(built) if format_ == "yaml" else indented(built)
    return Document(content, f'"{blake2b(content, digest_size=12).hexdigest()}"')


class SchemaParameters(StrictFilterSet):
    """The parameters of the document."""

    version = ParameterFilter(ChoiceParameter(list(VERSIONS)), label="OpenAPI version.")
    format = ParameterFilter(ChoiceParameter(["json", "yaml"]), label="Response format; overrides the Accept header.")


class SchemaView(APIView):
    """The OpenAPI document of this API: version 3.1, or 3.0 for tools without 3.1 support."""

    renderer_classes = [JSONRenderer, OpenAPIRenderer, YAMLRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponseBase | None:
        """Return the document; raises a 400 problem."""
        chosen = SchemaParameters(request.query_params, None).read()
        found = document(chosen.get("version", next(iter(VERSIONS))), request.accepted_renderer.format)
        response = Response(
            found.content,
            headers={"ETag": found.etag, "Cache-Control": "public, max-age=300, must-revalidate"},
        )
        return get_conditional_response(request._request, etag=found.etag, response=response)


class DocsView(TemplateView):
    """Swagger UI: every operation, with a form to try it."""

    template_name = "swagger.html"


# ReDoc fills its styles by script, which the CSP allows, but starts from <style> elements that are empty or
# hold one fixed text. The hashes of those two allow no other inline style, and only on this page. The image
# that the CSP still keeps out is the logo of its maker, from a server of theirs.
@method_decorator(
    csp_update(
        {
            "style-src": [
                "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
                "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
            ]
        }
    ),
    name="dispatch",
)
class RedocView(TemplateView):
    """ReDoc: the same, to read."""

    template_name = "redoc.html"
