"""Records other than incidents that are public with their secrets, and are reduced later."""

from __future__ import annotations

from typing import Any

from incidents import publishing
from incidents.models import Dataset, DatasetAttribute, Incident, Location
from tests.attributes.conftest import declare
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

REASON = "For the safety of people."


class Others:
    """A source, an actor, a place, a report and a field of a dataset, and two incidents that show them."""

    def __init__(self, bit: int, district: Location) -> None:
        """Publish them with their secrets, and withdraw one of the incidents."""

        def pick(one: Any, other: Any) -> Any:
            return (one, other)[bit]

        self._dataset: Dataset = DatasetFactory(public_id="own-data")
        declare(self._dataset, "informant", "text")
        declare(self._dataset, "shown", "text")
        self._named: dict[str, Any] = {
            "source": SourceFactory(public_id="speaker", name=pick("Ivan Kovalenko", "Petro Shevchuk"), kind="witness"),
            "actor": ActorFactory(public_id="group", name=pick("Band of Ivan", "Band of Petro")),
            "place": LocationFactory(
                public_id="hut",
                name=pick("Hut of Ivan", "Hut of Petro"),
                parent=district,
                latitude=pick(48.123, 48.321),
                longitude=pick(38.123, 38.321),
            ),
        }
        self._report = ReportFactory(
            public_id="said", source=self._named["source"], title=pick("Ivan tells", "Petro tells")
        )
        own = pick("Ivan, a teacher", "Petro, a miner")
        self._shows = [
            IncidentFactory(
                public_id=f"shows-{n}",
                dataset=self._dataset,
                location=self._named["place"],
                reports=[self._report],
                actors=[(self._named["actor"], "target")],
                attributes={"informant": own, "shown": "Shown"},
            )
            for n in range(2)
        ]
        publishing.publish([*self._named.values(), *self._shows], message="With names")
        publishing.withdraw([self._shows[1]], reason="Doubts.")

    def reduce(self) -> None:
        """Publish all of them without their names, and reduce what was public."""
        for kind, record in self._named.items():
            record.name = f"A {kind}"
            if kind == "place":
                record.latitude = record.longitude = None
            record.save()
        self._report.title = "Report"
        self._report.save()
        DatasetAttribute.objects.filter(dataset=self._dataset, name="informant").update(is_public=False)
        self._dataset.refresh_from_db()
        shown = Incident.objects.get(pk=self._shows[0].pk)
        publishing.reduce(list(self._named.values()), reason=REASON)
        publishing.publish([self._dataset], reduce_because=REASON)
        publishing.reduce([shown, Incident.objects.get(pk=self._shows[1].pk)], reason=REASON)
