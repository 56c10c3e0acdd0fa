"""Units of time, as numbers that follow each other: of a day in Python, of a column of days in SQL, and as words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

DAYS_BEFORE = 305
"""Days from 1 March of the year 0 to 31 December of it: a year that begins in March has its odd day at its end."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of time; `day` is always an ordinal (1 is 0001-01-01), `number` the unit's own."""

    name: str
    of: Callable[[int], int]
    """Day → number of the unit that holds it."""
    first: Callable[[int], int]
    """Number → its first day."""
    label: Callable[[int], str]
    """Number → as ISO 8601 writes it, as far as it does."""
    sql: Callable[[str], str]
    """Expression of a day → expression of the number, with % doubled as drivers want it."""

    def last(self, number: int) -> int:
        """Last day of a unit, inclusive."""
        return self.first(number + 1) - 1


def _month_of(day: int) -> int:
    on = date.fromordinal(day)
    return on.year * 12 + on.month - 1


def _first_of_month(number: int) -> int:
    if number >= 120_000:  # the month after the last that dates know
        return date.max.toordinal() + 1
    return date(number // 12, number % 12 + 1, 1).toordinal()


def _month_sql(day: str) -> str:
    """Count months with whole numbers alone, which both databases do alike and faster than their own dates.

    Centuries are taken off first, then years, then months of 153 days to five.
    """
    fourfold = f"(4 * ({day} + {DAYS_BEFORE}) + 3)"
    in_century = f"((({fourfold} %% 146097) / 4) * 4 + 3)"
    months = f"(5 * (({in_century} %% 1461) / 4) + 2) / 153"
    return f"(({fourfold} / 146097) * 1200 + ({in_century} / 1461) * 12 + {months} + 2)"


def _month_label(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _week_label(number: int) -> str:
    year, week, _ = date.fromordinal(number * 7 + 1).isocalendar()
    return f"{year:04}-W{week:02}"


def _months(name: str, length: int, label: Callable[[int], str]) -> Unit:
    """A unit of this many months."""
    return Unit(
        name,
        of=lambda day: _month_of(day) // length,
        first=lambda number: _first_of_month(number * length),
        label=label,
        sql=lambda day: f"({_month_sql(day)} / {length})",
    )


UNITS: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        Unit(
            "day",
            of=lambda day: day,
            first=lambda number: number,
            label=lambda number: date.fromordinal(number).isoformat(),
            sql=lambda day: day,
        ),
        Unit(  # 0001-01-01 was a Monday
            "week",
            of=lambda day: (day - 1) // 7,
            first=lambda number: number * 7 + 1,
            label=_week_label,
            sql=lambda day: f"(({day} - 1) / 7)",
        ),
        _months("month", 1, _month_label),
        _months("quarter", 3, lambda number: f"{number // 4:04}-Q{number % 4 + 1}"),
        _months("year", 12, lambda number: f"{number:04}"),
    )
}
