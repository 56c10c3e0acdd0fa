"""When a row says it was: an interval, how precisely it is known, the time of day, and what else the file says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from incidents.loading.dates.readings import DateReading, latest_today, month_end, precision_of
from incidents.loading.pipeline.row import RowCells
from incidents.loading.profiles.cell_values import ConstantValue, first_column
from incidents.loading.profiles.date_keys import DateKeys
from incidents.loading.profiles.header import HeaderColumns

EARLIEST = date(1900, 1, 1)
"""Days before this one are reported where the dataset does not say from when on it has any."""

FROM_FILE = "From the file: "
"""Begins a remark on the date that a load made: another load may replace it, but none of the editors'."""

SHORT_YEARS = "rows whose year has two digits; read as one of {} to {}, and never in the future"
END_TIME = "rows with a time of day at the end; it is in the remark on the date"
FUTURE = "rows with a day in the future"


class IntervalReader:
    """Reads start, end and precision from columns of their own, or from year, month and day.

    `begins` is the first day of the dataset's coverage, if that is known.
    """

    def __init__(self, keys: DateKeys, columns: HeaderColumns, begins: date | None = None) -> None:
        self._start, self._end = keys.start.bind(columns), keys.end.bind(columns)
        self._precision = keys.precision.bind(columns)
        self._has_end = keys.end != ConstantValue(None)
        self._column = first_column(keys.end) or first_column(keys.start)
        self._parts = [value.bind(columns) for value in keys.parts]
        self._part_columns = [first_column(value) for value in keys.parts]
        self._widen = keys.widen
        self._first_short = keys.pivot or latest_today().year - 99
        self._today, self._begins, self._is_covered = latest_today(), begins or EARLIEST, begins is not None
        self._early = f"rows with a day before {self._begins}" + (
            ", when the coverage of the dataset begins" if begins else ""
        )

    def read(self, row: RowCells) -> dict[str, Any]:
        """Return the fields that tell when, and in `begun` what the start is read as; a wrong one is a problem."""
        first = last = None
        if self._parts:
            start, end = self._from_parts(row)
        else:
            first = row.get(self._start)
            last = row.get(self._end) if self._has_end else first
            start, end = first and first.start, last and last.end
        if start and end and start > end:
            row.fault(self._column, end.isoformat(), f"a day not before the start, {start}")
        said = [*self._said(row, first, last), *self._odd(row, (start, last.start if last else None))]
        precision = row.get(self._precision) or precision_of(start, end)
        if start and end and (by := self._widen.get(precision)):
            start, end = _widened(start, end, by)
        return {
            "date_start": start,
            "date_end": end,
            "date_precision": precision,
            "date_remark": f"{FROM_FILE}{'; '.join(said)}." if said else "",
            "begun": first,
        }

    def _said(self, row: RowCells, first: DateReading | None, last: DateReading | None) -> Iterator[str]:
        """Yield what the file says of the date that has no field of its own."""
        readings = [each for each in dict.fromkeys((first, last)) if each]
        if any(each.is_short for each in readings):
            row.remarks.append(SHORT_YEARS.format(self._first_short, self._first_short + 99))
        for each in readings:
            if each.words:
                yield f'"{each.words}"'
        if first and first.offset:
            yield f"offset from UTC {first.offset}"
        if last and last.time and last != first:
            row.remarks.append(END_TIME)
            yield f"ended at {' '.join(each for each in (last.time, last.zone or last.offset) if each)}"

    def _odd(self, row: RowCells, days: Sequence[date | None]) -> Iterator[str]:
        """Yield what is odd about some days."""
        known = [day for day in days if day]
        if any(day > self._today for day in known):
            row.remarks.append(FUTURE)
            yield "a day in the future"
        if any(day < self._begins for day in known):
            row.remarks.append(self._early)
            yield "a day before the coverage of the dataset" if self._is_covered else "a day before 1900"

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
        return first, month_end(year, month or 12)


def _widened(start: date, end: date, by: int | str) -> tuple[date, date]:
    """Return an interval that holds another one: so many days more on each side, or whole months or years."""
    if isinstance(by, int):
        return start - timedelta(days=by), end + timedelta(days=by)
    if by == "year":
        return start.replace(month=1, day=1), end.replace(month=12, day=31)
    return start.replace(day=1), month_end(end.year, end.month)
