"""What a row says, in the terms of the working records; plain values that go to the spool and come back."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar


class PlaceFacts(NamedTuple):
    """A place; `parent` is the id of the smallest place of the same row that holds it, "" if none does."""

    id: str
    name: str
    kind: str
    parent: str
    country_code: str


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
    point: tuple[float, float] | None
    parts: tuple[Part, ...]
    reports: tuple[ReportFacts, ...]


Said = TypeVar("Said", bound=Hashable)


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

    def settled(self) -> dict[str, Said]:
        """Return for each thing what most rows say; of equals the first in the alphabet."""
        return {
            about: min(counts, key=lambda said: (-counts[said], repr(said)))
            for about, counts in sorted(self._said.items())
        }

    def all(self) -> dict[str, list[Said]]:
        """Return for each thing everything that was said, in alphabetical order."""
        return {about: sorted(counts, key=repr) for about, counts in self._said.items()}


class Gathered:
    """The places, sources and actors of a whole file, by id."""

    def __init__(self) -> None:
        self.places: Tally[PlaceFacts] = Tally()
        self.points: Tally[tuple[float, float]] = Tally()
        self.sources: Tally[SourceFacts] = Tally()
        self.actors: Tally[ActorFacts] = Tally()
