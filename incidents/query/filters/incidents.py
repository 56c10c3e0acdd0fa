"""The parameters of `incidents/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from incidents import vocabulary
from incidents.codebook.profiles import EXPORT_PROFILES
from incidents.ledger.models import FIRST_PUBLISHED
from incidents.query.attributes import declared_at, of_datasets
from incidents.query.entries import EntryQuery, Order
from incidents.query.filters import meanings
from incidents.query.filters.attributes import PREFIX, Attributes
from incidents.query.filters.controls import CONTROLS, columns_of, ordering_by
from incidents.query.filters.from_fields import codes, ids, ranges
from incidents.query.filters.lists import PlaceFilterSet
from incidents.query.filters.places import PlacesParameter, within
from incidents.query.moment import Moment, read_moment
from incidents.schema.common import CALLED
from incidents.schema.incident import INCIDENT
from incidents.tables import Column
from incidents.tables.attributes import attribute_columns
from incidents.text_folding import facet
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.parameters.filtersets import ParameterFilter, RefusedValueError
from incidents_api.parameters.values import (
    ChoiceParameter,
    DayParameter,
    DigestParameter,
    IntegerParameter,
    ListParameter,
)

RANGES = ranges("incident")


class IncidentFilterSet(PlaceFilterSet):
    """The parameters of `incidents/`."""

    record_kind = "incident"
    orders: ClassVar[dict[str, str]] = {
        "date": "day_from",
        "published": "published",
        "first_published": FIRST_PUBLISHED,
        **INCIDENT.orders,
    }
    newest_first = True
    data_prefix = PREFIX

    ordering = ordering_by(*orders, attributes=True)
    fields = columns_of("incident")
    date_after = ParameterFilter(
        DayParameter(last=False), label="On or after this day; see date_match.", example="2022-07-01"
    )
    date_before = ParameterFilter(
        DayParameter(last=True), label="On or before this day; see date_match.", example="2022-08-31"
    )
    date_match = ParameterFilter(
        ChoiceParameter(["possible", "certain"]),
        label="`possible` (default): the interval of the incident overlaps the window. `certain`: it lies within "
        "the window.",
    )
    location = ParameterFilter(
        PlacesParameter("location"),
        within,
        label=f"At these locations or at any place within them: {CALLED}",
        example=["luhansk-oblast"],
    )
    source = ParameterFilter(
        ids(), meanings.tagged("s"), label="These sources report it, are relayed, or make a claim about it."
    )
    source_kind = ParameterFilter(
        codes(vocabulary.SOURCE_KINDS),
        meanings.tagged("sk"),
        label="A source of this type reports it or is relayed.",
    )
    min_sources = ParameterFilter(
        IntegerParameter(0, 10_000),
        meanings.compared("sources >= %s"),
        label="At least this many distinct sources, not counting relayed ones.",
    )
    actor = ParameterFilter(ids(), label="Involving these actors; see actor_role.", example=["luhansk-partisans"])
    actor_role = ParameterFilter(
        codes(vocabulary.ACTOR_ROLES), label="Role of `actor`; without `actor`, any actor's role."
    )
    tag = ParameterFilter(ListParameter(), meanings.having_tag, label="With any of these tags.")
    profile = ParameterFilter(
        ChoiceParameter(list(EXPORT_PROFILES)),
        label="Return the columns of another dataset, for existing scripts; json and csv. The codebook defines "
        "each column and lists those without an equivalent.",
    )

    query = ParameterFilter(
        DigestParameter("To search words, use q."),
        label="Digest of a stored query, from the links of a search (`POST incidents/search/`): stands for its "
        "parameters. It is kept for 30 days after its last use; then the answer is 410.",
    )

    @cached_property
    def attributes(self) -> Attributes:
        """Return the fields that the asked datasets bring themselves, at the moment that is asked for."""
        moment = read_moment(self.values.get("as_of"))
        return Attributes(declared_at(moment), self.values.get("dataset"))

    def find(self, name: str) -> ParameterFilter | None:
        """Return the parameter of a name; those of datasets' own fields are declared by data."""
        found = super().find(name)
        return self.attributes.filter(name) if found is None and name.startswith(PREFIX) else found

    def names_like(self, name: str) -> Iterable[str]:
        """Return the names of the parameters that a name may have meant."""
        return self.attributes.parameters() if name.startswith(PREFIX) else super().names_like(name)

    def order(self) -> Order:
        """The requested sort order, or the default."""
        asked = self.values.get("ordering", "")
        if not asked.removeprefix("-").startswith(PREFIX):
            return super().order()
        name = asked.removeprefix("-")
        narrowing = self.values.keys() - {"dataset", *CONTROLS}
        segments = () if narrowing else self.attributes.segments(name, self.values.get("dataset"))
        return Order(self.attributes.order(name), asked.startswith("-"), segments)

    def own_columns(self, moment: Moment) -> tuple[Column, ...]:
        """Return the columns of the own fields of the asked datasets, of all where none is named."""
        return own_columns(moment, self.values.get("dataset"))

    def check_attributes(
        self, parameter: str, names: Iterable[str], used: Callable[[str], object]
    ) -> list[ParameterError]:
        """Return what is wrong with own fields that the value of a parameter names, each as it is `used`."""
        errors = []
        for name in names:
            try:
                used(name)
            except RefusedValueError as refused:
                errors.append(
                    parameter_error(parameter, name, str(refused.message), refused.known, code=refused.error_code)
                )
        return errors

    def check(self, values: dict[str, Any]) -> list[ParameterError]:
        """Errors of combinations of parameters; an empty list if there are none."""
        errors = super().check(values)
        ordering = values.get("ordering", "").removeprefix("-")
        if ordering.startswith(PREFIX):
            errors += self.check_attributes("ordering", [ordering], self.attributes.order)
        for low, high in (("date_after", "date_before"), *RANGES):
            if low in values and high in values and values[low] > values[high]:
                message = f"Must not be later than {high} ({values[high]})."
                errors.append(parameter_error(low, str(values[low]), message, code="conflicting_parameters"))
        errors += [
            parameter_error(
                name,
                "",
                "Cannot be combined with `profile`, which has its own columns.",
                code="conflicting_parameters",
            )
            for name in ("fields", "hxl")
            if name in values and "profile" in values
        ]
        if "date_match" in values and not {"date_after", "date_before"} & values.keys():
            message = "Requires date_after or date_before."
            errors.append(parameter_error("date_match", "", message, code="missing_parameter"))
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


def own_columns(moment: Moment, datasets: Iterable[str] | None) -> tuple[Column, ...]:
    """Return the columns of the own fields of datasets at a moment; None stands for all datasets."""
    found = of_datasets(declared_at(moment), datasets)
    return attribute_columns(each for declared in found.values() for _, each in declared) if found else ()


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
