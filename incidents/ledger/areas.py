"""Areas of polygons on the map, and the exact test of points on both databases.

Coordinates are whole ten-millionths of a degree, a centimetre: all arithmetic is exact, so both databases tell the same
of any point. Edges are straight on the map of longitudes and latitudes, as GeoJSON has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

UNITS = 10_000_000
"""To the degree."""

BANDS = 64
"""Strips of latitude by which the edges near a point are found."""

FUNCTION = "within_area"

Vertex = tuple[int, int]
Ring = tuple[Vertex, ...]
"""Longitude and latitude of each vertex in units; the last is the first again."""


class Edge(NamedTuple):
    """A side of a polygon, from its southern end to its northern one, in units."""

    polygon: int
    x1: int
    y1: int
    x2: int
    y2: int

    def side(self, x: int | Fraction, y: int | Fraction) -> int | Fraction:
        """Tell where a point of a latitude of the edge is: negative to the east of it, 0 on its line."""
        if x < min(self.x1, self.x2):
            return 1
        if x > max(self.x1, self.x2):
            return -1
        return (self.x2 - self.x1) * (y - self.y1) - (x - self.x1) * (self.y2 - self.y1)


# The same as `Edge.side`: that both ends of a side are within 180 degrees keeps the products within 64 bits.
_ON_POSTGRESQL = (
    "EXISTS (SELECT 1 FROM (SELECT polygon, y2 > py AS crosses, CASE WHEN px < least(x1, x2) THEN 1 "
    "WHEN px > greatest(x1, x2) THEN -1 ELSE (x2 - x1) * (py - y1) - (px - x1) * (y2 - y1) END AS side "
    "FROM (SELECT round(longitude * 1e7::float8)::bigint AS px, round(latitude * 1e7::float8)::bigint AS py) AS point "
    "CROSS JOIN unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) "
    "AS edge (polygon, x1, y1, x2, y2) WHERE y1 <= py AND py <= y2) AS near GROUP BY polygon "
    "HAVING bool_or(side = 0) OR count(*) FILTER (WHERE crosses AND side > 0) %% 2 = 1)"
)


@dataclass(frozen=True)
class Area:
    """Polygons of rings; a point is in one if it is within an odd number of its rings, or on the edge of any."""

    polygons: tuple[tuple[Ring, ...], ...]

    @cached_property
    def edges(self) -> list[Edge]:
        """The sides of all rings."""
        return [
            Edge(number, *start, *end) if start[1] <= end[1] else Edge(number, *end, *start)
            for number, rings in enumerate(self.polygons)
            for ring in rings
            for start, end in pairwise(ring)
        ]

    def contains(self, x: int | Fraction, y: int | Fraction) -> bool:
        """Tell whether a point in units is in the area."""
        odd: set[int] = set()
        for edge in self._near(y):
            if not edge.y1 <= y <= edge.y2:
                continue
            side = edge.side(x, y)
            if side == 0:
                return True
            if side > 0 and y < edge.y2:
                odd ^= {edge.polygon}
        return bool(odd)

    def box(self) -> tuple[float, float, float, float]:
        """A box around it in degrees: west, south, east, north; west > east crosses the antimeridian.

        It is a unit wider than the area, for points that are rounded into that.
        """
        rings = [ring for rings in self.polygons for ring in rings]
        latitudes = [y for ring in rings for _, y in ring]
        west, east = _around(sorted((min(x for x, _ in ring), max(x for x, _ in ring)) for ring in rings))
        south, north = max(min(latitudes) - 1, -90 * UNITS), min(max(latitudes) + 1, 90 * UNITS)
        west, east = max(west - 1, -180 * UNITS), min(east + 1, 180 * UNITS)
        return west / UNITS, south / UNITS, east / UNITS, north / UNITS

    def condition(self, vendor: str) -> tuple[str, list[str]]:
        """SQL condition and parameters: a point is in the area."""
        if vendor == "sqlite":
            return f"{FUNCTION}(longitude, latitude, %s)", [orjson.dumps(self.polygons).decode()]
        columns = zip(*self.edges, strict=True)
        return _ON_POSTGRESQL, [f"{{{','.join(map(str, column))}}}" for column in columns]

    def _near(self, y: int | Fraction) -> Sequence[Edge]:
        south, height, bands = self._bands
        return bands.get(int((y - south) // height), ())

    @cached_property
    def _bands(self) -> tuple[int, int, dict[int, list[Edge]]]:
        south = min(edge.y1 for edge in self.edges)
        height = (max(edge.y2 for edge in self.edges) - south) // BANDS + 1
        bands: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            for band in range((edge.y1 - south) // height, (edge.y2 - south) // height + 1):
                bands[band].append(edge)
        return south, height, dict(bands)


def leaves(area: Area, start: Vertex, end: Vertex) -> bool:
    """Tell whether a part of the line between two points of an area is outside of it."""
    (x1, y1), (x2, y2) = start, end
    dx, dy = x2 - x1, y2 - y1
    met = {Fraction(0), Fraction(1)}
    for edge in area.edges:
        if (
            edge.y2 < min(y1, y2)
            or edge.y1 > max(y1, y2)
            or max(edge.x1, edge.x2) < min(x1, x2)
            or min(edge.x1, edge.x2) > max(x1, x2)
        ):
            continue
        ex, ey = edge.x2 - edge.x1, edge.y2 - edge.y1
        if across := dx * ey - dy * ex:
            met.add(Fraction((edge.x1 - x1) * ey - (edge.y1 - y1) * ex, across))
        else:  # parallel: on one line or apart
            ends = ((edge.x1, edge.y1), (edge.x2, edge.y2))
            met.update(_along(dx, dy, x - x1, y - y1) for x, y in ends)
    parts = pairwise(sorted(at for at in met if 0 <= at <= 1))
    middles = ((before + after) / 2 for before, after in parts)
    return not all(area.contains(x1 + dx * at, y1 + dy * at) for at in middles)


def _along(dx: int, dy: int, x: int, y: int) -> Fraction:
    """Where along a direction a point of it is; 0 for a direction of no length."""
    return Fraction(x, dx) if dx else Fraction(y, dy) if dy else Fraction(0)


def _around(spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The shortest stretch of longitudes that holds all of these, eastwards from its west, in units."""
    merged: list[list[int]] = []
    for west, east in spans:
        if merged and west <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], east)
        else:
            merged.append([west, east])
    turn = 360 * UNITS
    gaps = [(after[0] - before[1], before[1], after[0]) for before, after in pairwise(merged)]
    gaps.append((merged[0][0] + turn - merged[-1][1], merged[-1][1], merged[0][0]))
    _, east, west = max(gaps)
    return west, east


def to_units(degrees: float) -> int:
    """Degrees as whole units; PostgreSQL rounds alike, half to even."""
    return round(degrees * UNITS)


def _of_text(text: str) -> Area:
    return Area(tuple(tuple(tuple((x, y) for x, y in ring) for ring in rings) for rings in orjson.loads(text)))


_known = lru_cache(maxsize=32)(_of_text)


def _within_area(longitude: float | None, latitude: float | None, text: str) -> bool:
    if longitude is None or latitude is None:
        return False
    return _known(text).contains(to_units(longitude), to_units(latitude))


def _register(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 3, _within_area, deterministic=True)


def prepare_connections() -> None:
    """Let SQLite test points by a function of ours; an edge a row, as PostgreSQL does it, takes it far longer."""
    connection_created.connect(_register, dispatch_uid="areas")
