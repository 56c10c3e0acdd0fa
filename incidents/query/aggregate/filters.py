"""The parameters of `incidents/aggregate/`: every filter of the list, and how to group what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidents.query.aggregate.tally import DIMENSIONS, MAX_KEYS, ORDERS, SPREADS
from incidents.query.aggregate.units import UNITS
from incidents.query.filters import IncidentFilterSet, of_a_count
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import ParameterFilter
from incidents_api.parameters.values import ChoiceParameter, ListParameter

OF_A_RESULT = ("format", "ordering", "fill", "coverage")
"""Parameters that choose how groups are shown, not what is in them."""


if TYPE_CHECKING:
    Counted = IncidentFilterSet
else:
    Counted = of_a_count(IncidentFilterSet)


class AggregateFilterSet(Counted):
    """The filters of incidents, without those that choose a page of them."""

    ordering = ParameterFilter(
        ChoiceParameter([sign + name for name in ORDERS for sign in ("", "-")]),
        label="The order of groups: by their `key` (the default: time and names rising, unknown last), by `count`, or "
        "by the best figure of `killed` or `injured`; `-` turns it round, and ties go by key.",
    )
    by = ParameterFilter(
        ListParameter(choices=[*UNITS, *DIMENSIONS], max_items=MAX_KEYS),
        label="What to group by, up to three, at most one of them a unit of time; without it, one total. Weeks are "
        "ISO weeks. An incident counts once in each of its actors, and in each source that `source` finds it by.",
        example=["month", "admin1"],
    )
    spread = ParameterFilter(
        ChoiceParameter(list(SPREADS)),
        label="Where an incident counts whose interval touches several units of time. `start` (the default): in the "
        "unit in which it begins. `every`: in each unit that it touches, an open end reaching to the end of the axis. "
        "`within`: only in a unit that holds all of it, else in none (null). Unknown starts are a group of their own.",
    )
    fill = ParameterFilter(
        ChoiceParameter(["zero"]),
        label="`zero` shows every unit of the axis, also those without incidents: from date_after to date_before, "
        "where they are given, else to the first and last unit with incidents.",
    )
    coverage = ParameterFilter(
        ChoiceParameter(["sources"]),
        label="`sources` tells for every unit of the axis, and for every dataset, which sources were watched: all of "
        "the unit, part of it, or not.",
    )

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Return what is wrong with the parameters taken together."""
        errors = super().check(values)
        by = values.get("by", [])
        units = [name for name in by if name in UNITS]
        if len(units) > 1:
            message = f"Names {len(units)} units of time ({', '.join(units)}); give one of them."
            errors.append(parameter_error("by", ",".join(by), message))
        if not units:
            errors += [
                parameter_error(name, str(values[name]), f"Needs a unit of time in `by`: {', '.join(UNITS)}.")
                for name in ("spread", "fill", "coverage")
                if name in values
            ]
        return errors
