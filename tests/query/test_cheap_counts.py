"""A first page tells the exact count where that is cheap, and never looks at more than a bounded number of entries."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from incidents import publishing
from incidents.query import count
from incidents.schema import PLURALS
from tests.factories import DatasetFactory, IncidentFactory
from tests.query.asking import ask
from tests.query.oracle import State, expected
from tests.query.test_every_query_equals_an_oracle import make_history
from tests.query.world import World
from tests.worlds import world

pytestmark = pytest.mark.django_db

States = dict[int, State]


@partial(world, copied=False)
def states() -> States:
    """All states of a world."""
    states: States = {}
    make_history(World(seed=2023), states)
    return states


def told(api: APIClient, kind: str, params: dict[str, str]) -> Any:
    page = api.get(f"/api/v1/{PLURALS[kind]}/", {**params, "limit": "1"})
    assert page.status_code == 200
    return page.json()["count"]


def test_twelve_records_are_counted(api: APIClient) -> None:
    dataset = DatasetFactory(public_id="luhansk-2022")
    publishing.publish([IncidentFactory(dataset=dataset) for _ in range(12)])
    publishing.publish([IncidentFactory()])
    assert told(api, "incident", {"dataset": "luhansk-2022"}) == 12
    assert told(api, "incident", {"dataset": "luhansk-2022", "as_of": "1"}) == 12


@pytest.mark.parametrize("kind", PLURALS)
def test_every_count_of_a_small_table_is_exact(api: APIClient, states: States, kind: str) -> None:
    chance = Random(5)
    last = max(states)
    for _ in range(60):
        at = chance.choice((last, *states))
        documents = [document for document, _ in states[last][kind].values()]
        params = ask(chance, kind, chance.choice(documents))
        pinned = {} if at == last and chance.random() < 0.5 else {"as_of": str(at)}
        assert told(api, kind, {**params, **pinned}) == len(expected(kind, states[at], params)), (params, at)


@pytest.mark.parametrize(("most", "rows"), [(0, 0), (10, 3), (10_000, 1_000), (60, 60)])
def test_a_count_of_a_large_table_is_exact_or_null(
    api: APIClient, states: States, monkeypatch: pytest.MonkeyPatch, most: int, rows: int
) -> None:
    monkeypatch.setattr(count, "_is_small", lambda moment, kind: False)
    for name in ("MOST", "MOST_IN_WINDOW", "MOST_IN_CELLS"):
        monkeypatch.setattr(count, name, most)
    monkeypatch.setattr(count, "MOST_ROWS", rows)
    cache.clear()
    chance, last, exact = Random(most), max(states), 0
    for _ in range(150):
        params = ask(chance, "incident", next(iter(states[last]["incident"].values()))[0])
        found, wanted = told(api, "incident", params), len(expected("incident", states[last], params))
        assert found in (wanted, None), params
        # A page that holds all matches knows how many there are, and one without a filter the number of records.
        exact += found is not None and wanted > 1
        if not params.keys() - {"ordering"} or wanted <= 1:
            assert found == wanted
    cache.clear()
    if most == 10_000:
        assert exact > 50


@pytest.mark.parametrize(
    ("query", "is_exact"),
    [
        ("dataset=large", False),
        ("dataset=small", True),
        ("dataset=large&event_type=riot", True),
        ("event_type=riot&dataset=large", True),
        ("dataset=large,small", False),
        ("dataset=large&date_after=2022-01-01&date_before=2022-01-05", True),
        ("dataset=large&date_after=2022-01-01&date_before=2022-01-05&date_match=certain", True),
        ("date_after=2022-01-01&date_before=2022-01-05", True),
        ("date_after=2022-01-01", False),
        ("date_before=2022-01-03", True),
        ("dataset=large&min_sources=0", False),
        ("dataset=small&min_sources=0", False),
        ("killed_min=9", True),
        ("killed_min=0", False),
        ("q=rare", True),
        ("q=shots", False),
        ("q=shots rare", True),
        ("q=rare&dataset=large", True),
        ("dataset=large&as_of=1", False),
        ("min_sources=0", False),
    ],
)
def test_what_is_cheap_depends_on_what_an_index_finds(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, query: str, is_exact: bool
) -> None:
    """Forty incidents of one dataset are many here, five rows to look at too."""
    monkeypatch.setattr(count, "_is_small", lambda moment, kind: False)
    for name in ("MOST", "MOST_IN_WINDOW", "MOST_IN_CELLS"):
        monkeypatch.setattr(count, name, 20)
    monkeypatch.setattr(count, "MOST_ROWS", 5)
    large, small = DatasetFactory(public_id="large"), DatasetFactory(public_id="small")
    made = [
        IncidentFactory(
            dataset=large if number < 40 else small,
            date_start=date(2022, 1, 1) + timedelta(days=number),
            date_end=date(2022, 1, 1) + timedelta(days=number),
            summary="Shots rare." if number in (3, 4, 5) else "Shots.",
            killed_best=9 if number in (1, 2) else 0,
            **({"event_type": "riot", "event_subtype": ""} if number in (7, 8, 9) else {}),
        )
        for number in range(50)
    ]
    publishing.publish(made)
    cache.clear()
    page = api.get(f"/api/v1/incidents/?{query}&limit=1").json()
    wanted = api.get(page["count_url"]).json()["count"]
    assert wanted > 1
    assert page["count"] == (wanted if is_exact else None)


def test_the_count_goes_on_with_the_walk_and_is_the_same_whatever_the_cache_knows(
    api: APIClient, states: States
) -> None:
    first = api.get("/api/v1/incidents/?country=UKR&limit=1")
    cache.clear()
    again = api.get("/api/v1/incidents/?country=UKR&limit=1")
    assert (again["ETag"], again.content) == (first["ETag"], first.content)
    assert first.json()["count"] > 2
    following = api.get(first.json()["next"]).json()
    assert following["count"] == first.json()["count"]
    assert api.get(following["next"]).json()["count"] == first.json()["count"]


def test_a_count_is_made_once_for_a_query_and_a_publication(api: APIClient, states: States) -> None:
    cache.clear()
    asked: list[str] = []

    def note(run: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(note):
        for _ in range(3):
            api.get("/api/v1/incidents/?country=UKR&limit=1")
    assert len([sql for sql in asked if re.search(r"count\(\*\)", sql)]) == 1
