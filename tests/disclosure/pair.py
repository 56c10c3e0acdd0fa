"""A world with a secret of every kind, each in one of two forms; two worlds differ in nothing but which form that is.

What is held back went every way that a record can go: entered and never public in full, public in full and reduced,
withdrawn, merged, redacted, edited while it was held back, loaded from a file, a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from incidents import publishing
from incidents.models import Claim, Dataset, Incident, PlaceName, Relation
from incidents.releasing.release import ReleaseRequest, make, refresh
from tests.attributes.conftest import declare
from tests.disclosure.pair_loading import load_held_back
from tests.disclosure.pair_others import REASON, Others
from tests.disclosure.pair_values import CODES, DAYS, LEVELS, OWN, PAIRS, SHOWN_DAY, TOWNS, UNKNOWN, WAYS
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.releases.making import Quiet


class Pair:
    """One of two worlds; everything is made in the same order in both."""

    def __init__(self, bit: int, copies: int, later: Callable[[], None]) -> None:
        """`copies`: incidents of each level and way; `later` moves the time on."""
        self.bit, self.copies = bit, copies
        self._geography()
        self._datasets()
        self._speakers()
        self.open = [self._open(each) for each in TOWNS]
        publishing.publish([*self.towns.values(), *self.open], message="What is open")
        others = Others(bit, self.districts[0])
        later()
        self.held = {
            f"{way}-{level}-{n}": self._held(f"{way}-{level}-{n}", level)
            for way in WAYS
            for level in LEVELS
            for n in range(copies)
        }
        self._redact_and_draft()
        later()
        self._publish_in_full()
        make(ReleaseRequest("full"), Quiet())
        later()
        self._hold_back()
        load_held_back(bit, 2 * copies, self.towns[self.pick(*PAIRS["both"])])
        later()
        self._go_on()
        later()
        others.reduce()
        refresh("full", Quiet())
        make(ReleaseRequest("later"), Quiet())

    def pick(self, one: Any, other: Any) -> Any:
        """Return the form of a secret."""
        return (one, other)[self.bit]

    def _geography(self) -> None:
        country = LocationFactory(public_id="ukr", name="Ukraine", kind="country", latitude=49.0, longitude=37.0)
        self.regions = [
            LocationFactory(
                public_id=f"region-{n}",
                name=f"Region {n}",
                kind="admin1",
                parent=country,
                latitude=48 + n,
                longitude=37,
            )
            for n in (1, 2)
        ]
        self.districts = [
            LocationFactory(
                public_id=f"district-{n}",
                name=f"District {n}",
                kind="admin2",
                parent=self.regions[n == 3],
                latitude=48.2 + n / 8,
                longitude=38.2,
            )
            for n in (1, 2, 3)
        ]
        self.towns: dict[str, Any] = {}
        for public_id, (name, other, district, latitude, longitude) in TOWNS.items():
            place = LocationFactory(
                public_id=public_id,
                name=name,
                parent=self.districts[district - 1],
                latitude=latitude,
                longitude=longitude,
                geonames_id=len(self.towns) + 7001,
            )
            PlaceName.objects.create(location=place, name=other, language="uk")
            self.towns[public_id] = place
        self.unknown = [
            LocationFactory(public_id=key, name=name, parent=self.districts[n - 1], latitude=up, longitude=across)
            for key, (name, n, up, across) in UNKNOWN.items()
        ]

    def _datasets(self) -> None:
        self.dataset: Dataset = DatasetFactory(public_id="data", safe_tags=["railway"])
        for name, type_, *_ in OWN:
            declare(self.dataset, name, type_, CODES if type_.startswith("code") else ())
        declare(self.dataset, "weapon", "text", generalised="keep")
        declare(self.dataset, "inner", "text", is_public=False)

    def _speakers(self) -> None:
        self.sources: dict[str, Any] = {}
        self.relays: dict[str, Any] = {}
        self.actors: dict[str, Any] = {}
        self.reports: dict[str, Any] = {}
        for key in TOWNS:
            source = SourceFactory(public_id=f"source-{key}", name=f"Gazette of {key}", kind="news_outlet")
            relays = SourceFactory(public_id=f"channel-{key}", name=f"Channel of {key}", kind="official_channel")
            self.sources[key], self.relays[key] = source, relays
            self.actors[key] = ActorFactory(public_id=f"band-{key}", name=f"Band of {key}")
            self.reports[key] = ReportFactory(
                public_id=f"report-{key}",
                source=source,
                relays=relays,
                title=f"Headline of {key}",
                url=f"https://{key}.example.org/1",
                archive_url=f"https://archive.example.org/{key}",
                published_on=date(2022, 10, 1 + len(self.reports)),
                language=("uk", "ru", "en", "fr")[len(self.reports)],
                excerpt=f"Excerpt of {key}",
            )
        self.safe = ActorFactory(public_id="army", name="The Army", safe_when_generalised=True)

    def _own_values(self) -> dict[str, Any]:
        values = {name: self.pick(one, other) for name, _, one, other in OWN}
        values |= {"weapon": "rifle", "inner": self.pick("inner north", "inner south")}
        return {name: value for name, value in values.items() if value is not None}

    def _open(self, key: str) -> Incident:
        made: Incident = IncidentFactory(
            public_id=f"open-{key}",
            dataset=self.dataset,
            summary=f"Shots in {TOWNS[key][0]}.",
            location=self.towns[key],
            date_start=date(2022, 8, 4),
            date_end=date(2022, 8, 4),
            reports=[self.reports[key]],
            actors=[(self.actors[key], "alleged_perpetrator")],
            tags=[f"tag-{key}", "railway"],
            attributes={"village": "Open hamlet", "quarter": "north", "crew": 313},
        )
        return made

    def _held(self, public_id: str, level: str) -> Incident:
        """Make an incident that is not held back yet; what its level hides is the secret."""
        pair = PAIRS.get(level, ("alphaville", "alphaville"))
        key = self.pick(*(pair if level in PAIRS else ("alphaville", "betatown")))
        place = self.towns[self.pick(*pair)]
        day = self.pick(*DAYS.get(level, (SHOWN_DAY, SHOWN_DAY)))
        hides_place = level in PAIRS
        point = {"latitude": self.pick(48.05, 48.4), "longitude": self.pick(38.02, 38.5)} if hides_place else {}
        made: Incident = IncidentFactory(
            public_id=f"held-{public_id}",
            dataset=self.dataset,
            summary=f"Shots in {place.name} on {day:%d.%m.%Y}, said {key}.",
            location=place,
            location_as_reported=self.pick("Alfa-vil", "Beta-taun"),
            location_remark=self.pick("Near the mill", "Near the pier"),
            location_precision=self.pick("exact", "settlement") if hides_place else "settlement",
            radius_km=self.pick(1.5, 12.0) if hides_place else 5.0,
            **point,
            date_start=day,
            date_end=day,
            date_precision="day",
            date_remark=self.pick("By the bells", "By the sirens"),
            time_of_day=self.pick("03:33", "21:21"),
            time_zone=self.pick("Europe/Kyiv", ""),
            reports=[self.reports[key], *self._second(key)],
            actors=[(self.actors[key], "alleged_perpetrator"), (self.safe, "target")],
            tags=[f"tag-{key}", "railway", *self.pick(["extra-tag"], [])],
            extra=self.pick({"town": "Mill"}, {"town": "Pier", "more": "Quay"}),
            attributes=self._own_values(),
            killed_best=2,
            note=self.pick("An editor's note north", "An editor's note south"),
        )
        claims: list[tuple[str, Any]] = [("killed", 2), ("damage", f"A house in {place.name}"), ("location", key)]
        for at, (field, value) in enumerate(claims + self.pick([("other", "More")], [])):
            Claim.objects.create(
                incident=made,
                report=self.reports[key],
                speaker=self.sources[key],
                field=field,
                value=value,
                quote=f"Quote of {key}",
                position=self.pick(at, 9 - at),
            )
        Relation.objects.create(incident=made, related=self._opened(key), relation="same_episode")
        return made

    def _second(self, key: str) -> Sequence[Any]:
        """Another report, before or after the first in the order of ids."""
        others = {
            "alphaville": "betatown",
            "betatown": "alphaville",
            "gammaburg": "deltaport",
            "deltaport": "gammaburg",
        }
        return [self.reports[others[key]]]

    def _opened(self, key: str) -> Incident:
        return next(each for each in self.open if each.public_id == f"open-{key}")

    def _way(self, *ways: str) -> list[Incident]:
        return [each for name, each in self.held.items() if name.split("-")[0] in ways]

    def _redact_and_draft(self) -> None:
        """What is redacted later, drafts, and edits of an open incident that are not published."""
        self.redacted = [self._held(f"redacted-{level}", level) for level in LEVELS]
        for level in LEVELS:
            draft = self._held(f"draft-{level}", level)
            draft.editorial_status = self.pick("draft", "in_review")
            draft.location = self.pick(*self.unknown)
            draft.save()

    def _publish_in_full(self) -> None:
        ways = self._way("reduced", "late", "withdrawn", "merged", "finer")
        for each in [*ways, *self.redacted]:
            # Relations would be reduced with them on what is open: who was related became public, says the guide.
            Relation.objects.filter(incident=each).delete()
        publishing.publish(ways, message="In full")
        publishing.publish(self.redacted, message="To be redacted")
        corrected = self.redacted[0]
        corrected.summary = self.pick("Corrected once north.", "Corrected once south.")
        corrected.save()
        publishing.publish([corrected])

    def _hold_back(self) -> None:
        for name, incident in self.held.items():
            way, level, _ = name.split("-")
            finer = {"country": "admin1", "admin1": "admin2", "year": "month"}
            for field, value in LEVELS[level].items():
                setattr(incident, field, finer.get(value, value) if way == "finer" else value)
            incident.save()
        late = self._way("late")
        publishing.publish(late, message="Held back, history kept")
        others = [each for name, each in self.held.items() if name.split("-")[0] not in ("late", "finer")]
        publishing.publish([*others, *self.open], message="Held back", reduce_because=REASON)
        publishing.reduce(late, reason=REASON)
        for each in self.redacted:
            publishing.redact(each, reason="Puts people in danger.")

    def _go_on(self) -> None:
        """Go on with what is held back, and with the places, sources and actors of both worlds."""
        for incident in self._way("edited"):  # another place, day and evidence within the same area or month
            level = incident.public_id.split("-")[2]
            other = PAIRS.get(level, ("alphaville", "alphaville"))[1 - self.bit]
            day = DAYS.get(level, (SHOWN_DAY, SHOWN_DAY))[1 - self.bit]
            incident.location, incident.date_start, incident.date_end = self.towns[other], day, day
            incident.summary, incident.time_of_day, incident.time_zone = f"Another text on {other}.", "", ""
            incident.evidence.all().delete()
            incident.claims.exclude(field="killed").delete()
            incident.claims.update(report=self.reports["gammaburg"])
            for at, key in enumerate(("gammaburg", "deltaport")):
                incident.evidence.create(report=self.reports[key], position=at)
            incident.save()
        edited = publishing.publish(self._way("edited"), message="Edited")
        assert edited.seq is None, "readers would see that something was edited"
        finer = self._way("finer")
        for incident in finer:
            for field, value in LEVELS[incident.public_id.split("-")[2]].items():
                setattr(incident, field, value)
            incident.save()
        publishing.publish(finer, message="Coarser still", reduce_because=REASON)
        publishing.withdraw(self._way("withdrawn"), reason="Doubts.")
        for incident in self._way("merged"):
            never = self.held[incident.public_id.removeprefix("held-").replace("merged", "never")]
            publishing.merge(incident, never, reason="Told twice.")
        for incident in self.open:
            incident.killed_best = 3
            incident.save()
        # What is in an area or speaks in a report gets another name, or gives way to another one.
        self.towns["betatown"].name = "Betatown-on-Sea"
        self.towns["betatown"].save()
        self.sources["betatown"].name = "Gazette of the sea"
        self.sources["betatown"].save()
        self.actors["betatown"].name = "Band of the sea"
        self.actors["betatown"].save()
        publishing.publish(
            [*self.open, self.towns["betatown"], self.sources["betatown"], self.actors["betatown"]], message="Renamed"
        )
        merged = LocationFactory(
            public_id="betatown-two", name="Betatown", parent=self.districts[0], latitude=48.27, longitude=38.43
        )
        publishing.publish([merged])
        publishing.merge(self.towns["betatown"], merged, reason="The same.")
        publishing.merge(self.sources["betatown"], self.sources["alphaville"], reason="The same.")
        publishing.merge(self.actors["betatown"], self.actors["alphaville"], reason="The same.")
        again = [Incident.objects.get(pk=each.pk) for each in self._way("renamed", "reduced", "never", "edited")]
        publishing.publish([*again, *Incident.objects.filter(public_id__startswith="open-")], message="Once more")
