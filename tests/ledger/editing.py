"""Editors who do anything that can be done, at random from a seed, one publication at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from incidents import models, publishing, vocabulary
from tests.factories import ActorFactory, LocationFactory, SourceFactory
from tests.query.world import SPOKEN, World


class Editors:
    """Edits a world and publishes each edit; `done` counts the publications of each kind of edit."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.random
        self.done: Counter[str] = Counter()
        self.withdrawn: list[Any] = []
        self.open: list[Any] = list(world.incidents.values())
        """Incidents that are neither withdrawn nor merged."""
        self.twins = 0
        self.acts: list[Callable[[], publishing.Result]] = [
            *[self.add] * 3,
            *[self.edit] * 4,
            self.withdraw,
            self.bring_back,
            self.merge_incidents,
            self.relate,
            self.rename_place,
            self.move_place,
            self.move_place_elsewhere,
            self.name_place,
            self.merge_places,
            self.edit_source,
            self.merge_sources,
            self.edit_actor,
            self.merge_actors,
            self.edit_dataset,
        ]

    def act(self) -> int:
        """Do one thing that changes what is public; returns its publication's seq."""
        while True:
            act = self.chance.choice(self.acts)
            try:
                result = act()
            except publishing.RefusedError:
                self.done[f"{act.__name__} refused"] += 1
                continue
            if result.seq is not None:
                self.done[act.__name__] += 1
                return result.seq

    def next_twin(self) -> int:
        """Return the number of a record that is made to be merged."""
        self.twins += 1
        return self.twins - 1

    def add(self) -> publishing.Result:
        self.open.append(self.world.incident())
        return publishing.publish([self.open[-1]])

    def edit(self) -> publishing.Result:
        some = self.chance.sample(self.open, 2)
        for incident in some:
            self.world.edit(incident)
        return publishing.publish(some)

    def withdraw(self) -> publishing.Result:
        incident = self.chance.choice(self.open)
        result = publishing.withdraw([incident], reason="Doubts.")
        self.open.remove(incident)
        self.withdrawn.append(incident)
        return result

    def bring_back(self) -> publishing.Result:
        if not self.withdrawn:
            raise publishing.RefusedError("There is none.")
        self.open.append(self.withdrawn.pop())
        self.open[-1].editorial_status = "ready"  # which withdrawing took from it
        self.open[-1].save()
        return publishing.publish([self.open[-1]])

    def merge_incidents(self) -> publishing.Result:
        incident, target = self.chance.sample(self.open, 2)
        result = publishing.merge(incident, target, reason="Told twice.")
        self.open.remove(incident)
        return result

    def relate(self) -> publishing.Result:
        one, other = self.chance.sample(self.open, 2)
        models.Relation.objects.get_or_create(incident=one, related=other, relation="part_of")
        return publishing.publish([one])

    def _place(self) -> Any:
        return models.Location.objects.get(pk=self.chance.choice(list(self.world.locations.values())).pk)

    def _published(self, record: Any, **values: Any) -> publishing.Result:
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        return publishing.publish([record])

    def rename_place(self) -> publishing.Result:
        return self._published(self._place(), name=f"{self.chance.choice(SPOKEN)} {self.chance.randint(0, 99)}")

    def move_place(self) -> publishing.Result:
        return self._published(self._place(), latitude=round(self.chance.uniform(-90, 90), 3), longitude=38.5)

    def move_place_elsewhere(self) -> publishing.Result:
        regions = [self.world.locations[name] for name in ("luhansk-oblast", "donetsk-oblast", "fiji")]
        place = self.world.locations[self.chance.choice(("bilovodsk", "sievierodonetsk", "donetsk", "taveuni"))]
        return self._published(models.Location.objects.get(pk=place.pk), parent=self.chance.choice(regions))

    def name_place(self) -> publishing.Result:
        place = self._place()
        models.PlaceName.objects.get_or_create(
            location=place, name=f"Назва {self.chance.randint(0, 99)}", language="uk"
        )
        return publishing.publish([place])

    def merge_places(self) -> publishing.Result:
        target = self._place()
        twin = LocationFactory(public_id=f"twin-{self.next_twin()}", name="Twin", parent=target.parent, latitude=1.0)
        incident = self.chance.choice(self.open)
        self._published(incident, location=twin)
        result = publishing.merge(twin, target, reason="The same place.")
        incident.refresh_from_db()
        return result

    def edit_source(self) -> publishing.Result:
        source = self.chance.choice(self.world.sources)
        return self._published(
            source, name=f"Post {self.chance.randint(0, 99)}", kind=self.world.pick(vocabulary.SOURCE_KINDS)
        )

    def merge_sources(self) -> publishing.Result:
        twin, target = SourceFactory(public_id=f"paper-{self.next_twin()}"), self.chance.choice(self.world.sources)
        report = self.chance.choice(self.world.reports)
        models.Report.objects.filter(pk=report.pk).update(source=twin)
        report.refresh_from_db()
        publishing.publish([*[each for each in self.open if report in each.reports.all()], target])
        result = publishing.merge(twin, target, reason="The same paper.")
        report.refresh_from_db()
        return result

    def edit_actor(self) -> publishing.Result:
        return self._published(self.chance.choice(self.world.actors), name=f"Group {self.chance.randint(0, 99)}")

    def merge_actors(self) -> publishing.Result:
        twin, target = ActorFactory(public_id=f"unit-{self.next_twin()}"), self.chance.choice(self.world.actors)
        incident = self.chance.choice(self.open)
        models.IncidentActor.objects.create(incident=incident, actor=twin, role="claimant", certainty="claimed")
        publishing.publish([incident, target])
        return publishing.merge(twin, target, reason="The same group.")

    def edit_dataset(self) -> publishing.Result:
        licences = ("CC0-1.0", "ODbL-1.0", "CC-BY-4.0")
        return self._published(self.chance.choice(self.world.datasets), licence=self.chance.choice(licences))
