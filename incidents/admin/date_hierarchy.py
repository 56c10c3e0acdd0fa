"""Going from years to months to days in a list, without reading every row for the years that there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import DateTimeField, QuerySet
from django.utils import timezone
from django.utils.dates import MONTHS

UNITS = ("year", "month", "day")


@dataclass(frozen=True, slots=True)
class Step:
    """One link: where it goes, what it says."""

    url: str
    text: str
    back: bool


class DatedChangeList(ChangeList):
    """A list whose dates are found by leaping from one to the next, each leap one look into the index."""

    def steps(self) -> list[Step]:
        """Links of the date filter: back to all dates, then years, months of the year or days of the month."""
        chosen = self._chosen()
        back = [self._step(chosen[:depth], back=True) for depth in range(len(chosen))]
        if len(chosen) == len(UNITS):
            return back
        return [*back, *(self._step((*chosen, value)) for value in self._values(UNITS[len(chosen)]))]

    def _chosen(self) -> tuple[int, ...]:
        """Year, month and day of the current filter, as far as they are set."""
        values: list[int] = []
        for unit in UNITS:
            given = self.params.get(f"{self.date_hierarchy}__{unit}", "")
            if not str(given).isdecimal():
                break
            values.append(int(given))
        return tuple(values)

    def _values(self, unit: str) -> Iterator[int]:
        name = str(self.date_hierarchy)
        rows: QuerySet[Any] = self.queryset.order_by(name).values_list(name, flat=True)
        found = rows.filter(**{f"{name}__isnull": False}).first()
        while found is not None:
            yield int(getattr(found, unit))
            after = self._after(found, unit)
            found = rows.filter(**{f"{name}__gte": after}).first() if after else None

    def _after(self, moment: date, unit: str) -> date | None:
        """First day of the next year, month or day; None at the end of the calendar."""
        year, month, day = moment.year, moment.month, moment.day
        if unit == "day":
            after = (
                date.fromordinal(date(year, month, day).toordinal() + 1)
                if (year, month, day) < (9999, 12, 31)
                else None
            )
        else:
            months = year * 12 + (12 if unit == "year" else month)
            after = date(months // 12, months % 12 + 1, 1) if months // 12 <= 9999 else None
        if after and isinstance(self.lookup_opts.get_field(str(self.date_hierarchy)), DateTimeField):
            return timezone.make_aware(datetime(after.year, after.month, after.day))  # noqa: DTZ001 - made aware here
        return after

    def _step(self, values: tuple[int, ...], *, back: bool = False) -> Step:
        known = {f"{self.date_hierarchy}__{unit}": str(value) for unit, value in zip(UNITS, values, strict=False)}
        others = [f"{self.date_hierarchy}__{unit}" for unit in UNITS[len(values) :]]
        text = "All dates"
        if len(values) == 1:
            text = str(values[0])
        elif values:
            text = f"{values[2] if len(values) > 2 else ''} {MONTHS[values[1]]} {values[0]}".strip()
        return Step(self.get_query_string(known, others), text, back)
