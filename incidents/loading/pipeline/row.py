"""One row while it is read: its cells, what is wrong with them, and what is worth a remark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from incidents.loading.errors import BadCell, RowFault, shortened
from incidents.loading.profiles.cell_values import CACHE_SIZE, Reader
from incidents.loading.profiles.header import HeaderColumns

T = TypeVar("T")

SHORTENED = "rows with a text too long for its field, shortened: {}"


class RowCells:
    """Collects every wrong cell of a row, so that all of them are reported at once."""

    __slots__ = ("cells", "line", "problems", "remarks")

    def __init__(self, line: int, cells: list[str]) -> None:
        self.line, self.cells = line, cells
        self.problems: list[RowFault] = []
        self.remarks: list[str] = []

    def get(self, read: Reader) -> Any:
        """Return what a reader makes of the cells; None, and a problem more, where that cannot be."""
        try:
            return read(self.cells)
        except BadCell as bad:
            self.fault(bad.column, bad.value, bad.expected)
            return None

    def get_all(self, readers: Sequence[tuple[str, Reader]]) -> dict[str, Any]:
        """Return what each reader makes of the cells, by name."""
        cells = self.cells
        try:
            return {name: read(cells) for name, read in readers}
        except BadCell:
            return {name: self.get(read) for name, read in readers}

    def fault(self, column: str, value: str, expected: str) -> None:
        """Note that a cell is wrong; one cell is reported once, however many fields read it."""
        if not any(each.column == column for each in self.problems):
            self.problems.append(RowFault(self.line, column, value, expected))

    def fitting(self, text: str | None, longest: int, field: str) -> str:
        """Return a text that fits its field; what is cut off is marked and remarked on."""
        if text is None or len(text) <= longest:
            return text or ""
        self.remarks.append(SHORTENED.format(field))
        return shortened(text, longest)


RowReader = Callable[[RowCells], T]
"""Makes something of a row."""


def cached(columns: HeaderColumns, bind: Callable[[HeaderColumns], RowReader[T]]) -> RowReader[T]:
    """Bind a part of a row to the columns, and reuse what it made of rows that say the same in all it reads.

    Most rows repeat the place, the dates, the sides of others, so this is what makes a load fast. What comes with a
    problem or a remark is made anew for each row, and what is cached must not be changed by who gets it.
    """
    own_columns = columns.unread_copy()
    make = bind(own_columns)
    indexes = own_columns.read
    columns.have_read(indexes)
    key = itemgetter(*indexes) if indexes else lambda cells: None
    cache: dict[Any, T] = {}

    def read(row: RowCells) -> T:
        texts = key(row.cells)
        try:
            return cache[texts]
        except KeyError:
            pass
        before = len(row.problems) + len(row.remarks)
        made = make(row)
        if len(row.problems) + len(row.remarks) == before:
            if len(cache) >= CACHE_SIZE:
                cache.clear()
            cache[texts] = made
        return made

    return read
