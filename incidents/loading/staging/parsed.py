"""What a row says, in the terms of the working records; plain values that go to the staging file and come back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

import orjson

from incidents.schema.records import stored_fields

Point = tuple[float, float]
"""Latitude and longitude, in degrees."""

T = TypeVar("T", bound=Hashable)


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


def with_areas(facts: Mapping[str, PlaceFacts], public_id: str) -> list[str]:
    """Return the ids of a place and of the areas that the file has it in; none for ""."""
    chain = []
    while public_id:
        chain.append(public_id)
        public_id = facts[public_id].parent
    return chain


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
    published_not_before: date | None = None
    folded: str = ""
    spelled: str = ""
    """Of a report with an address, the public ids that it can have: the first one, unless a report has it whose address
    differs in letter case."""


class ActorRole(NamedTuple):
    """The part that an actor had in an incident."""

    actor: str
    role: str
    certainty: str


class IncidentFacts(NamedTuple):
    """One row: the incident's own fields by name, what it shows by id; `place` is "" if nothing says where.

    All rows of a file give the same fields; those that its profile does not name are the editors'.
    """

    line: int
    id: str
    fields: dict[str, Any]
    place: str
    point: Point | None
    roles: tuple[ActorRole, ...]
    reports: tuple[ReportFacts, ...]


class StagedRow(NamedTuple):
    """Facts as JSON, which costs little to hand on, and what has to be seen of them meanwhile.

    `id` is the one that counts: a row that repeats another one is numbered after it is parsed. `day` is the first one
    as an ordinal, 0 where it is not known; `actors`, `reports` and their `sources` are ids. `addresses` has, of reports
    with an address, the id, the two public ids that it can have, and the address.
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
    addresses: tuple[tuple[str, str, str, str], ...] = ()


def staged(facts: IncidentFacts) -> StagedRow:
    """Return facts as they are kept; their id is not in there."""
    line, public_id, fields, place, point, roles, reports = facts
    start: date | None = fields["date_start"]
    # It writes no tuples that have names.
    said = (line, fields, place, point, [tuple(each) for each in roles], [tuple(each) for each in reports])
    return StagedRow(
        line,
        public_id,
        start.toordinal() if start else 0,
        place,
        point,
        tuple([each.actor for each in roles]),
        tuple([each.id for each in reports]),
        tuple([each.source for each in reports]),
        orjson.dumps(said),
        addresses_of(reports),
    )


def addresses_of(reports: Iterable[ReportFacts]) -> tuple[tuple[str, str, str, str], ...]:
    """Return `addresses` of a staged row."""
    return tuple([(each.id, each.folded, each.spelled, each.url) for each in reports if each.folded])


_DAYS = stored_fields("incident", "date")
"""Fields of an incident that hold days."""


def unstaged(facts: bytes, public_id: str = "") -> IncidentFacts:
    """Return facts as they were, under the id that counts."""
    line, fields, place, point, roles, reports = orjson.loads(facts)
    for name in _DAYS:
        if name in fields:
            fields[name] = _day(fields[name])
    return IncidentFacts(
        line,
        public_id,
        fields,
        place,
        (point[0], point[1]) if point else None,
        tuple(map(ActorRole._make, roles)),
        tuple([ReportFacts._make((*each[:5], _day(each[5]), _day(each[6]), *each[7:])) for each in reports]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def as_stored(item: tuple[str, Any]) -> tuple[int, str]:
    """Return the sort key of a name in `extra`: the order in which PostgreSQL returns the keys of an object.

    Both databases publish the same bytes then.
    """
    return len(item[0].encode()), item[0]


ACRONYM = 4
"""Letters up to which a word in capitals is an acronym."""


def most_frequent(counts: Iterable[tuple[T, int]]) -> T:
    """Return what most rows say, of values and how often each was given.

    Of equals it is one that is not written in capitals throughout, and of those the first in the alphabet.
    """
    return min(counts, key=lambda each: (-each[1], _is_shouted(said := repr(each[0])), said))[0]


def _is_shouted(said: str) -> bool:
    return any(len(word) > ACRONYM and word.isupper() for word in said.split())


class Tally(Generic[T]):
    """What the rows say of each thing, and how often, so that the outcome does not depend on their order."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, Counter[T]] = defaultdict(Counter)

    def add(self, about: str, value: T) -> None:
        """Count that a row says this."""
        self._counts[about][value] += 1

    def add_all(self, other: Tally[T]) -> None:
        """Count what other rows say as well."""
        for about, counts in other._counts.items():
            self._counts[about].update(counts)

    def drop(self, names: Iterable[str]) -> None:
        """Forget what the rows say of some things."""
        for about in names:
            self._counts.pop(about, None)

    def most_frequent(self) -> dict[str, T]:
        """Return for each thing what most rows say; of equals the first in the alphabet."""
        return {about: most_frequent(counts.items()) for about, counts in sorted(self._counts.items())}

    def counted(self) -> Iterator[tuple[T, int]]:
        """Yield everything that was said, with the number of rows."""
        for counts in self._counts.values():
            yield from counts.items()

    def times(self) -> dict[str, int]:
        """Return how many rows say something of each thing."""
        return {about: counts.total() for about, counts in self._counts.items()}

    def all(self) -> dict[str, list[T]]:
        """Return for each thing everything that was said, in alphabetical order."""
        return {about: sorted(counts, key=repr) for about, counts in self._counts.items()}


class SharedRecords:
    """The places, sources and actors of a whole file, by id; of their points each row is counted by itself."""

    def __init__(self) -> None:
        self.places: Tally[PlaceFacts] = Tally()
        self.sources: Tally[SourceFacts] = Tally()
        self.actors: Tally[ActorFacts] = Tally()
        self.times = self.midnights = 0
        """Dates that have a time of day, and dates with midnight, which is taken for none."""

    def add(self, places: Iterable[PlaceFacts], actors: Iterable[ActorFacts], sources: Iterable[SourceFacts]) -> None:
        """Count what a row says."""
        for place in places:
            self.places.add(place.id, place)
        for actor in actors:
            self.actors.add(actor.id, actor)
        for source in sources:
            self.sources.add(source.id, source)

    def add_all(self, other: SharedRecords) -> None:
        """Count what other rows say."""
        self.places.add_all(other.places)
        self.sources.add_all(other.sources)
        self.actors.add_all(other.actors)
        self.times += other.times
        self.midnights += other.midnights
