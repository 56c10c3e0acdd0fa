"""Adding what is not published changes no byte of any public answer, headers included."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import transaction
from rest_framework.test import APIClient

from incidents import models, publishing
from incidents.publishing.generalise import is_held_back
from incidents.schema import PLURALS
from tests.contract.drafts import add_drafts, total
from tests.factories import IncidentFactory
from tests.ledger.dump import dump
from tests.query.asking import ask
from tests.query.world import World, clock, public

pytestmark = pytest.mark.django_db

Answer = tuple[int, list[tuple[str, str]], bytes]

PROBES = (
    "incidents/?id={incident}",
    "incidents/?exclude_id={incident}",
    "incidents/?dataset={dataset}",
    "incidents/?location={location}",
    "incidents/?source={source}",
    "incidents/?actor={actor}",
    "incidents/?actor={actor}&actor_role=target",
    "incidents/{incident}/",
    "incidents/{incident}/revisions/",
    "incidents/count/?location={location}",
    "locations/?id={location}",
    "locations/?location={location}",
    "locations/?parent={location}",
    "locations/{location}/",
    "sources/?id={source}",
    "sources/{source}/revisions/",
    "actors/{actor}/",
    "datasets/{dataset}/",
    "datasets/?exclude_id={dataset}",
)
"""Questions about ids that are, or may be, of drafts."""

WORDS = (
    "incidents/?q=secret",
    "incidents/?q=sec*",
    "incidents/?tag=secret",
    "incidents/?tag=secrets",
    "incidents/?country=DRA",
    "incidents/?admin1=Secret town",
    "incidents/?admin1=Secret tow",
    "incidents/count/?q=secret",
    "locations/?q=secret",
    "locations/?geonames=3",
    "sources/?country=DRA",
    "sources/?q=secret",
    "actors/?q=group",
    "datasets/?licence=LicenseRef-secret",
    "datasets/?licence=LicenseRef-secre",
)
ERRORS = (
    "incidents/?datset=draft-data-1",
    "incidents/?event_type=battel",
    "incidents/?as_of=9999",
    "incidents/?limit=0",
    "incidents/?cursor=x",
    "incidents/?location=Draft Place",
    "sources/?kind=secret",
    "nothing/",
    "incidents",
)


def addresses(world: World) -> list[str]:
    """Return some 300 addresses: all kinds of queries, items and errors, now and in the past."""
    chance = Random(5)
    known = {kind: list(public(kind)) for kind in PLURALS}
    found = []
    for kind, plural in PLURALS.items():
        documents = [document for document, _ in public(kind).values()]
        for number in range(40 if kind == "incident" else 12):
            params = ask(chance, kind, chance.choice(documents)) | {"limit": str(chance.randint(1, 50))}
            past = {"as_of": str(chance.randint(0, 3))} if number % 3 == 0 else {}
            found.append(f"{plural}/?{urlencode(params | past)}")
        found += [f"{plural}/", f"{plural}/count/", f"{plural}/?ordering=-published&count=exact&limit=2"]
        for name in chance.sample(known[kind], min(6, len(known[kind]))):
            found += [f"{plural}/{name}/", f"{plural}/{name}/revisions/", f"{plural}/{name}/?fields=id,published"]
    found += [f"incidents/{name}/" for name in world.incidents]
    for by in ("month", "week,source", "actor,event_type", "country,admin1,admin2", "location", "dataset,year"):
        found.append(f"incidents/aggregate/?by={by}")
    found += [
        "incidents/aggregate/",
        "incidents/aggregate/?by=day&spread=every&format=csv&date_after=2022-06&date_before=2022-09",
        "incidents/aggregate/?by=quarter,actor&spread=within&fill=zero&coverage=sources&as_of=2",
        "incidents/?profile=acled&limit=20",
        "incidents/?profile=ucdp-ged&format=csv",
        "codebook/",
        "incidents/cite/?event_type=explosion,battle",
        "incidents/cite/?as_of=2&format=bib",
        "datasets/cite/",
        "actors/cite/?format=csl",
        "releases/",
        "releases/1...3/?limit=20",
        "releases/2...3/?kind=incident&change=changed,added&count=exact",
    ]
    draft = {kind: f"draft-{name}-1" for kind, name in DRAFT_NAMES.items()} | {"incident": "draft-1"}
    unknown = {kind: f"drift-{name}-1" for kind, name in DRAFT_NAMES.items()} | {"incident": "drift-1"}
    found += [probe.format(**ids) for probe in PROBES for ids in (draft, unknown)]
    found += ["changes/?limit=1000", "changes/?since=1&limit=7", "changes/checksum/?limit=50", "incidents.atom"]
    return ["", *found, *WORDS, *ERRORS]


DRAFT_NAMES = {"location": "place", "source": "source", "actor": "group", "dataset": "data"}


def answers(api: APIClient, asked: list[str]) -> dict[tuple[str, str], Answer]:
    """Return every answer to GET and HEAD, with nothing remembered in between."""
    cache.clear()
    found = {}
    for address in asked:
        for method in ("get", "head"):
            response = getattr(api, method)(f"/api/v1/{address}")
            found[method, address] = response.status_code, sorted(response.items()), response.getvalue()
    return found


@pytest.fixture
def world() -> Iterator[World]:
    """A small world of which something is published, edited, withdrawn and merged; the time stands still."""
    with clock() as later:
        world = World(seed=11)
        incidents = [world.incident() for _ in range(60)]
        publishing.publish([*world.sources, *world.actors, *world.datasets, *world.locations.values(), *incidents])
        later()
        for incident in incidents[:20]:
            world.edit(incident)
        publishing.publish(incidents[:20])
        publishing.withdraw(incidents[20:23], reason="Doubts.")
        publishing.merge(incidents[23], incidents[24], reason="Told twice.")
        later()
        yield world


def test_500_drafts_change_no_byte_of_any_answer(world: World, api: APIClient) -> None:
    asked = addresses(world)
    before = answers(api, asked)
    assert add_drafts(world, seed=12) == 500
    after = answers(api, asked)
    assert [name for name in before if before[name] != after[name]] == []
    assert len(asked) > 250
    assert {status for status, _, _ in before.values()} == {200, 301, 308, 400, 404, 410}
    secrets = [name for name, answer in after.items() if b"ecret" in answer[2] and b"ecret" not in name[1].encode()]
    assert secrets == []


def test_an_unknown_id_and_a_drafts_id_are_answered_alike(world: World, api: APIClient) -> None:
    add_drafts(world, seed=12)
    for probe in PROBES:
        draft = {kind: f"draft-{name}-1" for kind, name in DRAFT_NAMES.items()} | {"incident": "draft-1"}
        unknown = {kind: f"drift-{name}-1" for kind, name in DRAFT_NAMES.items()} | {"incident": "drift-1"}
        one, other = (api.get(f"/api/v1/{probe.format(**ids)}") for ids in (draft, unknown))
        assert one.status_code == other.status_code, probe
        assert one.content.replace(b"draft-", b"drift-") == other.content, probe


def publish_more(world: World) -> None:
    """Publish what shows, holds or relates to records that have drafts around them."""
    incident = next(iter(world.incidents.values()))
    place, dataset = world.locations["taveuni"], world.datasets[0]
    fresh = IncidentFactory(public_id="fresh", summary="Fresh.", dataset=dataset, location=place)
    models.Relation.objects.create(incident=fresh, related=incident, relation="part_of")
    publishing.publish([fresh])
    publishing.withdraw([world.incidents["case-1"]], reason="Doubts.")
    publishing.redact(world.incidents["case-2"], reason="Puts people in danger.")
    one, other, *_ = (each for each in list(world.incidents.values())[30:] if not is_held_back(each))
    publishing.merge(one, other, reason="Told twice.")
    publishing.merge(world.locations["date-line-east"], world.locations["date-line"], reason="The same.")
    publishing.merge(world.sources[0], world.sources[1], reason="The same.")
    publishing.merge(world.actors[0], world.actors[1], reason="The same.")


def test_what_is_published_later_is_the_same_with_drafts_around_it(world: World) -> None:
    def ledger_afterwards(*, drafts: bool) -> dict[str, list[tuple[Any, ...]]]:
        with transaction.atomic():
            if drafts:
                add_drafts(world, seed=12)
            publish_more(world)
            found = dump("ledger_")
            transaction.set_rollback(True)
        for record in (*world.incidents.values(), *world.locations.values()):
            record.refresh_from_db()
        return found

    before, records = dump("ledger_"), total()
    without = ledger_afterwards(drafts=False)
    assert (dump("ledger_"), total()) == (before, records)
    assert ledger_afterwards(drafts=True) == without
    assert len(without["ledger_publication"]) == len(before["ledger_publication"]) + 7
