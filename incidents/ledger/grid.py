"""Boxes and circles on the globe, and cells of three sizes that find what is in them: an index a size, by the day.

Any box is covered by few cells of one of the sizes, so its newest incidents are those of its cells, merged, however
many or few it holds. Nothing that a cell holds beyond the box is shown: the box itself is tested too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import floor
from typing import Any, NamedTuple

from incidents.ledger.areas import Area

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG); a sphere is within 0.6 % of the ellipsoid."""

MOST = 16
"""Maximum number of cells to scan in parallel; beyond it a larger cell size is used."""


@dataclass(frozen=True, slots=True)
class Level:
    """One cell size: the index column with the cell number, and the indexes that start with it."""

    name: str
    degrees: float

    @property
    def column(self) -> str:
        """Name of the index column with the cell number at this level."""
        return f"cell_{self.name}"

    @property
    def index(self) -> str:
        """Name of the database index by cell and day."""
        return f"inc_in_{self.name}"

    @property
    def long_index(self) -> str:
        """Name of the database index of long intervals by cell and day."""
        return f"inc_long_in_{self.name}"

    def cell(self, longitude: float, latitude: float) -> int:
        """Number of the cell that contains a point."""
        return self._number(self._at(latitude, 90), self._at(longitude, 180))

    def cells(self, west: float, south: float, east: float, north: float) -> Iterator[int]:
        """Yield the cells that hold any point of a box that does not cross the antimeridian."""
        for row in range(self._at(south, 90), self._at(north, 90) + 1):
            for column in range(self._at(west, 180), self._at(east, 180) + 1):
                yield self._number(row, column)

    def number_of(self, west: float, south: float, east: float, north: float) -> int:
        """Number of cells of this level that a box overlaps."""
        rows = self._at(north, 90) - self._at(south, 90) + 1
        return rows * (self._at(east, 180) - self._at(west, 180) + 1)

    def _at(self, degrees: float, edge: int) -> int:
        return floor((degrees + edge) / self.degrees)

    def _number(self, row: int, column: int) -> int:
        # One column more than 360 degrees fill, for points at 180 exactly.
        return row * (floor(360 / self.degrees) + 1) + column


LEVELS = (
    Level("small", 0.25),
    Level("middling", 2),
    Level("large", 16),
)
"""From a town to a continent; each size is eight times the one before, so a box is at worst one in ten of its cells."""


class Cover(NamedTuple):
    """The cells of one size that hold a box."""

    level: Level
    cells: list[int]

    @property
    def is_few(self) -> bool:
        """True if the cells can be scanned in parallel; false for a large part of the world."""
        return len(self.cells) <= MOST

    @property
    def condition(self) -> str:
        """SQL condition for entries in the cells; it has no parameters, because the numbers are our own."""
        return f"{self.level.column} IN ({', '.join(map(str, self.cells))})"


@lru_cache(maxsize=16_384)
def cells_of(longitude: float | None, latitude: float | None) -> tuple[int | None, ...]:
    """Cell of a point at each level; None without a point."""
    if longitude is None or latitude is None:
        return (None,) * len(LEVELS)
    return tuple([level.cell(longitude, latitude) for level in LEVELS])


def cover(boxes: Iterable[tuple[float, float, float, float]]) -> Cover:
    """Cells that cover all of these boxes, at the smallest size with few enough cells."""
    boxes = list(boxes)
    for level in LEVELS:
        if level is LEVELS[-1] or sum(level.number_of(*box) for box in boxes) <= MOST:
            return Cover(level, sorted({cell for box in boxes for cell in level.cells(*box)}))
    raise AssertionError("The last level takes what no other does.")


@dataclass(frozen=True)
class Box:
    """Degrees, WGS 84; where west > east it crosses the antimeridian. With a centre it is the circle's own box."""

    west: float
    south: float
    east: float
    north: float
    centre: tuple[float, float] | None = None
    """Longitude, latitude."""
    radius_km: float = 0.0
    area: Area | None = None
    """Polygons that the points must be in besides."""

    @cached_property
    def cover(self) -> Cover:
        """Grid cells that cover the box."""
        return cover((west, self.south, east, self.north) for west, east in self.spans())

    def spans(self) -> list[tuple[float, float]]:
        """Longitude intervals of the box: two if it crosses the antimeridian."""
        if self.west <= self.east:
            return [(self.west, self.east)]
        return [(self.west, 180.0), (-180.0, self.east)]

    def condition(self, vendor: str) -> tuple[str, list[Any]]:
        """SQL condition and parameters: a point is in the box, and in its circle and its area if there are any."""
        spans = self.spans()
        across = " OR ".join(["longitude >= %s AND longitude <= %s"] * len(spans))
        inside = f"latitude >= %s AND latitude <= %s AND ({across})"
        params: list[Any] = [self.south, self.north, *(bound for span in spans for bound in span)]
        exact: list[tuple[str, list[Any]]] = []
        if self.centre is not None:
            exact.append(self._circle(*self.centre))
        if self.area is not None:
            exact.append(self.area.condition(vendor))
        for condition, more in exact:
            inside, params = f"{inside} AND {condition}", [*params, *more]
        return inside, params

    def _circle(self, longitude: float, latitude: float) -> tuple[str, list[Any]]:
        """Compare haversines instead of distances: sin²(distance / 2R) grows with the distance."""
        phi = math.radians(latitude)
        haversine = (
            "POWER(SIN((RADIANS(latitude) - %s) / 2), 2) "
            "+ %s * COS(RADIANS(latitude)) * POWER(SIN((RADIANS(longitude) - %s) / 2), 2) <= %s"
        )
        widest = math.sin(min(self.radius_km / EARTH_RADIUS_KM, math.pi) / 2) ** 2
        return haversine, [phi, math.cos(phi), math.radians(longitude), widest]


def circle_box(centre: tuple[float, float], radius_km: float) -> Box:
    """Bounding box of a circle; it spans all longitudes if the circle contains a pole."""
    longitude, latitude = centre
    reach = math.degrees(radius_km / EARTH_RADIUS_KM)
    south, north = latitude - reach, latitude + reach
    if south <= -90 or north >= 90 or reach >= 90:
        return Box(-180.0, max(south, -90.0), 180.0, min(north, 90.0), centre, radius_km)
    across = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(latitude)))))
    if across >= 180:
        return Box(-180.0, south, 180.0, north, centre, radius_km)
    return Box(_wrapped(longitude - across), south, _wrapped(longitude + across), north, centre, radius_km)


def _wrapped(longitude: float) -> float:
    return (longitude + 180.0) % 360.0 - 180.0
