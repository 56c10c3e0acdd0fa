"""The parameter `within`: an area as GeoJSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import orjson

from incidents.ledger.areas import Area, Ring, leaves, to_units
from incidents_api.parameters.filtersets import Parameter, RefusedValueError

MOST_VERTICES = 1000
"""Of all rings together; the vertex that closes a ring is not counted again."""

LONGEST = 60_000
"""Characters: more than the vertices take, and as much as an address may have."""

EXAMPLE = '{"type":"Polygon","coordinates":[[[38,48],[40,48],[40,50],[38,50],[38,48]]]}'


class AreaParameter(Parameter):
    """A Polygon or MultiPolygon of GeoJSON, or a Feature that holds one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(schema={"type": "string", "minLength": 2, "maxLength": LONGEST}, **kwargs)

    def read(self, value: str) -> Area:
        """Parse and check the geometry."""
        if len(value) > LONGEST:
            raise RefusedValueError(f"Must have at most {LONGEST} characters.", code="too_long")
        try:
            geometry = _geometry(orjson.loads(value))
        except orjson.JSONDecodeError as error:
            raise RefusedValueError(f"Must be JSON: a Polygon or MultiPolygon, such as {EXAMPLE} ({error}).") from None
        polygons = geometry.get("coordinates")
        if geometry["type"] == "Polygon":
            return _area([("", polygons)])
        if not isinstance(polygons, list) or not polygons:
            raise RefusedValueError("coordinates of a MultiPolygon must be a list of one or more polygons.")
        return _area([(f"polygon {at}, ", rings) for at, rings in enumerate(polygons, 1)])


def _geometry(found: Any) -> dict[str, Any]:
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    kind = found.get("type") if isinstance(found, dict) else None
    if kind in ("Polygon", "MultiPolygon") and isinstance(found, dict):
        _refuse_other_systems(found)
        return found
    hint = " Send its features one by one." if kind == "FeatureCollection" else ""
    called = repr(kind)[:40] if kind is not None else "no type"
    raise RefusedValueError(
        f"Must be a Polygon or MultiPolygon of GeoJSON, or a Feature that holds one (got {called}).{hint}"
    )


def _refuse_other_systems(geometry: dict[str, Any]) -> None:
    """Refuse coordinates that name another system than WGS 84, as files before RFC 7946 may."""
    system = str(geometry.get("crs") or "")
    if system and not any(known in system for known in ("CRS84", "EPSG::4326", "EPSG:4326")):
        raise RefusedValueError(f"Coordinates must be of WGS 84, so without crs (got {system[:80]}).")


def _area(named: Sequence[tuple[str, Any]]) -> Area:
    """Read polygons, each with its name in messages."""
    count = 0
    polygons = []
    for name, rings in named:
        if not isinstance(rings, list) or not rings:
            raise RefusedValueError(f"{name}coordinates must be a list of one or more rings.".capitalize())
        count += sum(len(ring) - 1 for ring in rings if isinstance(ring, list) and ring)
        if count > MOST_VERTICES:
            message = f"Must have at most {MOST_VERTICES} vertices in all (got {_all(named)}). Simplify the outline."
            raise RefusedValueError(message, code="too_many_values")
        polygons.append(_holed(name, [_ring(f"{name}ring {at}", ring) for at, ring in enumerate(rings, 1)]))
    return Area(tuple(polygons))


def _holed(name: str, rings: Sequence[Ring]) -> tuple[Ring, ...]:
    """Refuse a further ring that leaves the first one: it would add to the area."""
    outline = Area(((rings[0],),))
    for at, ring in enumerate(rings[1:], 2):
        called = f"{name}ring {at}"
        called = called[0].upper() + called[1:]
        for number, (start, end) in enumerate(pairwise(ring), 1):
            if not outline.contains(*start):
                where = f"at position {number}"
            elif leaves(outline, start, end):
                where = f"between positions {number} and {number + 1}"
            else:
                continue
            raise RefusedValueError(
                f"{called} is not within ring 1 {where}, and all rings after the first are holes. Several outlines are "
                "a MultiPolygon."
            )
    return tuple(rings)


def _all(named: Sequence[tuple[str, Any]]) -> int:
    every = (ring for _, rings in named if isinstance(rings, list) for ring in rings)
    return sum(len(ring) - 1 for ring in every if isinstance(ring, list) and ring)


def _ring(name: str, given: Any) -> Ring:
    """Read a ring."""
    called = name[0].upper() + name[1:]
    if not isinstance(given, list) or len(given) < 4:
        got = len(given) if isinstance(given, list) else "no list"
        raise RefusedValueError(f"{called} must be a list of four or more positions (got {got}).")
    ring = tuple(_positions(called, given))
    if ring[0] != ring[-1]:
        first, last = given[0][:2], given[-1][:2]
        raise RefusedValueError(
            f"{called} is open: it begins at {first} and ends at {last}. Repeat its first position."
        )
    longitudes = [x for x, _ in ring]
    if max(longitudes) - min(longitudes) > to_units(180):
        raise RefusedValueError(
            f"{called} spans more than 180 degrees of longitude. Cut a polygon that crosses the antimeridian there, "
            "into a MultiPolygon, as RFC 7946 (3.1.9) has it; for a larger area use bbox or several polygons."
        )
    return ring


def _positions(called: str, given: list[Any]) -> Iterator[tuple[int, int]]:
    for at, position in enumerate(given, 1):
        if not isinstance(position, list) or not 2 <= len(position) <= 3 or not all(map(_is_number, position)):
            raise RefusedValueError(
                f"{called}, position {at} must be [longitude, latitude] (got {str(position)[:60]})."
            )
        longitude, latitude = position[:2]
        for what, value, most in (("longitude", longitude, 180), ("latitude", latitude, 90)):
            if not -most <= value <= most:
                message = f"{called}, position {at}: {what} must be from -{most} to {most} (got {value})."
                swapped = " The order is longitude, latitude." if what == "latitude" else ""
                raise RefusedValueError(message + swapped, code="out_of_range")
        yield to_units(longitude), to_units(latitude)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
