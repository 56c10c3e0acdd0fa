"""The shape of every public document as DRF describes it, made of what `incidents.schema` declares of each field.

The OpenAPI schema is made from it, and a test holds the bytes to it. Nothing is serialised by these classes when a
request comes: publishing writes the documents, readers are handed them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from incidents import vocabulary
from incidents.fields import PUBLIC_ID_PATTERN
from incidents.schema import KINDS
from incidents.schema.fields import Field, Part
from incidents.vocabulary import Vocabulary
from incidents_api.enumerations import Enumeration, NamedChoiceField

if TYPE_CHECKING:
    Shape = serializers.Serializer[dict[str, Any]]
else:
    Shape = serializers.Serializer


def public_id(help_text: str, **kwargs: Any) -> Any:
    """Serializer field of a public id, with the pattern of ids."""
    return serializers.RegexField(PUBLIC_ID_PATTERN, help_text=help_text, **kwargs)


def enumeration(of: Vocabulary) -> Enumeration:
    """Enumeration of a vocabulary in the OpenAPI document: `EventType` for event_type."""
    name = "".join(word.capitalize() for word in of.name.split("_"))
    return Enumeration(name, {term.code: term.definition for term in of.values()}, of.definition)


class CodedField(NamedChoiceField):
    """A coded value of a field."""


def coded(of: Vocabulary, **kwargs: Any) -> Any:
    """Serializer field of a code, with its vocabulary as a named enum."""
    return CodedField(enumeration(of), **kwargs)


RECORD_KIND = Enumeration("RecordKind", {name: kind.part.definition for name, kind in KINDS.items()}, "Kind of record.")


def record_kind() -> Any:
    """Serializer field of a kind of record."""
    return NamedChoiceField(RECORD_KIND, help_text="Kind of record.")


def text(help_text: str, **kwargs: Any) -> Any:
    """Serializer field of a text that is never null."""
    return serializers.CharField(help_text=help_text, **kwargs)


def missing(help_text: str, **kwargs: Any) -> Any:
    """Serializer field of a text that may be null."""
    return serializers.CharField(help_text=help_text, allow_null=True, **kwargs)


class DerivedField:
    """A value that is in no stored document, and added to those that are shown."""


class DerivedText(DerivedField, serializers.CharField):
    """A text of this kind."""


class DerivedWords(DerivedField, serializers.ListField):
    """Texts of this kind."""

    child = serializers.CharField()


class DerivedTime(DerivedField, serializers.DateTimeField):
    """A time of this kind."""


DERIVED: dict[str, type[DerivedText | DerivedTime | DerivedWords]] = {
    "text": DerivedText,
    "time": DerivedTime,
    "words": DerivedWords,
}
"""By the type of the field."""


def _said(field: Field) -> dict[str, Any]:
    """Options that apply to every type of field, as far as this field declares them."""
    said: dict[str, Any] = {"help_text": field.definition} if field.definition else {}
    if field.null:
        said["allow_null"] = True
    if field.blank:
        said["allow_blank"] = True
    if field.lowest is not None:
        said["min_value"] = field.lowest
    return said


SERIALIZER_FIELDS: dict[str, Callable[[Field], Any]] = {
    "id": lambda field: serializers.RegexField(PUBLIC_ID_PATTERN, **_said(field)),
    "ids": lambda field: serializers.ListField(child=public_id(field.item), **_said(field)),
    "text": lambda field: serializers.CharField(**_said(field)),
    "words": lambda field: serializers.ListField(child=serializers.CharField(), **_said(field)),
    "code": lambda field: coded(_vocabulary(field), **_said(field)),
    "codes": lambda field: serializers.ListField(child=coded(_vocabulary(field)), **_said(field)),
    "link": lambda field: serializers.URLField(**_said(field)),
    "integer": lambda field: serializers.IntegerField(**_said(field)),
    "number": lambda field: serializers.FloatField(**_said(field)),
    "boolean": lambda field: serializers.BooleanField(**_said(field)),
    "date": lambda field: serializers.DateField(**_said(field)),
    "time": lambda field: serializers.DateTimeField(**_said(field)),
    "clock": lambda field: serializers.CharField(**_said(field)),
    "zone": lambda field: serializers.CharField(**_said(field)),
    "json": lambda field: serializers.JSONField(**_said(field)),
    "mapping": lambda field: serializers.DictField(**_said(field)),
    "object": lambda field: _shape_of(field)(**_said(field)),
    "objects": lambda field: _shape_of(field)(many=True, **_said(field)),
}
"""How a field of each type is described to DRF, and so in OpenAPI."""


def _vocabulary(field: Field) -> Vocabulary:
    if field.vocabulary is None:
        raise ValueError(f"The coded field {field.name} names no vocabulary.")
    return field.vocabulary


def _shape_of(field: Field) -> type[Shape]:
    if field.part is None:
        raise ValueError(f"The field {field.name} holds an object, and says nothing of its fields.")
    return shape(field.part)


_shapes: dict[str, type[Shape]] = {}


def shape(part: Part) -> type[Shape]:
    """Serializer class of a declared object; parts with the same name share one class."""
    if part.name not in _shapes:
        fields = {
            field.name: DERIVED[field.type](**_said(field)) if field.derived else SERIALIZER_FIELDS[field.type](field)
            for field in part.fields
        }
        _shapes[part.name] = type(part.name, (Shape,), {"__doc__": part.definition, **fields})
    return _shapes[part.name]


DOCUMENTS: dict[str, type[Shape]] = {kind.name: shape(kind.part) for kind in KINDS.values()}


class FieldChange(Shape):
    """A field before and after a revision."""

    field = text("Name of a top-level field of the document.")
    # Any JSON is null too; saying so would make null match twice where it may match once.
    before = serializers.JSONField(help_text="The value before, of any type.")
    after = serializers.JSONField(help_text="The value after, of any type.")


class RevisionShape(Shape):
    """One published state of a record, or the tombstone that ended it."""

    revision = serializers.IntegerField(
        min_value=1, help_text="Number of this published version of the record, starting at 1."
    )
    as_of = serializers.IntegerField(
        help_text="The publication that created this revision. Use it as `as_of` to read the record in this version."
    )
    published = serializers.DateTimeField(help_text="Time at which this revision was published.")
    change = coded(vocabulary.CHANGES)
    reason = missing("Reason for a withdrawal, a merge or a redaction.")
    target = public_id("The record that a merged record was merged into.", allow_null=True)
    redacted = serializers.BooleanField(help_text="The content was removed from the whole history, for safety.")
    reduced = serializers.IntegerField(
        allow_null=True,
        help_text="The publication that replaced the content of the earlier revisions by a coarser one, for safety; "
        "null: none. It is given for these revisions, and for the change `redacted` that tells the reason.",
    )
    changes = FieldChange(many=True, help_text="The fields that this revision changed.")
    url = serializers.URLField(allow_null=True, help_text="The record in this version; null if it has no content.")


@cache
def field_names(kind: str) -> tuple[str, ...]:
    """Top-level field names of a kind of document, in order."""
    return tuple(DOCUMENTS[kind]().fields)
