"""Boxes and circles on the globe as conditions on latitude and longitude."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from incidents.ledger.grid import Cover, cover

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG); a sphere is within 0.6 % of the ellipsoid."""


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

    @cached_property
    def cover(self) -> Cover:
        """Grid cells that cover the box."""
        return cover((west, self.south, east, self.north) for west, east in self.spans())

    def spans(self) -> list[tuple[float, float]]:
        """Longitude intervals of the box: two if it crosses the antimeridian."""
        if self.west <= self.east:
            return [(self.west, self.east)]
        return [(self.west, 180.0), (-180.0, self.east)]

    def condition(self) -> tuple[str, list[float]]:
        """SQL condition and parameters: a point is in the box, and in its circle if there is one."""
        spans = self.spans()
        across = " OR ".join(["longitude >= %s AND longitude <= %s"] * len(spans))
        inside = f"latitude >= %s AND latitude <= %s AND ({across})"
        params = [self.south, self.north, *(bound for span in spans for bound in span)]
        if self.centre is None:
            return inside, params
        circle, circle_params = self._circle(*self.centre)
        return f"{inside} AND {circle}", [*params, *circle_params]

    def _circle(self, longitude: float, latitude: float) -> tuple[str, list[float]]:
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
