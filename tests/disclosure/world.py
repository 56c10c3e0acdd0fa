"""Two worlds that differ in nothing but a secret: where, or on which day, each of some incidents happened.

An incident has two candidates, each a place and a day with everything an attacker could join on: an open incident, its
report, source, actor, tag and words. A bit of the world says which is the right one. In half of the incidents that are
held back the full content was public first, and was reduced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache

from incidents import publishing
from incidents.ledger.models import Revision
from incidents.models import Claim, Dataset, Incident, Relation
from incidents.query.moment import forget_state
from incidents.query.place_states import states
from incidents.releasing.release import ReleaseRequest, make, refresh
from tests.attributes.conftest import declare
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.releases.making import Quiet

LEVELS = ("admin2", "admin1", "country", "month", "year")
DISCLOSURE = {
    **{level: {"place_disclosure": level} for level in ("admin2", "admin1", "country")},
    **{level: {"date_disclosure": level} for level in ("month", "year")},
}
REASON = "For the safety of people."

PLACES = {  # id → name, parent, latitude, longitude
    "karvina-one": ("Karvinka", "district-1", 48.11, 38.11),
    "karvina-two": ("Dolzhansk", "district-1", 48.27, 38.43),
    "karvina-three": ("Zymohiria", "district-2", 48.61, 38.93),
    "karvina-four": ("Perevalsk", "district-3", 50.03, 36.21),
}
DAYS = {"day": (date(2022, 8, 4), date(2022, 8, 20)), "year": (date(2022, 3, 4), date(2022, 9, 4))}


QUARTERS = ("north", "south")
"""Codes of a field of the dataset's own, by the index of the candidate."""


def forget_answers() -> None:
    """Forget what the process keeps of answers: it would give those of one world in the other."""
    cache.clear()
    states.forget()
    forget_state()


@dataclass(frozen=True)
class Candidate:
    """A place and a day that may be the right one, and what an attacker knows of it."""

    place: str
    name: str
    latitude: float
    longitude: float
    day: date
    key: str
    """In the ids and the words of its open incident, report, source, actor and tag."""
    quarter: str


@dataclass(frozen=True)
class Target:
    """An incident that is held back, and its two candidates."""

    id: str
    level: str
    candidates: tuple[Candidate, Candidate]


def candidates(level: str) -> tuple[Candidate, Candidate]:
    """The two candidates of all incidents of a level."""
    others = {"admin2": "karvina-two", "admin1": "karvina-three", "country": "karvina-four"}
    places = ("karvina-one", others.get(level, "karvina-one"))
    days = {"month": DAYS["day"], "year": DAYS["year"]}.get(level, (DAYS["day"][0], DAYS["day"][0]))
    made = []
    for index, (place, day) in enumerate(zip(places, days, strict=True)):
        name, _, latitude, longitude = PLACES[place]
        made.append(Candidate(place, name, latitude, longitude, day, f"{level}-{'ab'[index]}", QUARTERS[index]))
    return made[0], made[1]


def targets(number: int) -> list[Target]:
    """So many incidents of each level."""
    return [Target(f"held-{level}-{n:03}", level, candidates(level)) for level in LEVELS for n in range(number)]


class World:
    """A database in which the bits say which candidate of each target is the right one."""

    def __init__(self, held: Sequence[Target], bits: Mapping[str, int], *, open_too: bool = False) -> None:
        """`open_too`: nothing is held back, so that an attack can show that it works."""
        self.held, self.bits, self.open_too = held, bits, open_too
        self.dataset: Dataset = DatasetFactory(public_id="data", safe_tags=["railway"])
        declare(self.dataset, "village", "text")
        declare(self.dataset, "quarter", "code", [{"code": code, "label": code.capitalize()} for code in QUARTERS])
        country = LocationFactory(public_id="country", name="Country", kind="country", latitude=49.0, longitude=37.0)
        regions = [
            LocationFactory(public_id=f"region-{n}", name=f"Region {n}", kind="admin1", parent=country) for n in (1, 2)
        ]
        districts = {
            f"district-{n}": LocationFactory(
                public_id=f"district-{n}", name=f"District {n}", kind="admin2", parent=regions[n == 3]
            )
            for n in (1, 2, 3)
        }
        self.places = {
            place: LocationFactory(
                public_id=place, name=name, parent=districts[parent], latitude=latitude, longitude=longitude
            )
            for place, (name, parent, latitude, longitude) in PLACES.items()
        }
        self.evidence: dict[str, dict[str, Any]] = {}
        self.open = [self._open_incident(each) for level in LEVELS for each in candidates(level)]
        publishing.publish(self.open, message="What is open")
        made = [self._target(each) for each in held]
        first = made if open_too else made[::2]
        publishing.publish(first, message="In full")
        make(ReleaseRequest("full"), Quiet())
        if not open_too:
            self._hold_back(made)

    def _open_incident(self, candidate: Candidate) -> Incident:
        key = candidate.key
        source = SourceFactory(public_id=f"source-{key}", name=f"Gazette {key}", kind="news_outlet")
        relays = SourceFactory(public_id=f"relayed-{key}", name=f"Channel {key}", kind="official_channel")
        report = ReportFactory(
            public_id=f"report-{key}",
            source=source,
            relays=relays,
            title=f"Headline {key}",
            url=f"https://{key}.example.org/",
            published_on=candidate.day,
        )
        actor = ActorFactory(public_id=f"actor-{key}", name=f"Group {key}", kind="partisans")
        self.evidence[key] = {"report": report, "actor": actor, "source": source}
        made: Incident = IncidentFactory(
            public_id=f"open-{key}",
            dataset=self.dataset,
            summary=f"Shots in {candidate.name}, words of {key}.",
            location=self.places[candidate.place],
            date_start=candidate.day,
            date_end=candidate.day,
            reports=[report],
            actors=[(actor, "alleged_perpetrator")],
            tags=[f"tag-{key}", "railway"],
            attributes={"village": f"Village {key}", "quarter": candidate.quarter},
        )
        return made

    def _target(self, target: Target) -> Incident:
        right = target.candidates[self.bits[target.id]]
        evidence = self.evidence[right.key]
        made: Incident = IncidentFactory(
            public_id=target.id,
            dataset=self.dataset,
            summary=f"Shots in {right.name} on {right.day:%d.%m.%Y}, words of {right.key}.",
            location=self.places[right.place],
            location_as_reported=f"{right.name} reported",
            location_remark=f"Near {right.name}",
            date_start=right.day,
            date_end=right.day,
            date_remark=f"On {right.day}",
            time_of_day=f"0{self.bits[target.id]}:30",
            time_zone="Europe/Kyiv",
            reports=[evidence["report"]],
            actors=[(evidence["actor"], "alleged_perpetrator")],
            tags=[f"tag-{right.key}", f"only-{target.id}-{right.key}", "railway"],
            extra={"village": right.name},
            attributes={"village": f"Village {right.key}", "quarter": right.quarter},
            killed_low=1,
            killed_best=1,
            killed_high=1,
        )
        for field, value in (("damage", f"House in {right.name}"), ("killed", 1), ("location", right.name)):
            Claim.objects.create(
                incident=made, report=evidence["report"], speaker=evidence["source"], field=field, value=value
            )
        return made

    def _hold_back(self, made: Sequence[Incident]) -> None:
        """Coarsen all of them, relate those that were never public to what happened there, and publish."""
        for incident, target in zip(made, self.held, strict=True):
            for name, value in DISCLOSURE[target.level].items():
                setattr(incident, name, value)
            incident.save()
        opened = {each.public_id: each for each in self.open}
        for incident, target in zip(made, self.held, strict=True):
            if not _was_public(incident):
                right = target.candidates[self.bits[target.id]]
                Relation.objects.create(incident=incident, related=opened[f"open-{right.key}"], relation="same_episode")
        publishing.publish([*made, *self.open], message="Held back", reduce_because=REASON)
        refresh("full", Quiet())


def _was_public(incident: Incident) -> bool:
    return bool(Revision.objects.of("incident", [incident.public_id]).exists())
