"""Walks over all pages, forwards and backwards, now and in the past, equal what plain Python finds in the documents."""

from __future__ import annotations

import os
from functools import partial
from random import Random, randrange
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from incidents import models, publishing
from incidents.ledger import grid
from incidents.ledger.models import KINDS
from incidents.query import reader
from incidents.schema import PLURALS
from tests.query.asking import BOXES, ask, walk
from tests.query.oracle import State, expected
from tests.query.world import ADDED_NAME, World, clock, public
from tests.worlds import world

SEEDS = [
    *range(2),
    *[pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 5)],
    *([] if "CI" in os.environ else [randrange(10**6)]),
]
"""In CI the same each time; elsewhere also one that is new, and named in the report of the test."""

pytestmark = pytest.mark.django_db

States = dict[int, State]
"""What was public after each publication."""


def make_history(world: World, states: States) -> None:
    """Publish a world in rounds of new, edited, withdrawn and merged records, noting each state."""

    def note(result: publishing.Result) -> None:
        assert result.seq is not None
        states[result.seq] = {kind: public(kind) for kind in KINDS}

    with clock() as later:
        note(publishing.publish([*world.sources[:4], *world.actors, *world.datasets, *world.locations.values()]))
        for _ in range(5):
            later()
            fresh = [world.incident() for _ in range(36)]
            edited = world.random.sample(list(world.incidents.values()), 12)
            for incident in edited:
                world.edit(incident)
            note(publishing.publish([*fresh, *edited]))
        later()
        note(publishing.withdraw(world.random.sample(list(world.incidents.values()), 9), reason="Doubts."))
        later()
        place = world.locations["sievierodonetsk"]
        place.name, place.latitude = "Severodonetsk", 48.95
        place.save()
        note(publishing.publish([place]))
        models.PlaceName.objects.create(location=world.locations["donetsk"], name=ADDED_NAME)
        note(publishing.publish([world.locations["donetsk"]]))
        note(publishing.merge(world.locations["date-line-east"], world.locations["date-line"], reason="The same."))
        later()
        note(publishing.merge(world.sources[0], world.sources[1], reason="The same."))


@partial(world, copied=False)
def states() -> States:
    """All states of a world."""
    states: States = {}
    make_history(World(seed=2022), states)
    return states


def compare(api: APIClient, states: States, kind: str, seed: int, queries: int) -> dict[str, int]:
    """Ask at random, now or in the past, and walk; return how much of what was compared."""
    chance = Random(seed)
    compared = {"queries": 0, "matches": 0, "pages": 0, "empty": 0}
    for _ in range(queries):
        at = chance.choice((max(states), max(states), chance.choice(list(states))))
        state = states[at]
        some = [doc for doc, _ in state[kind].values()] or [doc for doc, _ in states[max(states)][kind].values()]
        params = ask(chance, kind, chance.choice(some))
        wanted = expected(kind, state, params)
        limit = chance.randint(1, 7) if len(wanted) < 30 else chance.randint(20, 60)
        pinned = {} if at == max(states) and chance.random() < 0.5 else {"as_of": str(at)}
        forwards, backwards = walk(api, kind, {**params, **pinned, "limit": str(limit)})
        told = (kind, params, at, limit)
        assert [doc for page in forwards for doc in page] == wanted, told
        assert [doc for page in backwards for doc in page] == wanted, told
        assert all(len(page) == limit for page in forwards[:-1]), told
        count = api.get(f"/api/v1/{PLURALS[kind]}/count/", {**filters(params), **pinned}).json()
        assert (count["count"], count["as_of"]) == (len(wanted), at), told
        compared["queries"] += 1
        compared["matches"] += len(wanted)
        compared["pages"] += len(forwards) + len(backwards)
        compared["empty"] += not wanted
    return compared


def filters(params: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in params.items() if name != "ordering"}


@pytest.mark.parametrize("seed", SEEDS)
def test_incidents_equal_the_oracle(api: APIClient, states: States, seed: int) -> None:
    compared = compare(api, states, "incident", seed, queries=120)
    assert compared["queries"] - compared["empty"] > 60


@pytest.mark.parametrize("few", [-1, 10**6])
def test_incidents_equal_the_oracle_whichever_way_they_are_read(
    api: APIClient, states: States, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "sorting_threshold", lambda limit, total: few)
    chance = Random(few)
    for _ in range(60):
        at = chance.choice(list(states))
        params = ask(chance, "incident", next(iter(states[max(states)]["incident"].values()))[0])
        params.pop("near", None)
        params.pop("radius_km", None)
        if chance.random() < 0.7:
            params["bbox"] = chance.choice(("30,40,45,60", "170,-25,-170,0", "-180,-90,180,90"))
        else:
            params["killed_min"] = str(chance.randrange(4))
            params.pop("killed_max", None)
        wanted = expected("incident", states[at], params)
        forwards, backwards = walk(api, "incident", {**params, "as_of": str(at), "limit": "40"})
        assert [doc for page in forwards for doc in page] == wanted, (params, at)
        assert [doc for page in backwards for doc in page] == wanted, (params, at)


@pytest.mark.parametrize("most", [0, 3, 400])
def test_boxes_equal_the_oracle_however_they_are_covered(
    api: APIClient, states: States, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MOST", most)
    chance = Random(most)
    found = 0
    for _ in range(80):
        at = chance.choice(list(states))
        params = ask(chance, "incident", next(iter(states[max(states)]["incident"].values()))[0])
        params = {name: value for name, value in params.items() if name in ("date_after", "date_before", "ordering")}
        params["bbox"] = chance.choice(BOXES)
        wanted = expected("incident", states[at], params)
        forwards, backwards = walk(api, "incident", {**params, "as_of": str(at), "limit": str(chance.randint(2, 40))})
        assert [doc for page in forwards for doc in page] == wanted, (params, at)
        assert [doc for page in backwards for doc in page] == wanted, (params, at)
        found += bool(wanted)
    assert found > 30


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL cannot be told an index")
@pytest.mark.parametrize(
    "address", ["?", "?date_after=2015&", "?date_after=2015&ordering=-killed&", "count/?", "count/?date_after=2015&"]
)
def test_ids_are_looked_up_and_nothing_is_walked(api: APIClient, states: States, address: str) -> None:
    ids = ",".join(list(states[max(states)]["incident"])[:3])
    asked: list[tuple[str, Any]] = []

    def note(run: Any, sql: str, params: Any, *rest: Any) -> Any:
        asked.append((sql, params))
        return run(sql, params, *rest)

    with connection.execute_wrapper(note):
        assert api.get(f"/api/v1/incidents/{address}id={ids}").status_code == 200
    sql, params = [each for each in asked if "ledger_incidententry" in each[0]][-1]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = [detail for *_, detail in cursor.fetchall() if "ledger_incidententry" in detail]
    assert steps
    assert all("INDEX inc_by_record (record_id=?" in step for step in steps), steps


@pytest.mark.parametrize("kind", ["location", "source", "actor", "dataset"])
def test_other_records_equal_the_oracle(api: APIClient, states: States, kind: str) -> None:
    assert compare(api, states, kind, seed=7, queries=60)["queries"] == 60
