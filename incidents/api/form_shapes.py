"""Schemas of the forms in which answers can be had besides JSON as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample
from rest_framework.serializers import Serializer

from incidents.api.aggregate_shapes import TABLE_EXAMPLE, TABLE_TYPE
from incidents.api.export_answers import OCTETS, property_fields
from incidents.api.form_examples import example
from incidents.api.representations import GEOJSON, ITEM_GEOJSON, Representation
from incidents.api.response_shapes import page_of
from incidents.codebook.profiles import EXPORT_PROFILES
from incidents.documents import DOCUMENTS, enumeration, field_names
from incidents.exports.text_formats import CSV
from incidents.fields import PUBLIC_ID_PATTERN
from incidents.tables import TABLES, Column
from incidents_api.rest.schema import HouseSchema, nullable

Schema = dict[str, Any]

BINARY: Schema = {"type": "string", "format": "binary"}
TEXT: Schema = {"type": "string"}
JSON = "application/json"

POINT: Schema = {
    "type": "object",
    "description": "A point of GeoJSON (RFC 7946).",
    "properties": {
        "type": {"type": "string", "enum": ["Point"], "description": "Always `Point`."},
        "coordinates": {
            "type": "array",
            "description": "Longitude and latitude in degrees, WGS 84.",
            "items": {"type": "number"},
            "minItems": 2,
            "maxItems": 2,
        },
    },
    "required": ["coordinates", "type"],
}
TYPES: dict[str, Schema] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
}
"""Type of a column → JSON Schema; any other is text."""


class FormShapes:
    """Makes the components of the forms of a kind of record in a document."""

    def __init__(self, document: HouseSchema, kind: str) -> None:
        self.document, self.kind = document, kind
        self.title = kind.capitalize()

    def answer(self, form: Representation) -> dict[tuple[Any, ...], Schema]:
        """Status and media types of the answer in a form → its schema."""
        if form.action == "aggregate":
            return self._of_file(form)
        if form.profile and not form.format:
            return {(200, JSON): self._page(f"{self._profile(form)}Page", self._row(form))}
        if form.is_partial:
            return {(200, JSON): self._partial(form)}
        if form.written.endswith("geojson"):
            return {(200, "application/geo+json"): self._features(form)}
        return self._of_file(form)

    def examples(self, form: Representation) -> list[OpenApiExample]:
        """Examples of the answer in a form; binary files have none."""
        if form.action == "aggregate":
            value, media_type = (TABLE_EXAMPLE, TABLE_TYPE) if form.written == "csv" else (None, "")
        else:
            value, media_type = example(form, self.kind)
        return [OpenApiExample("example", value=value, media_type=media_type)] if value is not None else []

    def fields(self, form: Representation | None) -> Schema:
        """Enumeration of what `fields` can choose in a form; None stands for documents."""
        if form in (GEOJSON, ITEM_GEOJSON):
            return self._names("PropertyField", property_fields(self.kind))
        if form and form.format and form.format.flat:
            return self._names("TableField", dict.fromkeys([*field_names(self.kind), *TABLES[self.kind].names]))
        return self._names("Field", field_names(self.kind))

    def _of_file(self, form: Representation) -> dict[tuple[Any, ...], Schema]:
        if form.action == "aggregate" and form.written == "csv":
            return {(200, TABLE_TYPE): TEXT | {"description": "A header, then one line per group."}}
        written = form.format
        if written is None:
            raise ValueError(f"{form.name} is no file.")
        if issubclass(written, CSV):
            return {(200, written.content_type): TEXT | {"description": "A header, then one line per record."}}
        # Generators that know no such media type take the second one, which an Accept header can ask for.
        return {(200, written.content_type, OCTETS): BINARY | {"description": str(written.__doc__)}}

    def _names(self, ending: str, names: Iterable[str]) -> Schema:
        return self._component(f"{self.title}{ending}", {"type": "string", "enum": list(names)})

    def _component(self, name: str, schema: Schema) -> Schema:
        return self.document.component(ResolvedComponent.SCHEMA, name, schema)

    def _resolved(self, serializer: Serializer[Any]) -> Any:
        return self.document.resolve_serializer(serializer, "response")

    def _whole(self) -> Any:
        return self._resolved(DOCUMENTS[self.kind]())

    def _partial(self, form: Representation) -> Schema:
        whole = self._whole().schema
        said = f"{whole['description']} Every field but the id may be missing, because `fields` chooses them."
        some = self._component(f"{self.title}Fields", whole | {"description": said, "required": ["id"]})
        return self._page(f"{self.title}FieldsPage", some) if form.action == "list" else some

    def _page(self, name: str, item: Schema) -> Schema:
        page = self._resolved(page_of(DOCUMENTS[self.kind], self.kind)()).schema
        properties = page["properties"] | {"results": {"type": "array", "items": item}}
        return self._component(name, page | {"properties": properties})

    def _profile(self, form: Representation) -> str:
        return "".join(word.capitalize() for word in form.profile.split("-"))

    def _row(self, form: Representation) -> Schema:
        profile = EXPORT_PROFILES[form.profile]
        columns = {
            column.name: (nullable({"type": column.type}) if column.type else {}) | {"description": column.definition}
            for column in profile.columns
        }
        row = {"type": "object", "description": profile.definition, "properties": columns, "required": sorted(columns)}
        return self._component(f"{self._profile(form)}Row", row)

    def _features(self, form: Representation) -> Schema:
        if form.written == "geojson":
            feature = self._feature(f"{self.title}Feature", self._properties())
        else:
            feature = self._feature(f"Nested{self.title}Feature", dict(self._whole().ref))
        if form.action == "retrieve":
            return feature
        name = feature["$ref"].rpartition("/")[2]
        properties = {
            "type": {"type": "string", "enum": ["FeatureCollection"], "description": "Always `FeatureCollection`."},
            "name": {"type": "string", "description": "Name of the list."},
            "as_of": {"type": "integer", "description": "The publication that the data is from."},
            "numberReturned": {"type": "integer", "description": "Number of features."},
            "features": {"type": "array", "items": feature},
        }
        said = "Records as a FeatureCollection of GeoJSON (RFC 7946)."
        collection = {"type": "object", "description": said, "properties": properties, "required": sorted(properties)}
        return self._component(f"{name}Collection", collection)

    def _feature(self, name: str, content: Schema) -> Schema:
        properties = {
            "type": {"type": "string", "enum": ["Feature"], "description": "Always `Feature`."},
            "id": {"type": "string", "pattern": PUBLIC_ID_PATTERN, "description": "Id of the record."},
            "geometry": nullable(self._component("Point", POINT))
            | {"description": "The point; null if there is none."},
            "properties": content,
        }
        said = "A record as a Feature of GeoJSON (RFC 7946)."
        feature = {"type": "object", "description": said, "properties": properties, "required": sorted(properties)}
        return self._component(name, feature)

    def _properties(self) -> Schema:
        columns = {each.name: self._column(each) for each in TABLES[self.kind].columns if not each.is_nested}
        said = "The columns of the table, without those that are nested. With `fields` only the id is always there."
        if self.kind == "incident":
            said += " Own fields of datasets are properties too: `attr.name`."
        schema = {"type": "object", "description": said, "properties": columns, "required": ["id"]}
        return self._component(f"{self.title}Properties", schema | {"additionalProperties": self.kind == "incident"})

    def _column(self, column: Column) -> Schema:
        said = {"description": column.description}
        if column.type == "id":
            schema: Schema = {"type": "string", "pattern": PUBLIC_ID_PATTERN}
        elif column.type == "code" and column.vocabulary:
            schema = self.document.enumeration(enumeration(column.vocabulary))
        else:
            schema = TYPES.get(column.type, TEXT)
        if column.type == "list":
            said = {"description": f"{column.description} Joined by `|`."}
        if column.missing:
            return nullable(schema) | said
        return {"allOf": [schema]} | said if "$ref" in schema else schema | said
