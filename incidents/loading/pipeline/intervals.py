"""When a row says it was: an interval and how precisely it is known."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

from incidents.loading.pipeline.row import RowCells
from incidents.loading.profiles.cell_values import ConstantValue, first_column
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.keys import DateKeys

LONGEST = (("day", 1), ("days", 6), ("week", 7), ("month", 31), ("year", 366))
"""The precision of an interval by its length in days, where the file gives no precision."""


class DateReader:
    """Reads start, end and precision from columns of their own, or from year, month and day."""

    def __init__(self, keys: DateKeys, columns: HeaderColumns) -> None:
        self._start, self._end = keys.start.bind(columns), keys.end.bind(columns)
        self._precision = keys.precision.bind(columns)
        self._has_end = keys.end != ConstantValue(None)
        self._column = first_column(keys.end) or first_column(keys.start)
        self._parts = [value.bind(columns) for value in keys.parts]
        self._part_columns = [first_column(value) for value in keys.parts]
        self._widen = keys.widen

    def read(self, row: RowCells) -> dict[str, Any]:
        """Return the fields that tell when; a wrong one is a problem of the row."""
        start, end = self._from_parts(row) if self._parts else self._from_days(row)
        if start and end and start > end:
            row.fault(self._column, end.isoformat(), f"a day not before the start, {start}")
        precision = row.get(self._precision) or precision_of(start, end)
        if start and end and (by := self._widen.get(precision)):
            start, end = _widened(start, end, by)
        return {"date_start": start, "date_end": end, "date_precision": precision}

    def _from_days(self, row: RowCells) -> tuple[date | None, date | None]:
        start = row.get(self._start)
        return start, row.get(self._end) if self._has_end else start

    def _from_parts(self, row: RowCells) -> tuple[date | None, date | None]:
        year, month, day = (row.get(read) for read in self._parts)
        if not year:
            return None, None
        try:
            first = date(year, month or 1, (month and day) or 1)
        except ValueError:
            if month and not 1 <= month <= 12:
                row.fault(self._part_columns[1], str(month), "a month from 1 to 12")
            else:
                row.fault(self._part_columns[2], f"{year}-{month}-{day}", "a day that is in the calendar")
            return None, None
        if month and day:
            return first, first
        last_month = month or 12
        return first, date(year, last_month, calendar.monthrange(year, last_month)[1])


def _widened(start: date, end: date, by: int | str) -> tuple[date, date]:
    """Return an interval that holds another one: so many days more on each side, or whole months or years."""
    if isinstance(by, int):
        return start - timedelta(days=by), end + timedelta(days=by)
    if by == "year":
        return start.replace(month=1, day=1), end.replace(month=12, day=31)
    return start.replace(day=1), end.replace(day=calendar.monthrange(end.year, end.month)[1])


def precision_of(start: date | None, end: date | None) -> str:
    """Return the precision that the length of an interval amounts to."""
    if start is None or end is None:
        return "unknown"
    days = (end - start + timedelta(days=1)).days
    return next((precision for precision, longest in LONGEST if days <= longest), "unknown")
