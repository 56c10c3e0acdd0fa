"""A grid of the world with three cell sizes, for bounding boxes: one index per size, by cell and day.

Any box is covered by few cells of one of the sizes, so its newest incidents are those of its cells, merged, however
many or few it holds. Nothing that a cell holds beyond the box is shown: the box itself is tested too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import NamedTuple

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
