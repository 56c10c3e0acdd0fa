"""The shape of `incidents/aggregate/`, and an example."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from incidents.api.response_shapes import WARNED, WarningShape
from incidents.documents import Shape, coded
from incidents.query.aggregate.tally import CODES, DIMENSIONS, FIGURES, MANY, SPREADS, SUMMED
from incidents.query.aggregate.units import UNITS
from incidents.schema.attributes import RANGE
from incidents.schema.incident import INCIDENT
from incidents_api.enumerations import Enumeration, NamedChoiceField


def _whole(help_text: str, **kwargs: Any) -> Any:
    return serializers.IntegerField(help_text=help_text, min_value=0, **kwargs)


VOCABULARIES = {leaf.field.grouped: leaf.field.vocabulary for leaf in INCIDENT.leaves if leaf.field.grouped}


def _key(name: str) -> Any:
    said = f"The {name.replace('_', ' ')}; null: none or unknown."
    if vocabulary := VOCABULARIES.get(name):
        return coded(vocabulary, required=False, allow_null=True, help_text=said)
    return serializers.CharField(required=False, allow_null=True, help_text=said)


GROUP_KEY = Enumeration(
    "GroupKey", {name: f"The {name.replace('_', ' ')}." for name in (*UNITS, *DIMENSIONS)}, "Key to group incidents by."
)
MANY_KEY = Enumeration(
    "OverlappingKey", {name: GROUP_KEY.meanings[name] for name in MANY}, "Key of which an incident can have several."
)
SPREAD = Enumeration("Spread", SPREADS, "Where an incident counts if its interval overlaps several time units.")


class ReportedShape(Shape):
    """Number of incidents in the group that report each figure."""

    low = _whole("Incidents with a lowest figure.")
    best = _whole("Incidents with a best estimate.")
    high = _whole("Incidents with a highest figure.")


class SumShape(Shape):
    """Sums of figures. null: there are incidents, but none of them reports the figure."""

    low = _whole("Sum of the lowest figures.", allow_null=True)
    best = _whole("Sum of the best estimates.", allow_null=True)
    high = _whole("Sum of the highest figures.", allow_null=True)
    reported = ReportedShape()


class OwnSumShape(Shape):
    """The sum of a dataset's own figure. null: there are incidents, and none of them has a value."""

    sum = serializers.FloatField(allow_null=True, help_text="Sum of the values.")
    reported = _whole("Incidents with a value.")


NUMBERS: dict[str, Any] = {
    "count": _whole("Incidents."),
    "spanning": _whole("Incidents whose interval overlaps more than one time unit.", required=False),
    **{name: SumShape() for name in SUMMED},
    "sums": serializers.DictField(
        child=OwnSumShape(),
        required=False,
        help_text="Only with `sum`: the sum of each own figure, by `attr.name`; of a range by its three parts.",
    ),
}
DAYS: dict[str, Any] = {
    "start": serializers.DateField(required=False, allow_null=True, help_text="First day of the time unit."),
    "end": serializers.DateField(required=False, allow_null=True, help_text="Last day of the time unit."),
}
TIMES = {name: _key(name) for name in UNITS}


def _shape(name: str, said: str, *parts: dict[str, Any]) -> Any:
    fields: dict[str, Any] = {"__doc__": said}
    for part in parts:
        fields |= part
    return type(name, (Shape,), fields)


AggregateTotal = _shape("AggregateTotal", "All matching incidents, each counted once.", NUMBERS)
AggregateGroup = _shape(
    "AggregateGroup",
    "One group, with the keys of `by`.",
    TIMES,
    DAYS,
    {n: _key(n) for n in DIMENSIONS},
    {
        code: serializers.CharField(
            required=False, allow_null=True, help_text=f"Code of the {level}, beside it; null: none is known."
        )
        for level, code in CODES.items()
    },
    NUMBERS,
)


def _sources(help_text: str) -> Any:
    return serializers.ListField(child=serializers.CharField(), help_text=help_text)


WatchedUnit = _shape(
    "WatchedUnit",
    "Sources that the coders of one dataset monitored in one time unit.",
    TIMES,
    {name: serializers.DateField(help_text=field.help_text) for name, field in DAYS.items()},
    {
        "dataset": serializers.CharField(help_text="The dataset."),
        "whole": _sources("Monitored for the whole unit."),
        "part": _sources("Monitored for part of the unit."),
        "none": _sources("Not monitored in the unit."),
        "not_told": _sources("Possibly monitored: the dataset does not give a start."),
    },
)


@extend_schema_serializer(many=False)
class AggregateShape(Shape):
    """Groups of incidents, with counts and sums."""

    as_of = serializers.IntegerField(help_text="The publication that the data is from.")
    warnings = WarningShape(many=True, help_text=WARNED)
    by = serializers.ListField(child=NamedChoiceField(GROUP_KEY), help_text="Keys of the groups, in order.")
    spread = NamedChoiceField(
        SPREAD,
        allow_null=True,
        help_text="Where incidents that overlap several units count; null without a time unit.",
    )
    overlapping = serializers.ListField(
        child=NamedChoiceField(MANY_KEY),
        help_text="Keys for which an incident can be in several groups; these groups can add up to more than the "
        "total.",
    )
    groups = _whole("Number of groups; all of them are in the response.")
    total = AggregateTotal()
    results = AggregateGroup(many=True)
    labels = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField()),
        required=False,
        help_text="Only with keys that have labels (event types, countries, datasets, actors, sources, locations): for "
        "each key, what its values are called. A value without a name is left out.",
    )
    coverage = WatchedUnit(many=True, required=False, help_text="Only with coverage=sources.")


_REPORTED = {"injured_low", "injured_best", "injured_high"}
"""Figures that the example reports, in one incident with two people."""

_SUMS = {
    name: {bound: 2 if f"{name}_{bound}" in _REPORTED else None for bound in RANGE}
    | {"reported": {bound: int(f"{name}_{bound}" in _REPORTED) for bound in RANGE}}
    for name in SUMMED
}


TABLE_TYPE = "text/csv; charset=utf-8"
TABLE_EXAMPLE = "".join(
    f"{','.join(cells)}\r\n"
    for cells in (
        ("country", "country_label", "count", *FIGURES, *(f"{figure}_reported" for figure in FIGURES)),
        (
            *("UKR", "Ukraine", "3"),
            *("2" if figure in _REPORTED else "" for figure in FIGURES),
            *("1" if figure in _REPORTED else "0" for figure in FIGURES),
        ),
    )
)
"""The same as a file."""

EXAMPLE: dict[str, Any] = {
    "as_of": 1,
    "warnings": [],
    "by": ["month", "event_type"],
    "spread": "start",
    "overlapping": [],
    "groups": 1,
    "total": {
        "count": 3,
        "spanning": 1,
        **_SUMS,
    },
    "results": [
        {
            "month": "2022-08",
            "start": "2022-08-01",
            "end": "2022-08-31",
            "event_type": "armed_attack",
            "count": 3,
            "spanning": 1,
            **_SUMS,
        }
    ],
    "labels": {"event_type": {"armed_attack": "Armed attack"}},
}
