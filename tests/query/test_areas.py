"""`within` finds the points of an area exactly, on both databases, and refuses what is no area by name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from incidents.ledger.areas import Area, to_units
from incidents.query.filters.areas import AreaParameter
from incidents_api.parameters.filtersets import RefusedValueError
from tests.query.oracle import in_rings

Point = tuple[int, int]
SMALL = st.integers(-3, 3).map(lambda step: step * 10)
"""Few values, so that points lie on edges and vertices and edges on one line."""
WIDE = st.integers(-900_000_000, 900_000_000)
UNITS = 10_000_000


def _rings(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[list[list[Point]]]:
    corners = st.lists(st.tuples(numbers, numbers), min_size=3, max_size=8)
    return st.lists(corners.map(lambda ring: [*ring, ring[0]]), min_size=1, max_size=3)


def _tested(area: Area, points: Sequence[Point]) -> list[bool]:
    """Ask the database."""
    condition, params = area.condition(connection.vendor)
    table = " UNION ALL ".join(["SELECT %s AS number, %s + 0.0 AS longitude, %s + 0.0 AS latitude"] * len(points))
    if connection.vendor == "postgresql":
        table = table.replace("%s + 0.0", "%s::float8")
    given = [value for at, (x, y) in enumerate(points) for value in (at, x / UNITS, y / UNITS)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM ({table}) AS points WHERE {condition}", [*given, *params])
        found = {number for (number,) in cursor.fetchall()}
    return [at in found for at in range(len(points))]


@pytest.mark.django_db
@pytest.mark.parametrize("numbers", [SMALL, WIDE], ids=["touching", "apart"])
def test_a_point_is_in_an_area_as_fractions_tell(numbers: st.SearchStrategy[int]) -> None:
    @settings(max_examples=150, deadline=None)
    @given(
        polygons=st.lists(_rings(numbers), min_size=1, max_size=2),
        points=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=12),
    )
    def tell(polygons: list[list[list[Point]]], points: list[Point]) -> None:
        area = Area(tuple(tuple(map(tuple, rings)) for rings in polygons))
        expected = [any(in_rings(Fraction(x), Fraction(y), rings) for rings in polygons) for x, y in points]
        assert _tested(area, points) == expected
        west, south, east, north = area.box()
        for (x, y), inside in zip(points, expected, strict=True):
            between = west <= x / UNITS <= east if west <= east else x / UNITS >= west or x / UNITS <= east
            assert not inside or (between and south <= y / UNITS <= north)

    tell()


@pytest.mark.django_db
def test_the_largest_area_stays_within_whole_numbers_of_the_database() -> None:
    ring = ((-180 * UNITS, -90 * UNITS), (0, -90 * UNITS), (0, 90 * UNITS), (-180 * UNITS, -90 * UNITS))
    other = ((0, -90 * UNITS), (180 * UNITS, 90 * UNITS), (0, 90 * UNITS), (0, -90 * UNITS))
    points = [
        (-1, 0),
        (179 * UNITS, 88 * UNITS),
        (170 * UNITS, -80 * UNITS),
        (180 * UNITS, 90 * UNITS),
        (90 * UNITS, 0),
    ]
    assert _tested(Area(((ring,), (other,))), points) == [True, False, False, True, True]


def test_a_box_around_both_sides_of_the_antimeridian_is_narrow() -> None:
    east = [[170, -25], [180, -25], [180, 0], [170, -25]]
    west = [[-180, -25], [-175, -25], [-180, 0], [-180, -25]]
    area = AreaParameter().read(json.dumps({"type": "MultiPolygon", "coordinates": [[east], [west]]}))
    assert area.box() == pytest.approx((170, -25, -175, 0), abs=1e-6)


def test_coordinates_are_rounded_to_seven_decimals() -> None:
    assert to_units(49.123456749) == 491234567
    assert to_units(-0.00000005) == 0


SQUARE = [[0, 0], [1, 0], [1, 1], [0, 0]]
BEYOND = [[0.5, 0.2], [3, 0.2], [0.5, 0.4], [0.5, 0.2]]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("POLYGON((0 0,1 0,1 1,0 0))", "Must be JSON"),
        ("[1,2]", "no type"),
        ({"type": "Point", "coordinates": [1, 2]}, "got 'Point'"),
        ({"type": "FeatureCollection", "features": []}, "one by one"),
        ({"type": "Feature", "geometry": None}, "no type"),
        ({"type": "Polygon"}, "list of one or more rings"),
        ({"type": "Polygon", "coordinates": []}, "list of one or more rings"),
        ({"type": "MultiPolygon", "coordinates": []}, "one or more polygons"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], []]}, "Polygon 2, coordinates"),
        ({"type": "Polygon", "coordinates": [SQUARE[:3]]}, "Ring 1 must be a list of four or more positions (got 3)"),
        ({"type": "Polygon", "coordinates": [SQUARE, [*SQUARE, [5, 5]]]}, "Ring 2 is open: it begins at [0, 0]"),
        ({"type": "Polygon", "coordinates": [[*SQUARE, [0, 91]]]}, "position 5: latitude must be from -90 to 90"),
        ({"type": "Polygon", "coordinates": [[*SQUARE, [181, 0]]]}, "position 5: longitude must be from -180 to 180"),
        ({"type": "Polygon", "coordinates": [[*SQUARE, ["0", 0]]]}, "position 5 must be [longitude, latitude]"),
        ({"type": "Polygon", "coordinates": [[*SQUARE, [0]]]}, "position 5 must be [longitude, latitude]"),
        ({"type": "Polygon", "coordinates": [SQUARE, [[5, 5], [6, 5], [6, 6], [5, 5]]]}, "Ring 2 is not within ring 1"),
        (
            {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE, BEYOND]]},
            "Polygon 2, ring 2 is not within ring 1",
        ),
        (
            {"type": "Polygon", "coordinates": [SQUARE], "crs": {"properties": {"name": "EPSG:3857"}}},
            "must be of WGS 84",
        ),
        ({"type": "Polygon", "coordinates": [[[170, 0], [-170, 0], [-170, 5], [170, 0]]]}, "antimeridian"),
        ({"type": "Polygon", "coordinates": [[[0, 0], *[[1, 1]] * 1000, [0, 0]]]}, "1000 vertices in all (got 1001)"),
    ],
)
def test_what_is_no_area_is_refused_in_words(value: Any, message: str) -> None:
    with pytest.raises(RefusedValueError) as refused:
        AreaParameter().read(value if isinstance(value, str) else json.dumps(value))
    assert message in str(refused.value.message)


def test_a_hole_may_touch_the_outline_and_wgs_84_be_named() -> None:
    touching = [[0, 0], [1, 0.5], [1, 0.9], [0, 0]]
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    area = AreaParameter().read(json.dumps({"type": "Polygon", "coordinates": [SQUARE, touching], "crs": named}))
    assert area.contains(to_units(0.9), to_units(0.1))
    assert not area.contains(to_units(0.9), to_units(0.6))


def test_a_feature_and_altitudes_are_taken() -> None:
    ring = [[*position, 100] for position in SQUARE]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    plain = AreaParameter().read(json.dumps({"type": "Polygon", "coordinates": [SQUARE]}))
    assert AreaParameter().read(json.dumps(feature)) == plain


@pytest.mark.django_db
def test_lists_of_points_take_an_area_and_others_do_not(client: APIClient) -> None:
    area = json.dumps({"type": "Polygon", "coordinates": [SQUARE]})
    for path, status in (("incidents", 200), ("locations", 200), ("incidents/aggregate", 200), ("sources", 400)):
        assert client.get(f"/api/v1/{path}/", {"within": area}).status_code == status
