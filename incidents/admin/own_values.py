"""Inputs for the fields that a dataset brings itself, on the form of an incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms

from incidents.models import Dataset
from incidents.models.datasets import declarations
from incidents.schema.attribute_values import AttributeValueError, checked
from incidents.schema.attributes import RANGE, Attribute, AttributeCode

PREFIX = "own_"
FEW_CODES = 12
"""Codes that are shown to be ticked; more are chosen from a list."""

INDENT = "\u2003"


def attributes_of(dataset: Dataset | None) -> tuple[Attribute, ...]:
    """Return the fields that a dataset brings itself."""
    return declarations(dataset.own_fields.prefetch_related("codes")) if dataset is not None and dataset.pk else ()


def names_of(attribute: Attribute) -> list[str]:
    """Return the names of the inputs of a field: of a range three."""
    if attribute.type == "range":
        return [f"{PREFIX}{attribute.name}_{part}" for part in RANGE]
    return [f"{PREFIX}{attribute.name}"]


def section(attributes: Iterable[Attribute]) -> tuple[str, dict[str, Any]]:
    """Return the section of the form; the inputs of a range stand in one line."""
    lines = [tuple(names) if len(names := names_of(each)) > 1 else names[0] for each in attributes]
    return "Own fields of the dataset", {"fields": lines}


def inputs(attributes: Iterable[Attribute]) -> dict[str, forms.Field]:
    """Return the form fields by name."""
    found: dict[str, forms.Field] = {}
    for attribute in attributes:
        for name in names_of(attribute):
            field = INPUTS[attribute.type](attribute)
            part = name.removeprefix(f"{PREFIX}{attribute.name}_") if attribute.type == "range" else ""
            field.label = f"{attribute.label}, {part}" if part else attribute.label
            field.help_text = _help(attribute)
            field.required = False
            found[name] = field
    return found


def _help(attribute: Attribute) -> str:
    said = [
        attribute.definition,
        f"Unit: {attribute.unit}." if attribute.unit else "",
        f"Empty: {attribute.missing}" if attribute.missing else "",
        "" if attribute.public else "Not published.",
    ]
    return " ".join(filter(None, said))


def _code(attribute: Attribute) -> forms.Field:
    return forms.ChoiceField(choices=[("", "---------"), *_choices(attribute)])


def _codes(attribute: Attribute) -> forms.Field:
    widget = forms.CheckboxSelectMultiple if len(attribute.codes) <= FEW_CODES else forms.SelectMultiple
    return forms.MultipleChoiceField(choices=_choices(attribute), widget=widget)


def _boolean(attribute: Attribute) -> forms.Field:
    choices = [("", "Not known"), ("true", "Yes"), ("false", "No")]
    return forms.TypedChoiceField(choices=choices, coerce=lambda text: text == "true", empty_value=None)


def _text(**attributes: Any) -> Callable[[Attribute], forms.Field]:
    return lambda _: forms.CharField(widget=forms.TextInput(attrs=attributes))


def _long_text(attribute: Attribute) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}))


INPUTS: dict[str, Callable[[Attribute], forms.Field]] = {
    "code": _code,
    "codes": _codes,
    "text": _long_text,
    "integer": lambda _: forms.IntegerField(),
    "number": lambda _: forms.FloatField(),
    "boolean": _boolean,
    "date": _text(placeholder="YYYY-MM-DD", size=12),
    "time": _text(placeholder="HH:MM", size=8),
    "link": lambda _: forms.CharField(widget=forms.URLInput(attrs={"class": "vURLField"})),
    "range": lambda _: forms.IntegerField(),
}
"""By the type of the field."""


def _choices(attribute: Attribute) -> list[tuple[str, str]]:
    """Return the codes in use, each below the one that includes it."""
    by_parent: dict[str, list[AttributeCode]] = {}
    for code in attribute.codes:
        if not code.merged_into:
            by_parent.setdefault(code.parent, []).append(code)

    def below(parent: str, depth: int) -> Iterable[tuple[str, str]]:
        for code in by_parent.get(parent, ()):
            yield code.code, f"{INDENT * depth}{code.label}"
            yield from below(code.code, depth + 1)

    return list(below("", 0))


def initial(attributes: Iterable[Attribute], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the inputs show of the stored values."""
    found: dict[str, Any] = {}
    for attribute in attributes:
        value = attribute.value_in(values)
        if attribute.type == "range":
            found |= {name: (value or {}).get(part) for name, part in zip(names_of(attribute), RANGE, strict=True)}
        elif attribute.type == "code":
            found[f"{PREFIX}{attribute.name}"] = attribute.latest(value) or ""
        elif attribute.type == "codes":
            found[f"{PREFIX}{attribute.name}"] = [attribute.latest(each) for each in value or ()]
        elif attribute.type == "boolean":
            found[f"{PREFIX}{attribute.name}"] = "" if value is None else str(value).lower()
        else:
            found[f"{PREFIX}{attribute.name}"] = value
    return found


def read(
    attributes: Iterable[Attribute], data: Mapping[str, Any], stored: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values of an incident with what the inputs say, and what is wrong by the name of the input.

    Values of other fields stay as they are stored: another dataset may declare them.
    """
    values, errors = dict(stored), dict[str, str]()
    for attribute in attributes:
        names = names_of(attribute)
        if not set(names) <= data.keys():  # what the input itself has refused
            continue
        raw: Any = data[names[0]]
        if attribute.type == "range":
            raw = {part: data[name] for name, part in zip(names, RANGE, strict=True)}
        try:
            value = checked(attribute, raw)
        except AttributeValueError as error:
            errors[names[-1]] = f"{str(error)[:1].upper()}{str(error)[1:]}."
            continue
        for name in attribute.names:
            values.pop(name, None)
        if value is not None:
            values[attribute.name] = value
    return values, errors


def event_of(attributes: Iterable[Attribute], values: Mapping[str, Any]) -> AttributeCode | None:
    """Return the code of an incident that stands for an event type, None if it has none."""
    for attribute in attributes:
        code = attribute.by_code.get(values.get(attribute.name, "")) if attribute.type == "code" else None
        if code and code.event_type:
            return code
    return None


def can_tell_event(attributes: Iterable[Attribute]) -> bool:
    """Tell whether a code of one of these fields stands for an event type."""
    return any(code.event_type for attribute in attributes for code in attribute.codes)
