"""Checks of documents that an origin sends, by the fields that `incidents.documents` declares."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from rest_framework import serializers

from incidents.documents import DOCUMENTS, DerivedField
from incidents.mirroring.checks import (
    Check,
    anything,
    code,
    day,
    each,
    flag,
    mapping,
    members,
    moment,
    null_or,
    number,
    one_of,
    public_id,
    text,
    whole,
)
from incidents.vocabulary import DATE_PRECISIONS, LOCATION_PRECISIONS

RANKED = {"date.precision": DATE_PRECISIONS, "location.precision": LOCATION_PRECISIONS}

DEGREES = {"latitude": 90.0, "longitude": 180.0}


@cache
def document_of(kind: str) -> Check:
    """Make a check for documents of a kind, from the declarations of its fields."""
    return _fields(DOCUMENTS[kind](), "")


def _fields(shape: Any, path: str) -> Check:
    stored = {name: field for name, field in shape.fields.items() if not isinstance(field, DerivedField)}
    return members({name: _of(field, f"{path}.{name}".lstrip(".")) for name, field in stored.items()})


def _of(field: Any, path: str) -> Check:
    """Make a check for a declared field."""
    check = _by_type(field, path)
    return null_or(check) if field.allow_null else check


def _by_type(field: Any, path: str) -> Check:
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return each(_of(field.child, path))
    if isinstance(field, serializers.Serializer):
        return _fields(field, path)
    if path in RANKED:
        return one_of(RANKED[path])
    if isinstance(field, serializers.IntegerField):
        return partial(whole, least=field.min_value or 0)
    limit = DEGREES.get(path.rpartition(".")[2])
    if limit is not None:
        return lambda value: number(value, limit)
    return next((check for type_, check in BY_TYPE if isinstance(field, type_)), anything)


BY_TYPE: tuple[tuple[type[Any], Check], ...] = (
    (serializers.RegexField, public_id),
    (serializers.ChoiceField, code),
    (serializers.CharField, text),
    (serializers.DateTimeField, moment),
    (serializers.DateField, day),
    (serializers.FloatField, number),
    (serializers.BooleanField, flag),
    (serializers.DictField, mapping),
)
"""The first that fits counts: a field of ids is one of texts too."""
