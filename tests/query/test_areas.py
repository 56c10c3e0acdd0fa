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

from incidents.ledger.areas import Area, leaves, to_units
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


U = [[0, 0], [6, 0], [6, 6], [4, 6], [4, 2], [2, 2], [2, 6], [0, 6], [0, 0]]
"""An outline whose two arms have nothing between them."""


@pytest.mark.parametrize(
    ("hole", "refused"),
    [
        ([[1, 1], [5, 1], [3, 1.5], [1, 1]], ""),
        ([[1, 5], [5, 5], [5, 1], [1, 5]], "Ring 2 is not within ring 1 between positions 1 and 2"),
        ([[1, 1], [5, 1], [5, 5], [1, 1]], "Ring 2 is not within ring 1 between positions 3 and 4"),
        ([[2, 2], [4, 2], [3, 1], [2, 2]], ""),  # along an edge of the outline
        ([[2, 4], [3, 2], [4, 4], [2, 4]], "between positions 1 and 2"),  # from edge to edge, through nothing
        ([[1, 3], [2, 2], [4, 2], [1, 3]], "between positions 3 and 4"),  # out of one vertex
        ([[2, 6], [4, 6], [3, 1], [2, 6]], "between positions 1 and 2"),  # from vertex to vertex
        ([[1, 1], [1, 1], [5, 1], [1, 1]], ""),  # a vertex that stands twice
    ],
)
def test_a_hole_must_not_leave_its_outline_between_its_vertices(hole: Any, refused: str) -> None:
    for x, y in ((0, 1), (1, 0)):  # as it is, and mirrored
        rings = [[[position[x], position[y]] for position in ring] for ring in (U, hole)]
        polygon = json.dumps({"type": "Polygon", "coordinates": rings})
        if refused:
            with pytest.raises(RefusedValueError, match=refused):
                AreaParameter().read(polygon)
        else:
            middle = [3 * UNITS, 4 * UNITS]
            assert not AreaParameter().read(polygon).contains(middle[x], middle[y])


@given(
    outline=st.lists(st.tuples(SMALL, SMALL), min_size=3, max_size=7),
    start=st.tuples(SMALL, SMALL),
    end=st.tuples(SMALL, SMALL),
)
def test_a_line_leaves_an_area_where_a_point_of_it_is_outside(outline: list[Point], start: Point, end: Point) -> None:
    area = Area((((*outline, outline[0]),),))
    on_line = [Fraction(step, 5040 * 2) for step in range(5040 * 2 + 1)][:: 5040 // 60]
    ring = [[(Fraction(x), Fraction(y)) for x, y in (*outline, outline[0])]]
    points = [(start[0] + (end[0] - start[0]) * at, start[1] + (end[1] - start[1]) * at) for at in on_line]
    if not all(in_rings(x, y, ring) for x, y in points):
        assert leaves(area, start, end)
    elif not leaves(area, start, end):
        assert all(in_rings(x, y, ring) for x, y in points)


@pytest.mark.django_db
@pytest.mark.parametrize("backwards", [False, True])
def test_an_outline_that_crosses_itself_holds_what_its_ring_surrounds_an_odd_number_of_times(backwards: bool) -> None:
    bow = [(0, 0), (20, 20), (20, 0), (0, 20), (0, 0)]
    twice = [(0, 0), (20, 0), (20, 20), (0, 20), (0, 0), (20, 0), (20, 20), (0, 20), (0, 0)]
    points = [(2, 10), (10, 4), (18, 10), (10, 10), (10, 16)]
    for ring, expected in ((bow, [True, False, True, True, False]), (twice, [False] * 5)):
        area = Area(((tuple(ring[::-1] if backwards else ring),),))
        assert _tested(area, points) == expected
        assert [area.contains(*point) for point in points] == expected


@pytest.mark.parametrize(
    ("coordinates", "message"),
    [
        ([[SQUARE]], "Ring 1 must be a list of four or more positions (got 1)"),
        ([[[SQUARE, SQUARE], *SQUARE]], "Ring 1, position 1 must be [longitude, latitude]"),
        ([[[[[0]]], *SQUARE]], "Ring 1, position 1 must be [longitude, latitude]"),
        ([[*SQUARE, [0, 0, 0, 0]]], "Ring 1, position 5 must be [longitude, latitude]"),
        ([[*SQUARE, []]], "Ring 1, position 5 must be [longitude, latitude]"),
        ([[*SQUARE, None]], "Ring 1, position 5 must be [longitude, latitude]"),
        ([[*SQUARE, [True, False]]], "Ring 1, position 5 must be [longitude, latitude]"),
        ([[]], "Ring 1 must be a list of four or more positions (got 0)"),
        ([{}], "Ring 1 must be a list of four or more positions (got no list)"),
        ({}, "Coordinates must be a list of one or more rings"),
        ("0,0", "Coordinates must be a list of one or more rings"),
    ],
)
def test_coordinates_of_another_depth_are_refused_by_their_position(coordinates: Any, message: str) -> None:
    with pytest.raises(RefusedValueError) as refused:
        AreaParameter().read(json.dumps({"type": "Polygon", "coordinates": coordinates}))
    assert message in str(refused.value.message)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    with pytest.raises(RefusedValueError):
        AreaParameter().read(f'{{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,{number}],[0,0]]]}}')


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none_are_refused_in_a_body(client: APIClient, number: str) -> None:
    body = f'{{"within":{{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,{number}],[0,0]]]}}}}'
    answer: Any = client.post("/api/v1/incidents/search/", body, content_type="application/json")
    assert answer.status_code == 400


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(RefusedValueError):
        AreaParameter().read('{"type":"Polygon","coordinates":' + "[" * 20_000 + "]" * 20_000 + "}")


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
