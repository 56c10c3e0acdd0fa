"""`codebook/`: what every word and field means, for programs and on a page; it changes with the code alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.template import loader
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.codebook_shapes import Codebook, OwnFields, VocabularyDefinition
from incidents.codebook.gathered import codebook, vocabulary
from incidents.codebook.own_fields import own_fields
from incidents.query.records import find_now
from incidents.schema import VOCABULARIES
from incidents_api.parameters.errors import nearest
from incidents_api.parameters.filtersets import ParameterFilter, StrictFilterSet
from incidents_api.parameters.values import ChoiceParameter
from incidents_api.rest import caching
from incidents_api.rest.errors import not_found
from incidents_api.rest.renderers import BrowsableRenderer, JSONRenderer

KEPT = "public, max-age=300, must-revalidate"
"""It changes only when the server is given other code."""


class CodebookPage(BrowsableRenderer):
    """The codebook for people; errors look as on every other page."""

    format = "html"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> str:
        """Render the codebook as an HTML page; errors use the page of the browsable API."""
        if data is None:  # not modified
            return ""
        context = renderer_context or {}
        if "fields" in data:
            return loader.render_to_string("incidents/own_fields.html", data, request=context["request"])
        if not {"vocabularies", "terms"} & data.keys():  # an error, or what OPTIONS says
            return super().render(data, accepted_media_type, renderer_context)
        found = data if "vocabularies" in data else {"vocabularies": [data], "one": data["name"]}
        return loader.render_to_string("incidents/codebook.html", found, request=context["request"])


class CodebookParameters(StrictFilterSet):
    """The parameters of the codebook."""

    format = ParameterFilter(ChoiceParameter(["json", "html"]), label="The format.")


def _in_path(name: str, description: str, example: str) -> OpenApiParameter:
    """Parameter in the path of an address, with an example."""
    examples = [OpenApiExample("Example", value=example)]
    return OpenApiParameter(name, location=OpenApiParameter.PATH, description=description, examples=examples)


class CodebookView(APIView):
    """Definitions of all codes and fields of the data."""

    renderer_classes = [JSONRenderer, CodebookPage]
    name = "Codebook"

    @extend_schema(
        operation_id="codebook",
        summary="Definitions of all codes and fields",
        responses={(200, "application/json"): Codebook},
    )
    def get(self, request: Request) -> Response:
        """Return all vocabularies, fields and columns, with units and equivalents in ACLED, UCDP GED and GTD."""
        return _answer(request, codebook())


class VocabularyView(APIView):
    """The coded values of one field."""

    renderer_classes = [JSONRenderer, CodebookPage]
    name = "Vocabulary"

    @extend_schema(
        operation_id="codebook_vocabulary",
        summary="The coded values of one field",
        parameters=[_in_path("vocabulary_name", "Name of the vocabulary, as listed in `codebook/`.", "event_type")],
        responses={(200, "application/json"): VocabularyDefinition},
    )
    def get(self, request: Request, vocabulary_name: str) -> Response:
        """Return one vocabulary, such as `event_type`."""
        found = vocabulary(vocabulary_name)
        if found is None:
            near = nearest(vocabulary_name, VOCABULARIES)
            hint = f" Did you mean {near}?" if near else ""
            raise not_found(f"There is no vocabulary {vocabulary_name[:80]!r}.{hint}")
        return _answer(request, found)


class DatasetFieldsView(APIView):
    """The fields that a dataset brings itself."""

    renderer_classes = [JSONRenderer, CodebookPage]
    name = "Own fields"

    @extend_schema(
        operation_id="codebook_dataset",
        summary="The fields that a dataset brings itself",
        parameters=[_in_path("dataset", "The id of the dataset.", "luhansk-2022")],
        responses={(200, "application/json"): OwnFields},
    )
    def get(self, request: Request, dataset: str) -> Response:
        """Return the fields with their codes, parameters and columns, as they are published now."""
        CodebookParameters(request.query_params, None).read()
        moment, found = find_now("dataset", dataset)
        if found is None or not found.document:
            raise not_found(f"There is no dataset {dataset[:80]!r}.")
        etag = caching.etag_of(request, moment.at, moment.redacted)
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=False)
        return caching.cacheable(Response(own_fields(orjson.loads(found.document))), etag, pinned=False)


def _answer(request: Request, data: dict[str, Any]) -> Response:
    CodebookParameters(request.query_params, None).read()
    etag = caching.etag_of(request)
    if caching.is_known(request, etag):
        response = caching.not_modified(etag, pinned=False)
    else:
        response = caching.cacheable(Response(data), etag, pinned=False)
    response["Cache-Control"] = KEPT
    return response
