"""The assignment of rows to columns with the least sum of costs, by the Hungarian method with potentials."""

from __future__ import annotations

from collections.abc import Sequence

Costs = Sequence[Sequence[float]]
INFINITE = float("inf")


def cheapest(costs: Costs) -> list[int]:
    """Return the column of each row under which the sum of costs is least; there are at least as many columns."""
    width = len(costs[0]) if costs else 0
    # Rows and columns count from 1; column 0 stands for the row that is to be matched.
    row_of, rows, columns = [0] * (width + 1), [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    for row in range(1, len(costs) + 1):
        row_of[0] = row
        _match(costs, row_of, rows, columns)
    column_of = {row: column for column, row in enumerate(row_of[1:])}
    return [column_of[row] for row in range(1, len(costs) + 1)]


def _match(costs: Costs, row_of: list[int], rows: list[float], columns: list[float]) -> None:
    """Match one more row, and others anew where that is cheaper; `rows` and `columns` are the potentials."""
    least, way, unseen, at = [INFINITE] * len(columns), [0] * len(columns), list(range(1, len(columns))), 0
    seen = [0]
    while row := row_of[at]:
        for column in unseen:
            reduced = costs[row - 1][column - 1] - rows[row] - columns[column]
            if reduced < least[column]:
                least[column], way[column] = reduced, at
        at = min(unseen, key=least.__getitem__)
        delta = least[at]
        for column in seen:
            rows[row_of[column]] += delta
            columns[column] -= delta
        for column in unseen:
            least[column] -= delta
        unseen.remove(at)
        seen.append(at)
    while at:
        row_of[at], at = row_of[way[at]], way[at]
