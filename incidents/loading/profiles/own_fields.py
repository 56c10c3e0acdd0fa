"""The tables `[[fields]]` of a profile: fields that the dataset brings itself, and where a row has their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator

from incidents.loading.profiles import cell_types as types
from incidents.loading.profiles import syntax
from incidents.loading.profiles.cell_types import CellType
from incidents.loading.profiles.cell_values import CellValue
from incidents.loading.profiles.syntax import Flag, Keys, Text, Texts, one_of
from incidents.schema.attribute_values import FARTHEST, time_of_day
from incidents.schema.attributes import RANGE, Attribute, AttributeCode
from incidents.text_checks import TIME_FORM
from incidents.vocabulary.attributes import ATTRIBUTE_TYPES

LINK = 2000
"""Characters of an address."""


class OwnCodeKeys(Keys):
    """A code of a field."""

    code: Text
    label: Text
    labels: dict[str, Text] = {}
    definition: Text = ""
    parent: Text = ""
    merged_into: Text = ""
    event_type: Text = ""
    event_subtype: Text = ""

    def declaration(self) -> AttributeCode:
        """Return the code as the rest of the house reads it."""
        fields = self.model_dump()
        return AttributeCode(**fields | {"labels": tuple(fields["labels"].items())})


def _value(raw: Any, info: Any) -> CellValue | None:
    """Read where a row has a value, or a part of a range; None for a field that the file does not set."""
    if raw is None or "type" not in info.data:
        return None
    if (info.field_name == "value") == (info.data["type"] == "range"):
        expected = "low, best and high" if info.data["type"] == "range" else "value"
        raise syntax.fault(f"is not for a field of type {info.data['type']}, whose cells are named by {expected}")
    type_ = _cell_type(info.data)
    if info.data["type"] == "codes":
        listed: CellValue = syntax.cell_list(type_).func(raw)  # type: ignore[call-arg]  # pydantic types it for fields
        return listed
    return syntax.parse_value(raw, syntax.Wanted(type_))


def _cell_type(keys: Mapping[str, Any]) -> CellType:
    match keys["type"]:
        case "code" | "codes":
            return types.listed(keys.get("name", ""), {each.code: None for each in keys.get("codes", ())})
        case "date":
            return types.day(keys.get("formats") or types.ISO_DAY)
    return _TYPES[keys["type"]]


def _time(text: str) -> str:
    try:
        return time_of_day(text)
    except ValueError:
        raise ValueError(TIME_FORM) from None


_WHOLE = types.integer(-FARTHEST, FARTHEST)
_TYPES: dict[str, CellType] = {
    "text": types.LONG,
    "link": types.address(LINK),
    "integer": _WHOLE,
    "range": _WHOLE,
    "number": types.number(-1e15, 1e15),
    "boolean": types.BOOLEAN,
    "time": CellType("time", _time),
}

Value = Annotated[CellValue | None, PlainValidator(_value)]


class OwnFieldKeys(Keys):
    """A field that the dataset brings itself."""

    name: Text
    type: Annotated[str, one_of(*ATTRIBUTE_TYPES)]
    label: Text
    definition: Text = ""
    unit: Text = ""
    missing: Text = ""
    formerly: Texts = ()
    public: Flag = True
    generalised: Annotated[str, one_of("withhold", "keep")] = "withhold"
    formats: Texts = ()
    codes: tuple[OwnCodeKeys, ...] = ()
    value: Value = None
    low: Value = None
    best: Value = None
    high: Value = None

    def declaration(self) -> Attribute:
        """Return the field as the rest of the house reads it."""
        rest = {each.name: getattr(self, each.name) for each in dataclass_fields(Attribute) if each.name != "codes"}
        return Attribute(**rest, codes=tuple(code.declaration() for code in self.codes))

    @property
    def cells(self) -> dict[str, CellValue]:
        """Return where a row has its value, or the parts of it; nothing where the file does not set the field."""
        named = RANGE if self.type == "range" else ("value",)
        return {name: value for name in named if (value := getattr(self, name)) is not None}


def as_document(value: Any) -> Any:
    """Return a value that was read from cells as documents hold it."""
    if isinstance(value, date):
        return value.isoformat()
    return None if value in ("", []) else value
