"""The cells that cover a box hold every point of it, however small, large or far it is."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from incidents.ledger.grid import LEVELS, MOST, cells_of, cover

longitudes = st.floats(-180, 180) | st.integers(-180, 180).map(float)
latitudes = st.floats(-90, 90) | st.integers(-90, 90).map(float)
shares = st.floats(0, 1) | st.sampled_from((0.0, 1.0))


def between(low: float, high: float, share: float) -> float:
    return min(max(low + share * (high - low), low), high)


@given(st.tuples(longitudes, longitudes), st.tuples(latitudes, latitudes), shares, shares)
@example((180.0, 180.0), (90.0, 90.0), 0.0, 0.0)
@example((-180.0, 180.0), (-90.0, 90.0), 1.0, 1.0)
@example((37.75, 38.0), (48.25, 48.5), 1.0, 1.0)
def test_every_point_of_a_box_is_in_its_cells(
    across: tuple[float, float], up: tuple[float, float], east: float, north: float
) -> None:
    (west, east_end), (south, north_end) = sorted(across), sorted(up)
    found = cover([(west, south, east_end, north_end)])
    own = dict(zip(LEVELS, cells_of(between(west, east_end, east), between(south, north_end, north)), strict=True))
    assert own[found.level] in found.cells
    assert len(found.cells) == len(set(found.cells))
    assert found.is_few or found.level is LEVELS[-1]


def test_the_smallest_size_of_which_few_will_do_is_taken() -> None:
    sizes = {half: cover([(38 - half, 48 - half, 38 + half, 48 + half)]) for half in (0.01, 0.3, 1, 5, 20, 40)}
    assert [found.level.degrees for found in sizes.values()] == [0.25, 0.25, 2, 16, 16, 16]
    assert [found.is_few for found in sizes.values()] == [True] * 5 + [False]
    assert max(len(found.cells) for found in sizes.values() if found.is_few) <= MOST


def test_two_cells_have_two_numbers() -> None:
    for level in LEVELS:
        steps = [(-180 + level.degrees * at, -90 + level.degrees * at) for at in range(int(180 // level.degrees) + 1)]
        points = [(x, y) for x, _ in steps[::7] for _, y in steps[::5]] + [(180.0, 90.0), (180.0, -90.0)]
        assert len({level.cell(x, y) for x, y in points}) == len(points)


def test_no_point_has_no_cell() -> None:
    assert cells_of(None, None) == (None, None, None)
