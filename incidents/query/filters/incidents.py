"""The parameters of `incidents/`."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from incidents import vocabulary
from incidents.codebook.profiles import EXPORT_PROFILES
from incidents.query.entries import EntryQuery
from incidents.query.filters import meanings
from incidents.query.filters.from_fields import codes, ids, ranges
from incidents.query.filters.lists import PlaceFilterSet, columns_of, ordering_by
from incidents.schema.incident import INCIDENT
from incidents.text_folding import facet
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import ParameterFilter
from incidents_api.parameters.values import ChoiceParameter, DayParameter, IntegerParameter, ListParameter

RANGES = ranges("incident")


class IncidentFilterSet(PlaceFilterSet):
    """The parameters of `incidents/`."""

    record_kind = "incident"
    orders: ClassVar[dict[str, str]] = {"date": "day_from", "published": "published", **INCIDENT.orders}
    newest_first = True

    ordering = ordering_by(*orders)
    fields = columns_of("incident")
    date_after = ParameterFilter(
        DayParameter(last=False), label="On this day or later; see date_match.", example="2022-07-01"
    )
    date_before = ParameterFilter(
        DayParameter(last=True), label="On this day or earlier; see date_match.", example="2022-08-31"
    )
    date_match = ParameterFilter(
        ChoiceParameter(["possible", "certain"]),
        label="`possible` (the default): the incident's interval overlaps the window. `certain`: it lies within it.",
    )
    location = ParameterFilter(
        ids(), meanings.tagged("l"), label="At these locations or any place inside them.", example=["luhansk-oblast"]
    )
    source = ParameterFilter(
        ids(), meanings.tagged("s"), label="These sources report it, are relayed, or make a claim of it."
    )
    source_kind = ParameterFilter(
        codes(vocabulary.SOURCE_KINDS),
        meanings.tagged("sk"),
        label="A source of such a kind reports it or is relayed.",
    )
    min_sources = ParameterFilter(
        IntegerParameter(0, 10_000),
        meanings.compared("sources >= %s"),
        label="Reports by at least so many distinct sources; relayed ones do not count.",
    )
    actor = ParameterFilter(
        ids(), label="These actors had a part in it; see actor_role.", example=["luhansk-partisans"]
    )
    actor_role = ParameterFilter(
        codes(vocabulary.ACTOR_ROLES), label="The part that `actor` had; without `actor`, that anybody had."
    )
    tag = ParameterFilter(ListParameter(), meanings.having_tag, label="One of these tags.")
    profile = ParameterFilter(
        ChoiceParameter(list(EXPORT_PROFILES)),
        label="The nearest columns of another dataset, for scripts that were written for it; json and csv. The "
        "codebook tells column by column what they hold and which have no equivalent.",
    )

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Return what is wrong with the parameters taken together."""
        errors = super().check(values)
        for low, high in (("date_after", "date_before"), *RANGES):
            if low in values and high in values and values[low] > values[high]:
                errors.append(parameter_error(low, str(values[low]), f"Is beyond {high} ({values[high]})."))
        errors += [
            parameter_error(name, "", "Means nothing beside profile, which has columns of its own.")
            for name in ("fields", "hxl")
            if name in values and "profile" in values
        ]
        if "date_match" in values and not {"date_after", "date_before"} & values.keys():
            errors.append(parameter_error("date_match", "", "Needs date_after or date_before beside it."))
        return errors

    def narrowed(self) -> Any:
        """Make the query narrowed by all parameters."""
        values = self.values
        query = super().narrowed()
        if "date_after" in values or "date_before" in values:
            query = in_window(query, values)
        actors, roles = values.get("actor"), values.get("actor_role")
        if actors and roles:
            return query.with_any_token(*(facet("ar", role, actor) for role in roles for actor in actors))
        if actors:
            return query.with_any_token(*(facet("a", actor) for actor in actors))
        if roles:
            return query.with_any_token(*(facet("ro", role) for role in roles))
        return query


def in_window(query: EntryQuery, values: dict[str, Any]) -> EntryQuery:
    """Keep the records whose days match date_after and date_before as date_match says."""
    after: date | None = values.get("date_after")
    before: date | None = values.get("date_before")
    certain = values.get("date_match") == "certain"
    if before:
        query = query.starting_by(before.toordinal())
    if before and certain:
        query = query.where("day_to <= %s", before.toordinal())
    if after:
        day = after.toordinal()
        query = query.where("day_from >= %s", day) if certain else query.reaching(day)
    return query
