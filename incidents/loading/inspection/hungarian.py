"""The assignment of rows to columns with the least sum of costs, by the Hungarian method with potentials."""

from __future__ import annotations

from collections.abc import Sequence

Costs = Sequence[Sequence[float]]
INFINITE = float("inf")


def cheapest(costs: Costs) -> list[int]:
    """Return the column of each row under which the sum of costs is least; there are at least as many columns."""
    return _Matching(costs).columns() if costs else []


class _Matching:
    """Rows matched so far. Rows and columns count from 1; column 0 stands for the row that is to be matched."""

    def __init__(self, costs: Costs) -> None:
        self._costs, self._width = costs, len(costs[0])
        self._row_potential = [0.0] * (len(costs) + 1)
        self._column_potential = [0.0] * (self._width + 1)
        self._row_of = [0] * (self._width + 1)

    def columns(self) -> list[int]:
        """Match every row; returns their columns, from 0."""
        for row in range(1, len(self._costs) + 1):
            self._match(row)
        found = [0] * len(self._costs)
        for column, row in enumerate(self._row_of[1:]):
            if row:
                found[row - 1] = column
        return found

    def _match(self, row: int) -> None:
        self._row_of[0], at = row, 0
        self._least, self._way = [INFINITE] * (self._width + 1), [0] * (self._width + 1)
        self._seen = [False] * (self._width + 1)
        while self._row_of[at]:
            self._seen[at] = True
            at = self._nearest(at)
        while at:
            self._row_of[at], at = self._row_of[self._way[at]], self._way[at]

    def _nearest(self, at: int) -> int:
        """Return the column that is reached at the least cost, and lower the potentials by that."""
        row = self._row_of[at]
        costs, base = self._costs[row - 1], self._row_potential[row]
        unseen = [column for column in range(1, self._width + 1) if not self._seen[column]]
        for column in unseen:
            reduced = costs[column - 1] - base - self._column_potential[column]
            if reduced < self._least[column]:
                self._least[column], self._way[column] = reduced, at
        nearest = min(unseen, key=self._least.__getitem__)
        delta = self._least[nearest]
        for column in range(self._width + 1):
            if self._seen[column]:
                self._row_potential[self._row_of[column]] += delta
                self._column_potential[column] -= delta
            else:
                self._least[column] -= delta
        return nearest
