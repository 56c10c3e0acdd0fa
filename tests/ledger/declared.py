"""Compares a document with the shape that is declared for it: names in their order, types, codes, at every depth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from rest_framework import serializers

from incidents.documents import DerivedField


def breaches(shape: Any, value: Any, path: str = "") -> Iterator[str]:
    """Yield what of a value is not as its field declares."""
    if value is None:
        if not shape.allow_null:
            yield f"{path} is null"
    elif isinstance(shape, serializers.ListSerializer | serializers.ListField):
        if not isinstance(value, list):
            yield f"{path} is no list: {value!r}"
            return
        for at, item in enumerate(value):
            yield from breaches(shape.child, item, f"{path}[{at}]")
    elif isinstance(shape, serializers.Serializer):
        yield from _of_an_object(shape, value, path)
    elif not _check_of(shape)(shape, value):
        yield f"{path} is no {type(shape).__name__}: {value!r}"


def _of_an_object(shape: Any, value: Any, path: str) -> Iterator[str]:
    fields = {name: each for name, each in shape.fields.items() if not isinstance(each, DerivedField)}
    if not isinstance(value, dict) or list(value) != list(fields):
        yield f"{path} has {list(value) if isinstance(value, dict) else value!r}, not {list(fields)}"
        return
    for name, field in fields.items():
        yield from breaches(field, value[name], f"{path}.{name}")


def _is_number(field: Any, value: Any) -> bool:
    low = getattr(field, "min_value", None)
    return low is None or value >= low


def _is_text(field: Any, value: Any) -> bool:
    return isinstance(value, str) and (bool(value) or field.allow_blank)


def _parses(parse: Callable[[str], Any], value: Any) -> bool:
    try:
        parse(value)
    except (TypeError, ValueError):
        return False
    return True


CHECKS: dict[type[Any], Callable[[Any, Any], bool]] = {
    serializers.ChoiceField: lambda field, value: value in field.choices,
    serializers.BooleanField: lambda field, value: isinstance(value, bool),
    serializers.IntegerField: lambda field, value: type(value) is int and _is_number(field, value),
    serializers.FloatField: lambda field, value: type(value) in (int, float),
    serializers.DateField: lambda field, value: len(value) == 10 and _parses(date.fromisoformat, value),
    serializers.DateTimeField: lambda field, value: value.endswith("Z") and _parses(datetime.fromisoformat, value),
    serializers.RegexField: lambda field, value: re.fullmatch(field.validators[-1].regex.pattern, value) is not None,
    serializers.DictField: lambda field, value: isinstance(value, dict),
    serializers.JSONField: lambda field, value: True,
    serializers.CharField: _is_text,
}
"""How a value of each kind of field looks in JSON; of a class and its base, the class comes first."""


def _check_of(field: Any) -> Callable[[Any, Any], bool]:
    return next(check for kind, check in CHECKS.items() if isinstance(field, kind))
