"""A small world of working records, made by chance from a seed: every corner that a query can turn on is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import orjson
import time_machine

from incidents import models, vocabulary
from incidents.ledger.models import Revision
from tests.factories import (
    ActorFactory,
    DatasetFactory,
    IncidentFactory,
    LocationFactory,
    ReportFactory,
    SourceFactory,
)

FIRST_DAY = date(2022, 6, 1)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
LENGTHS = (0, 0, 0, 0, 1, 6, 30, 61, 62, 63, 90, 400)
"""Days that incidents last; 62 is where the index tells short from long."""

PLACES = (  # id, name, kind, parent, country, latitude, longitude, names
    ("ukraine", "Ukraine", "country", None, "UKR", 49.0, 32.0, ("Україна",)),
    ("luhansk-oblast", "Luhansk Oblast", "admin1", "ukraine", "UKR", 49.2, 38.9, ("Луганська область",)),
    ("donetsk-oblast", "Donetsk Oblast", "admin1", "ukraine", "UKR", 48.1, 37.7, ("Донецька область",)),
    ("starobilsk-raion", "Starobilsk Raion", "admin2", "luhansk-oblast", "", 49.3, 39.0, ()),
    ("bilovodsk", "Bilovodsk", "settlement", "starobilsk-raion", "", 49.20846, 39.58975, ("Біловодськ", "Belovodsk")),
    ("sievierodonetsk", "Sievierodonetsk", "settlement", "luhansk-oblast", "", 48.9483, 38.4917, ("Сєвєродонецьк",)),
    ("donetsk", "Donetsk", "settlement", "donetsk-oblast", "", 48.0159, 37.8029, ("Донецьк",)),
    ("svatove-kreminna", "Svatove–Kreminna front", "landscape", "luhansk-oblast", "", None, None, ()),
    ("fiji", "Fiji", "country", None, "FJI", -17.8, 178.0, ("Viti",)),
    ("taveuni", "Taveuni", "settlement", "fiji", "", -16.8, 179.97, ()),
    ("vanua-balavu", "Vanua Balavu", "settlement", "fiji", "", -17.2, -179.0, ()),
    ("date-line", "On the date line", "facility", "fiji", "", -16.5, 180.0, ()),
    ("date-line-east", "East of the date line", "facility", "fiji", "", -16.5, -180.0, ()),
    ("north-pole", "North Pole", "sea", None, "", 90.0, 0.0, ()),
    ("south-pole", "South Pole", "other", None, "", -90.0, 45.0, ("Пôle Sud",)),
    ("null-island", "Null Island", "sea", None, "", 0.0, 0.0, ()),
)
SPOKEN = ("shots", "Schüsse", "вибух", "взрыв", "bridge", "п'ять", "convoy", "café", "東京", "l'école", "No-24")
ADDED_NAME = "Юзовка"
"""A name that a place is given late, so that incidents which are not edited are found by it from then on."""
TAGS = ("railway-war", "Railway war", "ніч", "été", "x", "100%", "a,b")


class World:
    """Working records by kind and id, and a clock that moves a second a step."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.locations: dict[str, Any] = {}
        for public_id, name, kind, parent, country, latitude, longitude, names in PLACES:
            place = LocationFactory(
                public_id=public_id,
                name=name,
                kind=kind,
                parent=self.locations.get(parent or ""),
                country_code=country,
                latitude=latitude,
                longitude=longitude,
                geonames_id=self.random.choice((None, len(self.locations))),
            )
            self.locations[public_id] = place
            for other in names:
                models.PlaceName.objects.create(location=place, name=other)
        self.datasets = [
            DatasetFactory(public_id=f"data-{n}", licence=("CC0-1.0", "ODbL-1.0")[n % 2]) for n in range(3)
        ]
        self.sources = [
            SourceFactory(
                public_id=f"source-{n}",
                name=f"{self.random.choice(SPOKEN)} Post {n}",
                kind=self.pick(vocabulary.SOURCE_KINDS),
                language=self.random.choice(("uk", "ru", "en", "")),
                country_code=self.random.choice(("UKR", "RUS", "")),
                scale=self.pick(vocabulary.SCALES),
                reliability=self.pick(vocabulary.RELIABILITIES),
            )
            for n in range(8)
        ]
        self.actors = [
            ActorFactory(public_id=f"group-{n}", name=f"Group {n}", kind=self.pick(vocabulary.ACTOR_KINDS))
            for n in range(6)
        ]
        self.reports = [self._report(n) for n in range(12)]
        self.incidents: dict[str, Any] = {}

    def pick(self, of: Any) -> str:
        """Return a code of a vocabulary."""
        return str(self.random.choice(list(of)))

    def some(self, of: Any, most: int) -> list[Any]:
        """Return up to `most` things, each once."""
        return self.random.sample(list(of), self.random.randint(0, most))

    def _report(self, number: int) -> Any:
        source, relays = self.random.sample(self.sources, 2)
        return ReportFactory(
            public_id=f"report-{number}",
            source=source,
            relays=self.random.choice((relays, None)),
            title=f"Title {self.random.choice(SPOKEN)}",
        )

    def facts(self) -> dict[str, Any]:
        """Return values for the fields of an incident."""
        subtype = self.random.choice(("", self.pick(vocabulary.EVENT_SUBTYPES)))
        start = FIRST_DAY + timedelta(days=self.random.choice((0, 1, 2, 30, 63, self.random.randint(0, 500))))
        end: date | None = start + timedelta(days=self.random.choice(LENGTHS))
        bounds = self.random.choice([(start, end)] * 8 + [(None, end), (start, None), (None, None)])
        own_point = self.random.random() < 0.2
        return {
            "dataset": self.random.choice(self.datasets),
            "summary": " ".join(self.random.choices(SPOKEN, k=3)) + ".",
            "event_subtype": subtype,
            "event_type": vocabulary.EVENT_SUBTYPES[subtype].parent if subtype else self.pick(vocabulary.EVENT_TYPES),
            "date_start": bounds[0],
            "date_end": bounds[1],
            "date_precision": self.pick(vocabulary.DATE_PRECISIONS) if any(bounds) else "unknown",
            "location": self.random.choice([*self.locations.values(), None]),
            "location_as_reported": self.random.choice(("", "Beloe", "рядом")),
            "location_precision": self.pick(vocabulary.LOCATION_PRECISIONS),
            "latitude": round(self.random.uniform(-90, 90), 4) if own_point else None,
            "longitude": self.random.choice((180.0, -180.0, round(self.random.uniform(-180, 180), 4)))
            if own_point
            else None,
            "targets": self.some(vocabulary.TARGET_KINDS, 3),
            "tags": self.some(TAGS, 2),
            "place_disclosure": self.random.choice(["full"] * 9 + ["admin1"]),
            "date_disclosure": self.random.choice(["full"] * 9 + ["month"]),
            **self._figures("killed"),
            **self._figures("injured"),
        }

    def _figures(self, what: str) -> dict[str, int | None]:
        low, best, high = sorted(self.random.choices(range(5), k=3))
        return {
            f"{what}_low": self.random.choice((low, None)),
            f"{what}_best": self.random.choice((best, best, None)),
            f"{what}_high": self.random.choice((high, None)),
        }

    def incident(self) -> Any:
        """Make a ready incident with actors, reports and a claim."""
        number = len(self.incidents)
        reports = self.some(self.reports, 3)
        incident = IncidentFactory(
            public_id=f"case-{number}" if number % 3 else f"case-{number:04}.b",
            reports=reports,
            actors={
                (actor.pk, role): (actor, role)
                for actor in self.some(self.actors, 2)
                for role in self.random.choices(list(vocabulary.ACTOR_ROLES), k=2)
            }.values(),
            **self.facts(),
        )
        self.incidents[incident.public_id] = incident
        if reports and self.random.random() < 0.7:
            models.Claim.objects.create(
                incident=incident,
                report=self.random.choice(reports),
                field="damage",
                value=self.random.choice((2, "traffic lights out", {"count": 3})),
                quote=self.random.choice(("", "«Вибух» was heard")),
            )
        return incident

    def edit(self, incident: Any) -> None:
        """Change an incident at random."""
        for name, value in self.facts().items():
            setattr(incident, name, value)
        incident.save()


def public(kind: str) -> dict[str, tuple[dict[str, Any], int]]:
    """Return what is public now: id → document, and the publication that wrote it."""
    rows = Revision.objects.live().of(kind)
    first = dict(Revision.objects.of(kind).filter(number=1).values_list("record_id", "published_at"))
    return {
        name: (as_shown(orjson.loads(text), first[name]), seq)
        for name, text, seq in rows.values_list("record_id", "document", "seq")
    }


def as_shown(document: dict[str, Any], first: datetime) -> dict[str, Any]:
    """Return a stored document with the time of the first publication after that of its own."""
    shown: dict[str, Any] = {}
    for name, value in document.items():
        shown[name] = value
        if name == "published":
            shown["first_published"] = f"{first:%Y-%m-%dT%H:%M:%SZ}"
    return shown


@contextmanager
def clock() -> Iterator[Callable[[], None]]:
    """Hold the time still, and give what moves it on by ten seconds."""
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda: traveller.shift(10)
