"""The parameters of `incidents/aggregate/`: every filter of the list, and how to group what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidents.query.aggregate.tally import DIMENSIONS, MAX_KEYS, ORDERS, SPREADS, SUMMED, Grouping
from incidents.query.aggregate.units import UNITS
from incidents.query.filters import IncidentFilterSet, of_a_count
from incidents.query.filters.attributes import PREFIX
from incidents.query.filters.controls import ATTRIBUTE
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import ParameterFilter
from incidents_api.parameters.values import ChoiceParameter, ListParameter

MAX_SUMS = 10

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
        label="Sort order of the groups: `key` (default: by time and name, null last), `count`, or the best "
        f"estimate of {' or '.join(f'`{name}`' for name in SUMMED)}. Prefix `-` for descending; ties sort by key.",
    )
    by = ParameterFilter(
        ListParameter(choices=[*UNITS, *DIMENSIONS], max_items=MAX_KEYS, open_ended=ATTRIBUTE.removeprefix("-?")),
        label="Keys to group by, at most three, and at most one time unit. Without it, one total. Weeks are ISO "
        "weeks. An incident counts once for each of its actors, and once for each source that `source` "
        "would match. "
        "Also by a dataset's own codes (`attr.name`).",
        example=["month", "admin1"],
    )
    spread = ParameterFilter(
        ChoiceParameter(list(SPREADS)),
        label="Where an incident counts if its interval overlaps several time units. `start` (default): in the "
        "unit in which it starts. `every`: in each unit that it overlaps; an open end extends to the end "
        "of the axis. `within`: only in a unit that contains the whole interval, otherwise in the group "
        "null. Unknown starts are a group of their own.",
    )
    fill = ParameterFilter(
        ChoiceParameter(["zero"]),
        label="`zero` includes units without incidents: from date_after to date_before, if given, otherwise to "
        "the first and last unit with incidents.",
    )
    sum = ParameterFilter(
        ListParameter(pattern=ATTRIBUTE.removeprefix("-?"), form="a field such as attr.detained", max_items=MAX_SUMS),
        label=f"Datasets' own figures to add up beside the casualties, up to {MAX_SUMS}: `attr.name`.",
    )
    coverage = ParameterFilter(
        ChoiceParameter(["sources"]),
        label="`sources` lists, for each time unit and each dataset, the sources that were monitored for the "
        "whole unit, for part of it, or not at all.",
    )

    def grouping(self) -> Grouping:
        """Return how to group, and what to add up."""
        values = self.values
        by = values.get("by", [])
        unit = next((UNITS[name] for name in by if name in UNITS), None)
        own = [name for name in by if name.startswith(PREFIX)]
        sums = [
            (f"{name}_{part}" if part else name, sql)
            for name in values.get("sum", [])
            for part, sql in self.attributes.figures(name)
        ]
        return Grouping(
            unit,
            tuple(name for name in by if name not in UNITS),
            values.get("spread", "start"),
            {name: self.attributes.group(name) for name in own},
            tuple(name for name in own if self.attributes.field(name).type == "codes"),
            tuple(sums),
        )

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Errors of combinations of parameters; an empty list if there are none."""
        errors = super().check(values)
        by = values.get("by", [])
        if own := [name for name in by if name.startswith(PREFIX)]:
            errors += self.check_attributes("by", own, self.attributes.group)
        if "sum" in values:
            errors += self.check_attributes("sum", values["sum"], self.attributes.figures)
        units = [name for name in by if name in UNITS]
        if len(units) > 1:
            message = f"Must have at most one time unit (got {', '.join(units)})."
            errors.append(parameter_error("by", ",".join(by), message, code="conflicting_parameters"))
        if not units:
            errors += [
                parameter_error(
                    name,
                    str(values[name]),
                    f"Requires a time unit in `by`: {', '.join(UNITS)}.",
                    code="missing_parameter",
                )
                for name in ("spread", "fill", "coverage")
                if name in values
            ]
        return errors
