"""The parts of a profile, as `incidents.loading.profiles.profile` reads them and the planner binds them to a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from incidents.loading.profiles.authority import NO_AUTHORITY, Authority
from incidents.loading.profiles.expressions import Template, Value
from incidents.loading.profiles.patterns import Pattern


@dataclass(frozen=True, slots=True)
class FileForm:
    """How the rows lie in the file; names of columns are compared without regard to letter case."""

    encoding: str
    delimiter: str | None
    sheet: str
    header_line: int
    decimal: str
    missing: frozenset[str]
    optional: frozenset[str]
    ignored: frozenset[str]
    skip: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class DateForm:
    """Either start, end and precision, or year, month and day of which the later ones may be unknown."""

    start: Value
    end: Value
    precision: Value
    parts: tuple[Value, Value, Value] | None
    widen: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class MatchForm:
    """How far to go to find a place: `by` "none", its "id", its "name" too, or the nearest "point" within `km` too."""

    by: str = "point"
    km: float = 0.5


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """How a place is named, what holds it, where it lies; `own_point`: the point is the event's alone."""

    name: Value
    kind: Value
    levels: Mapping[str, Value]
    country_code: Value
    precision: Value
    as_reported: Value
    latitude: Value
    longitude: Value
    own_point: bool
    radius_km: Mapping[str, float]
    ids: Mapping[str, Value]
    match: MatchForm


@dataclass(frozen=True, slots=True)
class Figures:
    """Low, best and high of one casualty figure; `keep` takes them out of order as they are coded."""

    low: Value
    best: Value
    high: Value
    keep: bool


@dataclass(frozen=True, slots=True)
class ActorForm:
    """One actor of a row: nobody, where the name is empty."""

    id: Template
    name: Value
    kind: Value
    role: Value
    certainty: Value
    country_code: Value
    ucdp_id: Value


@dataclass(frozen=True, slots=True)
class ListForm:
    """A list of reports in one column, whose items match a pattern, or in several that run in step."""

    columns: Mapping[str, str]
    separator: str
    quote: str
    repeat: bool
    pattern: Pattern | None


@dataclass(frozen=True, slots=True)
class ReportsForm:
    """Where the reports of a row are listed, and what is told of each and of its source."""

    lists: tuple[ListForm, ...]
    count: Value
    identity: Template
    fields: Mapping[str, Value]
    source_id: Template
    source_fields: Mapping[str, Value]

    @property
    def kept_as(self) -> tuple[str, ...]:
        """The column under whose name a list that cannot be told apart is kept in `extra`; empty without lists."""
        return tuple(self.lists[0].columns.values())[:1] if self.lists else ()


@dataclass(frozen=True, slots=True)
class Profile:
    """One format: see docs/loading.md for every key. `made_from` is the text of its file, and the path."""

    name: str
    made_from: tuple[str, str]
    title: str
    file: FileForm
    dataset: Mapping[str, Any]
    cells: Mapping[str, Value]
    id: Template
    repeated: str
    summary: Value
    fields: Mapping[str, Value]
    lists: Mapping[str, Value]
    date: DateForm
    place: PlaceForm | None
    figures: Mapping[str, Figures]
    actors: tuple[ActorForm, ...]
    reports: ReportsForm | None
    extra: Mapping[str, Value]
    authority: Authority = NO_AUTHORITY
