"""Boxes and circles on the globe as conditions on latitude and longitude."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.db.models.lookups import LessThanOrEqual

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

    def spans(self) -> list[tuple[float, float]]:
        """Return the box's intervals of longitude: two where it crosses the antimeridian."""
        if self.west <= self.east:
            return [(self.west, self.east)]
        return [(self.west, 180.0), (-180.0, self.east)]

    def condition(self) -> Q:
        """Return the condition that a point lies in the box, and in the circle if there is one."""
        across = Q()
        for west, east in self.spans():
            across |= Q(longitude__gte=west, longitude__lte=east)
        inside = Q(latitude__gte=self.south, latitude__lte=self.north) & across
        return inside & self._in_circle() if self.centre else inside

    def _in_circle(self) -> Q:
        longitude, latitude = self.centre or (0.0, 0.0)
        phi = math.radians(latitude)
        half_phi = (Radians(F("latitude")) - Value(phi, FloatField())) / Value(2.0)
        half_lambda = (Radians(F("longitude")) - Value(math.radians(longitude), FloatField())) / Value(2.0)
        chord = Power(Sin(half_phi), 2) + Value(math.cos(phi), FloatField()) * Cos(Radians(F("latitude"))) * Power(
            Sin(half_lambda), 2
        )
        distance = Value(2 * EARTH_RADIUS_KM) * ASin(Least(Value(1.0), Sqrt(chord)))
        return Q(LessThanOrEqual(distance, Value(self.radius_km)))


def circle_box(centre: tuple[float, float], radius_km: float) -> Box:
    """Return the box around a circle; it takes in all longitudes where the circle holds a pole."""
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
