"""`codebook/`: what every word and field means, for programs and on a page; it changes with the code alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template import loader
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.codebook.gathered import codebook, vocabulary
from incidents.documents import Shape
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
        """Return the page."""
        if data is None:  # not modified
            return ""
        context = renderer_context or {}
        if not {"vocabularies", "terms"} & data.keys():  # an error, or what OPTIONS says
            return super().render(data, accepted_media_type, renderer_context)
        found = data if "vocabularies" in data else {"vocabularies": [data], "one": data["name"]}
        return loader.render_to_string("incidents/codebook.html", found, request=context["request"])


def _text(help_text: str, **kwargs: Any) -> Any:
    return serializers.CharField(help_text=help_text, **kwargs)


def _or_null(help_text: str) -> Any:
    return serializers.CharField(help_text=help_text, allow_null=True)


class TermShape(Shape):
    """One coded value."""

    code = _text("What the data holds.")
    label = _text("In words.")
    definition = _text("What it means.")
    acled = _or_null("The nearest in ACLED; null: none.")
    ucdp = _or_null("The nearest in UCDP GED; null: none.")
    gtd = _or_null("The nearest in GTD; null: none.")
    parent = _or_null("The code of the wider vocabulary that holds it; null: none.")


@extend_schema_serializer(many=False)
class VocabularyShape(Shape):
    """The coded values of one field."""

    name = _text("Its name.")
    definition = _text("What the field says.")
    ordered = serializers.BooleanField(help_text="The earlier term is the more precise one.")
    terms = TermShape(many=True)


class CodebookFieldShape(Shape):
    """One field of a document."""

    path = _text("Where it is; [] stands for every member of a list.")
    type = _text("What it holds; see `types`.")
    definition = _text("What it means.", allow_blank=True)
    null = _text("What null means.")
    unit = _or_null("In what it is measured; null: not a measure.")
    vocabulary = _or_null("The vocabulary that its codes are of; null: not coded.")


class CodebookDocumentShape(Shape):
    """The fields of one kind of record."""

    kind = _text("The kind of record.")
    definition = _text("What such a record is.")
    fields = CodebookFieldShape(many=True)  # type: ignore[assignment]  # DRF takes fields off the class


class CodebookColumnShape(Shape):
    """One column of a flat table."""

    name = _text("Its name.")
    path = _text("The field that it holds.")
    type = _text("What it holds; see `types`.")
    definition = _text("What it means.")
    empty = _text("What an empty cell means.")
    unit = _or_null("In what it is measured; null: not a measure.")
    vocabulary = _or_null("The vocabulary that its codes are of; null: not coded.")
    hxl = _or_null("Its HXL tag.")
    editable = serializers.BooleanField(help_text="It goes back when the table is loaded.")


class CodebookTableShape(Shape):
    """The columns of CSV, Parquet and spreadsheets for one kind of record."""

    kind = _text("The kind of record.")
    columns = CodebookColumnShape(many=True)


class CodebookProfileColumnShape(Shape):
    """One column of another dataset's file."""

    name = _text("Its name.")
    definition = _text("What it holds here.")
    empty = serializers.BooleanField(help_text="It has no equivalent here and is always empty.")


class CodebookProfileShape(Shape):
    """The columns of `incidents/?profile=…`."""

    name = _text("As `profile` takes it.")
    title = _text("The dataset.")
    definition = _text("What to know of it.")
    columns = CodebookProfileColumnShape(many=True)


@extend_schema_serializer(many=False)
class CodebookShape(Shape):
    """What every word and every field of the data means."""

    counterparts = serializers.DictField(child=_text("Its title."), help_text="The datasets that terms are mapped to.")
    types = serializers.DictField(child=_text("What it is."), help_text="The types of fields and columns.")
    vocabularies = VocabularyShape(many=True)
    documents = CodebookDocumentShape(many=True)
    tables = CodebookTableShape(many=True)
    table_notes = serializers.ListField(child=_text("A rule."), help_text="What holds for all tables.")
    profiles = CodebookProfileShape(many=True)


class CodebookParameters(StrictFilterSet):
    """The parameters of the codebook."""

    format = ParameterFilter(ChoiceParameter(["json", "html"]), label="The format.")


class CodebookView(APIView):
    """What every word and every field of the data means."""

    renderer_classes = [JSONRenderer, CodebookPage]
    name = "Codebook"

    @extend_schema(
        operation_id="codebook",
        summary="What every word and field means",
        responses={(200, "application/json"): CodebookShape},
    )
    def get(self, request: Request) -> Response:
        """Return vocabularies with their counterparts in ACLED, UCDP GED and GTD, fields, columns, units, null."""
        return _answer(request, codebook())


class VocabularyView(APIView):
    """The coded values of one field."""

    renderer_classes = [JSONRenderer, CodebookPage]
    name = "Vocabulary"

    @extend_schema(
        operation_id="codebook_vocabulary",
        summary="The coded values of one field",
        parameters=[
            OpenApiParameter(
                "vocabulary_name",
                location=OpenApiParameter.PATH,
                description="The field or kind of word, as `codebook/` lists them.",
                examples=[OpenApiExample("Example", value="event_type")],
            )
        ],
        responses={(200, "application/json"): VocabularyShape},
    )
    def get(self, request: Request, vocabulary_name: str) -> Response:
        """Return one vocabulary, such as `event_type`."""
        found = vocabulary(vocabulary_name)
        if found is None:
            near = nearest(vocabulary_name, VOCABULARIES)
            hint = f" Did you mean {near}?" if near else ""
            raise not_found(f"There is no vocabulary {vocabulary_name[:80]!r}.{hint}")
        return _answer(request, found)


def _answer(request: Request, data: dict[str, Any]) -> Response:
    CodebookParameters(request.query_params, None).read()
    etag = caching.etag_of(request)
    if caching.is_known(request, etag):
        response = caching.not_modified(etag, pinned=False)
    else:
        response = caching.cacheable(Response(data), etag, pinned=False)
    response["Cache-Control"] = KEPT
    return response
