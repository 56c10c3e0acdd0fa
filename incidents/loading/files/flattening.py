"""Nested values as rows of text: a column for each dotted path, lists as JSON text."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from incidents.loading.errors import LoadError
from incidents.loading.files import file_limits

JSON = "json"
"""In place of the separator of a list: it is JSON, as lists are here."""

_POINT = "Point"
Flat = dict[str, str]


def flattened(record: Mapping[str, Any], where: str) -> Flat:
    """Return the texts of a record by dotted path; raises LoadError for one that is too deep."""
    flat: Flat = {}
    _flatten(record, "", flat, where, 0)
    return flat


def feature(record: Mapping[str, Any], where: str) -> Flat:
    """Return the texts of a GeoJSON feature, or of any other object; a point gives two columns of its own."""
    geometry = record.get("geometry")
    if record.get("type") != "Feature":
        return flattened(record, where)
    rest = {name: value for name, value in record.items() if name not in ("type", "geometry")}
    flat = flattened(rest, where)
    if not isinstance(geometry, dict):
        return flat | {"geometry.type": ""}  # a feature without a place is a feature all the same
    flat["geometry.type"] = text_of(geometry.get("type"))
    place = geometry.get("coordinates")
    if geometry.get("type") == _POINT and isinstance(place, list) and len(place) >= 2:
        flat["geometry.longitude"], flat["geometry.latitude"] = text_of(place[0]), text_of(place[1])
    else:
        flat["geometry.coordinates"] = text_of(place)
    return flat


def point_of(wkb: bytes) -> tuple[str, str] | None:
    """Return longitude and latitude of a point in well-known binary, None for any other shape."""
    if len(wkb) < 21:
        return None
    order = "<" if wkb[0] == 1 else ">"
    (kind,) = struct.unpack_from(f"{order}I", wkb, 1)
    if kind % 1000 != 1 or kind & 0xE0000000:
        return None
    longitude, latitude = struct.unpack_from(f"{order}dd", wkb, 5)
    return repr(longitude), repr(latitude)


def text_of(value: Any) -> str:
    """Return a value as the text of a cell; nothing is the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # A large one keeps its digits: of 1e+16 an id would be made that is that of 1e-16.
        return _whole(value) if value.is_integer() else "" if value != value else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight and value.tzinfo is None else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return value.hex() if isinstance(value, bytes) else str(value)


def split_list(text: str, separator: str) -> list[str]:
    """Return the items of a list in one cell; `json` is the separator of a JSON list."""
    if separator != JSON:
        return [item.strip() for item in text.split(separator)]
    try:
        items = orjson.loads(text)
    except orjson.JSONDecodeError:
        items = None
    if not isinstance(items, list):
        return [text]
    return [item if isinstance(item, str) else "" if item is None else orjson.dumps(item).decode() for item in items]


def _whole(value: float) -> str:
    return str(int(value)) if abs(value) < 2**53 else f"{Decimal(repr(value)):f}".removesuffix(".0")


def _flatten(record: Mapping[str, Any], path: str, flat: Flat, where: str, depth: int) -> None:
    if depth > file_limits.MAX_DEPTH:
        raise LoadError(f"{where} is nested more than {file_limits.MAX_DEPTH} levels deep.")
    for name, value in record.items():
        full = f"{path}.{name}" if path else str(name)
        if isinstance(value, dict):
            _flatten(value, full, flat, where, depth + 1)
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            _in_step(value, full, flat, where, depth + 1)
        else:
            flat[full] = text_of(value)


def _in_step(items: list[dict[str, Any]], path: str, flat: Flat, where: str, depth: int) -> None:
    """Give a list of objects as a list for each of their paths, all of one length."""
    flats: list[Flat] = []
    for item in items:
        inner: Flat = {}
        _flatten(item, path, inner, where, depth)
        flats.append(inner)
    names = dict.fromkeys(name for inner in flats for name in inner)
    if len(names) * len(items) > file_limits.MAX_CELLS:
        raise LoadError(f"lists of objects with {len(names):,} different names in all, at {path}: no file of rows.")
    for name in names:
        flat[name] = orjson.dumps([inner.get(name, "") for inner in flats]).decode()
