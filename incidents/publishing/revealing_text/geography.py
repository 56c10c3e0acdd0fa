"""Points on earth: how far apart they are, and where codes of map grids lie, exact enough to say what is near."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from incidents.publishing.revealing_text.findings import Point

NEAR_KM = 30.0
"""Distance up to which a point or a place says where the hidden one is."""

_EARTH_KM = 6371.0
_KM_PER_DEGREE = 111.32
_GEOHASH = "0123456789bcdefghjkmnpqrstuvwxyz"
_PLUS_CODE = "23456789CFGHJMPQRVWX"
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"


def distance_km(one: Point, other: Point) -> float:
    """Kilometres between two points, on a sphere."""
    (north, east), (other_north, other_east) = one, other
    half = sin(radians(other_north - north) / 2) ** 2
    half += cos(radians(north)) * cos(radians(other_north)) * sin(radians(other_east - east) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


def nearest_km(point: Point, others: Iterable[Point]) -> float | None:
    """Kilometres to the nearest of other points; None if there are none."""
    return min((distance_km(point, other) for other in others), default=None)


class Whereabouts(NamedTuple):
    """How a point lies to the hidden ones: whether it is close, to which, and that in words."""

    close: bool
    hidden: str
    why: str


def whereabouts(point: Point | None, hidden: Sequence[Point]) -> Whereabouts:
    """Say how near a coordinate lies to the hidden points; None is one that cannot be read exactly."""
    if point is None or not hidden:
        return Whereabouts(False, "", "is a coordinate")
    nearest = min(hidden, key=lambda other: distance_km(point, other))
    away = distance_km(point, nearest)
    shown = f"{nearest[0]:g}, {nearest[1]:g}"
    if away <= NEAR_KM:
        return Whereabouts(True, shown, f"is a coordinate {away:.0f} km from the hidden point")
    return Whereabouts(False, shown, f"is a coordinate, but {away:.0f} km from the hidden point")


def of_geohash(code: str) -> Point | None:
    """Middle of a geohash; None if it is none."""
    low, high = [-90.0, -180.0], [90.0, 180.0]
    east = True
    for letter in code.lower():
        digits = _GEOHASH.find(letter)
        if digits < 0:
            return None
        for bit in (16, 8, 4, 2, 1):
            middle = (low[east] + high[east]) / 2
            (low if digits & bit else high)[east] = middle
            east = not east
    return (low[0] + high[0]) / 2, (low[1] + high[1]) / 2


def of_plus_code(code: str) -> Point | None:
    """South-west corner of a full Open Location Code; None if it is short or none."""
    digits = code.upper().replace("+", "").rstrip("0")[:10]
    if len(digits) % 2 or any(digit not in _PLUS_CODE for digit in digits) or code.find("+") != 8:
        return None
    point, size = [-90.0, -180.0], 20.0
    for at in range(0, len(digits), 2):
        point[0] += _PLUS_CODE.index(digits[at]) * size
        point[1] += _PLUS_CODE.index(digits[at + 1]) * size
        size /= 20
    return (point[0], point[1]) if point[0] <= 90 and point[1] <= 180 else None


def of_utm(zone: int, band: str, easting: float, northing: float) -> Point | None:
    """Point of UTM coordinates in metres, within some kilometres; None if it lies in no zone."""
    if not 1 <= zone <= 60:
        return None
    if band.upper() < "N":
        northing -= 10_000_000
    latitude = northing / 0.9996 / 1000 / (_KM_PER_DEGREE - 0.18)
    if abs(latitude) > 85:
        return None
    longitude = zone * 6 - 183 + (easting - 500_000) / 0.9996 / 1000 / (_KM_PER_DEGREE * cos(radians(latitude)))
    return latitude, longitude


def of_metres(easting: float, northing: float, near: Point) -> Point | None:
    """Point of metres of UTM or of Gauß and Krüger, in the zone of another point, within some kilometres."""
    latitude, longitude = near
    zone = int((longitude + 180) // 6) + 1
    if easting < 1_000_000:
        return of_utm(zone, "N" if latitude >= 0 else "C", easting, northing)
    scaled = 0.9996 * (easting % 1_000_000 - 500_000) + 500_000, 0.9996 * northing
    return of_utm(int(easting // 1_000_000) + 30, "N", *scaled)


def of_maidenhead(code: str) -> Point | None:
    """Middle of a square of the grid of radio amateurs, of six to ten signs."""
    signs = code.upper()
    point, size = [-90.0, -180.0], [10.0, 20.0]
    for at in range(0, len(signs), 2):
        for axis, sign in ((1, signs[at]), (0, signs[at + 1])):
            point[axis] += (int(sign) if sign.isdecimal() else ord(sign) - ord("A")) * size[axis]
        parts = 10 if signs[at].isalpha() else 24
        size = [each / parts for each in size]
    return (point[0], point[1]) if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


def of_mgrs(zone: int, band: str, square: str, digits: str) -> Point | None:
    """Point of a reference of the military grid, within some kilometres; None if it is none."""
    column, row = _COLUMNS[(zone - 1) % 3].find(square[0].upper()), _ROWS.find(square[1].upper())
    at = _BANDS.find(band.upper())
    if column < 0 or row < 0 or at < 0 or len(digits) % 2:
        return None
    half = len(digits) // 2
    scale = 10 ** (5 - half)
    easting = (column + 1) * 100_000 + int(digits[:half] or 0) * scale
    row = (row - (0 if zone % 2 else 5)) % 20
    northing = row * 100_000 + int(digits[half:] or 0) * scale
    begins = (at * 8 - 80) * (_KM_PER_DEGREE - 0.3) * 1000 + (10_000_000 if at < 10 else 0)
    while northing < begins - 100_000:
        northing += 2_000_000
    return of_utm(zone, band, easting, northing)
