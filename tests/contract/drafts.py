"""Five hundred records that are not public, linked to what is public in every way that the models allow."""

from __future__ import annotations

from random import Random
from typing import Any

from incidents import models, vocabulary
from tests.factories import (
    ActorFactory,
    DatasetFactory,
    IncidentFactory,
    LocationFactory,
    ReportFactory,
    SourceFactory,
)
from tests.query.world import World

STATUSES = ("draft", "in_review", "rejected", "ready")
"""Ready, too: it is the publication that counts."""


def add_drafts(world: World, seed: int) -> int:
    """Add drafts around a world, and edits of it that are not published; returns how many records are drafts."""
    chance = Random(seed)
    before = total()
    places = _places(world, chance)
    sources = [
        SourceFactory(public_id=f"draft-source-{n}", name=f"Secret Post {n}", country_code="DRA") for n in range(40)
    ]
    actors = [ActorFactory(public_id=f"draft-group-{n}", name=f"Secret group {n}") for n in range(40)]
    datasets = [DatasetFactory(public_id=f"draft-data-{n}", licence="LicenseRef-secret") for n in range(20)]
    reports = _reports(world, chance, sources)
    for number in range(300):
        _incident(world, chance, number, places, [*sources, *world.sources], actors, datasets, reports)
    _edit_what_is_public(world, chance, places, sources, actors)
    return total() - before


def total() -> int:
    """Return how many working records there are."""
    kinds = (models.Incident, models.Location, models.Source, models.Actor, models.Dataset, models.Report)
    return sum(kind._default_manager.count() for kind in kinds)


def _places(world: World, chance: Random) -> list[Any]:
    parents = [*world.locations.values(), None]
    return [
        LocationFactory(
            public_id=f"draft-place-{number}",
            name=chance.choice(("Secret town", "Bilovodsk", "Luhansk Oblast")),
            kind=chance.choice(("settlement", "admin1", "admin2")),
            parent=chance.choice(parents),
            country_code=chance.choice(("UKR", "DRA")),
            geonames_id=chance.choice((None, number)),
        )
        for number in range(60)
    ]


def _reports(world: World, chance: Random, sources: list[Any]) -> list[Any]:
    """Make reports by published sources that relay drafts, the other way round, and both drafts."""
    pairs = [(world.sources, sources), (sources, world.sources), (sources, sources)]
    chosen = [chance.choice(pairs) for _ in range(40)]
    return [
        ReportFactory(
            public_id=f"draft-report-{number}", source=chance.choice(of), relays=chance.choice(by), title="Secret title"
        )
        for number, (of, by) in enumerate(chosen)
    ]


def _incident(
    world: World,
    chance: Random,
    number: int,
    places: list[Any],
    speakers: list[Any],
    actors: list[Any],
    datasets: list[Any],
    reports: list[Any],
) -> None:
    facts = world.facts() | {
        "summary": "Secret shots at a secret bridge.",
        "tags": ["secret", "railway-war"],
        "location": chance.choice([*world.locations.values(), *places, None]),
        "dataset": chance.choice([*world.datasets, *datasets]),
    }
    shown = chance.sample([*reports, *world.reports], 2)
    draft = IncidentFactory(
        public_id=f"draft-{number}",
        editorial_status=chance.choice(STATUSES),
        reports=shown,
        actors=[(chance.choice([*actors, *world.actors]), chance.choice(list(vocabulary.ACTOR_ROLES)))],
        **facts,
    )
    models.Claim.objects.create(
        incident=draft, report=shown[0], speaker=chance.choice(speakers), field="other", value="secret"
    )
    other = chance.choice(list(world.incidents.values()))
    one, two = chance.choice(((draft, other), (other, draft)))
    models.Relation.objects.create(incident=one, related=two, relation=chance.choice(list(vocabulary.RELATIONS)))


def _edit_what_is_public(
    world: World, chance: Random, places: list[Any], sources: list[Any], actors: list[Any]
) -> None:
    """Edit every published record, and publish none of the edits."""
    for incident in world.incidents.values():
        edited = models.Incident.objects.get(pk=incident.pk)
        for name, value in world.facts().items():
            setattr(edited, name, value)
        edited.summary = "Secretly edited."
        edited.save()
        models.IncidentActor.objects.create(
            incident=edited, actor=chance.choice(actors), role="responder", certainty="claimed", position=9
        )
    for place in world.locations.values():
        models.Location.objects.filter(pk=place.pk).update(name="Secretly renamed", latitude=12.5, longitude=13.5)
        models.PlaceName.objects.create(location=place, name="Secret name")
    models.Location.objects.filter(public_id="bilovodsk").update(parent=places[0])
    models.Source.objects.filter(public_id__startswith="source-").update(name="Secretly renamed", kind="other")
    models.Actor.objects.filter(public_id__startswith="group-").update(name="Secretly renamed")
    models.Dataset.objects.filter(public_id__startswith="data-").update(licence="LicenseRef-secret", name="Secret")
    models.Report.objects.filter(public_id__startswith="report-").update(title="Secret", source=sources[0])
    for dataset in world.datasets:
        models.Monitoring.objects.create(dataset=dataset, source=chance.choice(sources))
