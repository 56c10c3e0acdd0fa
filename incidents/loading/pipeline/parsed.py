"""What a row says, in the terms of the working records; plain values that go to the spool and come back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import orjson

from incidents.schema.records import stored_fields

Point = tuple[float, float]
"""Latitude and longitude, in degrees."""


class PlaceFacts(NamedTuple):
    """A place; `parent` is the id of the smallest place of the same row that holds it, "" if none does.

    `ids` are what the file gives to identify it, by the field of a place that holds such an id.
    """

    id: str
    name: str
    kind: str
    parent: str
    country_code: str
    ids: tuple[tuple[str, str | int], ...] = ()


class SourceFacts(NamedTuple):
    """Who speaks."""

    id: str
    name: str
    kind: str
    url: str
    language: str


class ActorFacts(NamedTuple):
    """Who acts or is acted on."""

    id: str
    name: str
    kind: str
    country_code: str
    ucdp_id: int | None


class ReportFacts(NamedTuple):
    """One document; `source` is the id of who speaks in it."""

    id: str
    source: str
    title: str
    url: str
    language: str
    published_on: date | None


class Part(NamedTuple):
    """The part that an actor had in an incident."""

    actor: str
    role: str
    certainty: str


class IncidentFacts(NamedTuple):
    """One row: the incident's own fields by name, what it shows by id; `place` is "" if nothing says where.

    All rows of a file tell the same fields; those that its profile does not name are the editors'.
    """

    line: int
    id: str
    fields: dict[str, Any]
    place: str
    point: Point | None
    parts: tuple[Part, ...]
    reports: tuple[ReportFacts, ...]


DAYS = stored_fields("incident", "date")
"""Fields of an incident that hold days."""


class Sealed(NamedTuple):
    """Facts as JSON, which costs little to hand on, and what has to be seen of them meanwhile.

    `id` is the one that counts: a row that repeats another one is numbered after it is sealed. `day` is the first one
    as an ordinal, 0 where it is not known; `actors`, `reports` and their `sources` are ids.
    """

    line: int
    id: str
    day: int
    place: str
    point: Point | None
    actors: tuple[str, ...]
    reports: tuple[str, ...]
    sources: tuple[str, ...]
    facts: bytes


def seal(facts: IncidentFacts) -> Sealed:
    """Return facts sealed; their id and the names of their fields, the same in all rows, are not in there."""
    start: date | None = facts.fields["date_start"]
    return Sealed(
        facts.line,
        facts.id,
        start.toordinal() if start else 0,
        facts.place,
        facts.point,
        tuple([part.actor for part in facts.parts]),
        tuple([report.id for report in facts.reports]),
        tuple([report.source for report in facts.reports]),
        orjson.dumps(
            (
                facts.line,
                list(facts.fields.values()),
                facts.place,
                facts.point,
                [tuple(part) for part in facts.parts],  # it writes no tuples that have names
                [tuple(report) for report in facts.reports],
            )
        ),
    )


def unseal(facts: bytes, names: Sequence[str], public_id: str) -> IncidentFacts:
    """Return sealed facts as they were, under the id that counts; `names` are those of their fields."""
    line, values, place, point, parts, reports = orjson.loads(facts)
    fields = dict(zip(names, values, strict=True))
    for name in DAYS:
        if name in fields:
            fields[name] = _day(fields[name])
    return IncidentFacts(
        line,
        public_id,
        fields,
        place,
        (point[0], point[1]) if point else None,
        tuple(map(Part._make, parts)),
        tuple([ReportFacts._make((*report, _day(published_on))) for *report, published_on in reports]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def as_stored(item: tuple[str, Any]) -> tuple[int, str]:
    """Return the sort key of a name in `extra`: the order in which PostgreSQL returns the keys of an object.

    Both databases publish the same bytes then.
    """
    return len(item[0].encode()), item[0]


Said = TypeVar("Said", bound=Hashable)


def settle(said: Iterable[tuple[Said, int]]) -> Said:
    """Return what most rows say, of these and how often each was said; of equals the first in the alphabet."""
    return min(said, key=lambda each: (-each[1], repr(each[0])))[0]


class Tally(Generic[Said]):
    """What the rows say of each thing, and how often, so that the outcome does not depend on their order."""

    def __init__(self) -> None:
        self._said: dict[str, dict[Said, int]] = {}

    def add(self, about: str, said: Said) -> None:
        """Count that one row says this."""
        counts = self._said.get(about)
        if counts is None:
            self._said[about] = {said: 1}
        else:
            counts[said] = counts.get(said, 0) + 1

    def add_all(self, other: Tally[Said]) -> None:
        """Count what other rows say as well."""
        for about, said in other._said.items():
            counts = self._said.setdefault(about, {})
            for each, times in said.items():
                counts[each] = counts.get(each, 0) + times

    def settled(self) -> dict[str, Said]:
        """Return for each thing what most rows say; of equals the first in the alphabet."""
        return {about: settle(counts.items()) for about, counts in sorted(self._said.items())}

    def times(self) -> dict[str, int]:
        """Return how many rows say something of each thing."""
        return {about: sum(counts.values()) for about, counts in self._said.items()}

    def all(self) -> dict[str, list[Said]]:
        """Return for each thing everything that was said, in alphabetical order."""
        return {about: sorted(counts, key=repr) for about, counts in self._said.items()}


class Points(Protocol):
    """Counts the points that rows give for places."""

    def add(self, about: str, said: Point) -> None:
        """Count that one row gives this point for a place."""

    def settled(self) -> dict[str, Point]:
        """Return for each place the point that most rows give; of equals the first in the alphabet."""


class Gathered:
    """The places, sources and actors of a whole file, by id."""

    def __init__(self, points: Points) -> None:
        self.places: Tally[PlaceFacts] = Tally()
        self.points = points
        self.sources: Tally[SourceFacts] = Tally()
        self.actors: Tally[ActorFacts] = Tally()

    def add_all(self, other: Gathered) -> None:
        """Add what other rows say; of points each row is told by itself."""
        self.places.add_all(other.places)
        self.sources.add_all(other.sources)
        self.actors.add_all(other.actors)
