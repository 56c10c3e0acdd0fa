"""What an origin publishes: anything that editors can do, at random from a seed, redactions and large loads included.

`python -m tests.mirroring.story SEED CHANGES` does it in the database of the environment until so many changes are
published, and prints how many publications those are.
"""

from __future__ import annotations

import sys
from typing import Any

LARGE = 40
"""Incidents that one publication adds at once, now and then."""


class Story:
    """Editors at work; each step is one publication."""

    def __init__(self, seed: int) -> None:
        from incidents import publishing
        from tests.ledger.editing import Editors
        from tests.query.world import World

        self.world = World(seed)
        publishing.publish(
            [*self.world.sources, *self.world.actors, *self.world.datasets, *self.world.locations.values()],
            message="The places, sources and actors",
            author="somebody",
        )
        publishing.publish([self.world.incident() for _ in range(LARGE)], author="somebody")
        self.editors = Editors(self.world)
        self.chance = self.world.random

    def step(self) -> None:
        """Publish something."""
        number = self.chance.random()
        if number < 0.03:
            self._redact()
        elif number < 0.06:
            self._load()
        elif number < 0.12:
            self._reduce()
        else:
            self.editors.act()

    def _redact(self) -> None:
        from incidents import publishing

        incident = self.chance.choice(self.editors.open)
        try:
            publishing.redact(incident, reason="Puts people in danger.")
        except publishing.RefusedError:  # another was merged into it
            return
        self.editors.open.remove(incident)

    def _reduce(self) -> None:
        from incidents import publishing

        incident = self.chance.choice(self.editors.open)
        record = incident
        chance = self.chance.random()
        if chance < 0.2:
            record = self.chance.choice(self.world.sources)
            record.name = f"A source {self.chance.randint(1, 99)}"
        elif chance < 0.4:
            record = self.chance.choice(list(self.world.locations.values()))
            record.name = f"A place {self.chance.randint(1, 99)}"
        else:
            incident.place_disclosure = self.chance.choice(("admin1", "country"))
            incident.date_disclosure = self.chance.choice(("full", "month"))
        record.save()
        try:
            publishing.reduce([record], reason="Puts people in danger.")
        except publishing.RefusedError:  # another was merged into it, or it is not ready
            return

    def _load(self) -> None:
        from incidents import publishing

        fresh: list[Any] = [self.world.incident() for _ in range(self.chance.randint(2, LARGE))]
        publishing.publish(fresh, message="A load")
        self.editors.open += fresh


def main(seed: int, changes: int) -> None:
    """Publish until there are so many changes."""
    import django

    django.setup()
    from incidents.ledger.models import Head, Revision

    story = Story(seed)
    while Revision.objects.count() < changes:
        story.step()
    sys.stdout.write(f"{Head.objects.get().seq}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
