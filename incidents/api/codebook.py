"""`codebook/`: what every word and field means, for programs and on a page; it changes with the code alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.template import loader
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.codebook.gathered import codebook, vocabulary
from incidents.codebook.own_fields import own_fields
from incidents.documents import Shape
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


def _text(help_text: str, **kwargs: Any) -> Any:
    return serializers.CharField(help_text=help_text, **kwargs)


def _or_null(help_text: str) -> Any:
    return serializers.CharField(help_text=help_text, allow_null=True)


class Term(Shape):
    """One coded value."""

    code = _text("The code in the data.")
    label = _text("Label of the code.")
    definition = _text("Definition of the code.")
    acled = _or_null("Nearest equivalent in ACLED; null: none.")
    ucdp = _or_null("Nearest equivalent in UCDP GED; null: none.")
    gtd = _or_null("Nearest equivalent in GTD; null: none.")
    parent = _or_null("Parent code in the broader vocabulary; null: none.")


@extend_schema_serializer(many=False)
class VocabularyDefinition(Shape):
    """The coded values of one field."""

    name = _text("Name of the vocabulary.")
    definition = _text("Definition of the vocabulary.")
    ordered = serializers.BooleanField(help_text="True: terms are ordered from most to least precise.")
    terms = Term(many=True)


class CodebookField(Shape):
    """One field of a document."""

    path = _text("Path in the document; [] stands for each member of a list.")
    type = _text("Type; see `types`.")
    definition = _text("Definition of the field.", allow_blank=True)
    null = _text("Meaning of null.")
    unit = _or_null("Unit; null: not a measurement.")
    vocabulary = _or_null("Vocabulary of its codes; null: not coded.")


class CodebookDocument(Shape):
    """The fields of one kind of record."""

    kind = _text("Kind of record.")
    definition = _text("Definition of this kind of record.")
    fields = CodebookField(many=True)  # type: ignore[assignment]  # DRF takes fields off the class


class CodebookColumn(Shape):
    """One column of a flat table."""

    name = _text("Name of the column.")
    path = _text("Path of the field in the document.")
    type = _text("Type; see `types`.")
    definition = _text("Definition of the column.")
    empty = _text("Meaning of an empty cell.")
    unit = _or_null("Unit; null: not a measurement.")
    vocabulary = _or_null("Vocabulary of its codes; null: not coded.")
    hxl = _or_null("HXL tag.")
    editable = serializers.BooleanField(help_text="True: an edited value is loaded back.")


class CodebookTable(Shape):
    """The columns of CSV, Parquet and spreadsheets for one kind of record."""

    kind = _text("Kind of record.")
    columns = CodebookColumn(many=True)


class ProfileColumn(Shape):
    """One column of another dataset's file."""

    name = _text("Name of the column.")
    definition = _text("Definition of the column.")
    empty = serializers.BooleanField(help_text="True: there is no equivalent, so the column is always empty.")


class RecommendedField(Shape):
    """A field that a dataset may declare under this name; it then has this type and meaning."""

    name = _text("Name of the vocabulary.")
    type = _text("Its type; see the vocabulary attribute_type.")
    label = _text("Label of the code.")
    definition = _text("Definition of the code.")
    unit = _text("The unit of its values.")
    missing = _text("What it means that an incident has no value.")


class OwnCode(Shape):
    """A code of a dataset's own field."""

    code = _text("The code in the data.")
    label = _text("In English.")
    labels = serializers.DictField(child=_text("The label."), help_text="In other languages, by ISO 639-1 code.")
    definition = _text("Definition of the field.", allow_blank=True)
    parent = _or_null("The code that includes it; null: none.")
    merged_into = _or_null("The code that replaced it; null: it is in use.")
    event_type = _or_null("The event type that it stands for; null: none.")
    event_subtype = _or_null("The event sub-type that it stands for; null: none.")


class OwnField(Shape):
    """A field that a dataset brings itself."""

    name = _text("Name of the vocabulary.")
    type = _text("Its type; see the vocabulary attribute_type.")
    label = _text("In English.")
    definition = _text("Definition of the field.", allow_blank=True)
    unit = _or_null("The unit of its values; null: none.")
    missing = _or_null("What it means that an incident has no value; null: not said.")
    formerly = serializers.ListField(child=_text("A name."), help_text="Names that it had before.")
    generalised = _text("What becomes of it where an incident is generalised.")
    codes = OwnCode(many=True)
    parameters = serializers.ListField(child=_text("A parameter."), help_text="The parameters that ask for it.")
    columns = serializers.ListField(child=_text("A column."), help_text="The columns of tables that show it.")


@extend_schema_serializer(many=False)
class OwnFields(Shape):
    """The fields that one dataset brings itself."""

    id = _text("The dataset.")
    name = _text("Its title.")
    fields = OwnField(many=True)  # type: ignore[assignment]  # DRF takes fields off the class


class Profile(Shape):
    """The columns of `incidents/?profile=…`."""

    name = _text("Value of the parameter `profile`.")
    title = _text("Name of the other dataset.")
    definition = _text("Notes on the profile.")
    columns = ProfileColumn(many=True)


@extend_schema_serializer(many=False)
class Codebook(Shape):
    """Definitions of all codes and fields of the data."""

    counterparts = serializers.DictField(
        child=_text("Full name of the dataset."), help_text="Datasets that the terms are mapped to."
    )
    types = serializers.DictField(child=_text("Definition of the type."), help_text="Types of fields and columns.")
    vocabularies = VocabularyDefinition(many=True)
    documents = CodebookDocument(many=True)
    tables = CodebookTable(many=True)
    recommended_fields = RecommendedField(many=True)
    table_notes = serializers.ListField(child=_text("A note."), help_text="Notes that apply to all tables.")
    profiles = Profile(many=True)


class CodebookParameters(StrictFilterSet):
    """The parameters of the codebook."""

    format = ParameterFilter(ChoiceParameter(["json", "html"]), label="The format.")


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
        parameters=[
            OpenApiParameter(
                "vocabulary_name",
                location=OpenApiParameter.PATH,
                description="Name of the vocabulary, as listed in `codebook/`.",
                examples=[OpenApiExample("Example", value="event_type")],
            )
        ],
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
        parameters=[
            OpenApiParameter(
                "dataset",
                location=OpenApiParameter.PATH,
                description="The id of the dataset.",
                examples=[OpenApiExample("Example", value="luhansk-2022")],
            )
        ],
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
