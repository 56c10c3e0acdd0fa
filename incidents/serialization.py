"""Fixtures in JSON: a fixture sets the fields that it spells out. All others of an existing record stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.serializers.base import DeserializedObject
from django.core.serializers.json import Deserializer as JsonDeserializer
from django.core.serializers.json import Serializer

__all__ = ["Deserializer", "Serializer"]


class Deserializer(JsonDeserializer):
    """Reads fixtures as Django does; where Django would write a default over what is stored, what is stored stays."""

    using: str

    def _handle_object(self, obj: dict[str, Any]) -> Iterator[DeserializedObject]:
        for deserialized in super()._handle_object(obj):  # type: ignore[misc]  # the stubs do not know it
            _keep(deserialized.object, obj["fields"], self.using)
            yield deserialized


def _keep(record: Any, spelt_out: dict[str, Any], using: str) -> None:
    """Give a record what is stored of the fields that a fixture does not spell out."""
    fields = [
        field
        for field in record._meta.concrete_fields
        if field.name not in spelt_out and not field.primary_key and field.serialize and not _is_set_on_save(field)
    ]
    if record.pk is None or not fields:
        return
    names = [field.attname for field in fields]
    stored = type(record)._base_manager.using(using).filter(pk=record.pk).values_list(*names).first()
    for name, value in zip(names, stored or (), strict=False):
        setattr(record, name, value)


def _is_set_on_save(field: Any) -> bool:
    """True for times that are set when a record is saved: nobody's to keep; see the command loaddata."""
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))
