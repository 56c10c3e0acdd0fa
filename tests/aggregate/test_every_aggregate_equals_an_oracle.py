"""Groups of every kind, of every query, now and in the past, equal what plain Python finds in the documents."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import partial
from random import Random
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from incidents.query.aggregate.tally import DIMENSIONS
from tests.aggregate import oracle
from tests.query.asking import ask
from tests.query.oracle import expected
from tests.query.test_every_query_equals_an_oracle import States, filters, make_history
from tests.query.world import World
from tests.worlds import world

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/incidents/aggregate/"


@partial(world, copied=False)
def states() -> States:
    """All states of a world."""
    states: States = {}
    make_history(World(seed=77), states)
    return states


def ask_groups(chance: Random) -> dict[str, str]:
    """Return what to group by, by chance."""
    by = chance.sample(list(DIMENSIONS), chance.choice((0, 1, 1, 2)))
    unit = chance.choice((None, *oracle.LABELS))
    if unit:
        by.insert(chance.randint(0, len(by)), unit)
    asked = {"by": ",".join(by)} if by else {}
    if unit and chance.random() < 0.7:
        asked["spread"] = chance.choice(("start", "every", "within"))
    return asked


def key_of(row: dict[str, Any], by: list[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in by)


def of_a_group(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("count", "spanning", "killed", "injured") if name in row}


@pytest.mark.parametrize("seed", [0, 1, *[pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6)]])
def test_groups_equal_the_oracle(api: APIClient, states: States, seed: int) -> None:
    chance = Random(seed)
    compared = 0
    for _ in range(80):
        at = chance.choice((max(states), chance.choice(list(states))))
        state = states[at]
        some = [doc for doc, _ in state["incident"].values()] or [
            doc for doc, _ in states[max(states)]["incident"].values()
        ]
        params = filters(ask(chance, "incident", chance.choice(some)))
        grouping = ask_groups(chance)
        by = grouping.get("by", "").split(",") if "by" in grouping else []
        pinned = {} if at == max(states) and chance.random() < 0.5 else {"as_of": str(at)}
        asked = {**params, **grouping, **pinned}
        documents = expected("incident", state, params)
        wanted = oracle.groups(documents, by, grouping.get("spread", "start"), params)
        response = api.get(ADDRESS, asked)
        assert response.status_code == 200, (asked, response.content)
        answer = response.json()
        unit = next((name for name in by if name in oracle.LABELS), None)
        found = {key_of(row, by): of_a_group(row) for row in answer["results"]}
        assert len(found) == len(answer["results"]) == answer["groups"], asked
        assert found == wanted, asked
        assert answer["total"] == oracle.numbers(documents, unit), asked
        assert (answer["as_of"], answer["by"]) == (at, by)
        compared += len(found)
        if chance.random() < 0.3:  # what is kept answers the same
            cache.clear()
            assert api.get(ADDRESS, asked).content == response.content
    assert compared > 400


@pytest.mark.parametrize("unit", oracle.LABELS)
@pytest.mark.parametrize("spread", ["start", "every", "within"])
def test_a_filled_axis_has_every_unit_once_and_in_order(api: APIClient, states: States, unit: str, spread: str) -> None:
    windows: list[dict[str, str]] = [
        {},
        {"date_after": "2022-07-11", "date_before": "2023-02-03"},
        {"date_after": "2024-06-01"},
        {"date_before": "2022-05-31"},
    ]
    for params in windows:
        among = expected("incident", states[max(states)], params)
        axis = oracle.axis_of(among, unit, spread, params)
        wanted = oracle.groups(among, [unit], spread, params)
        for label in oracle.labels(unit, *axis) if axis else ():
            wanted.setdefault((label,), oracle.numbers([], unit))
        answer = api.get(ADDRESS, {**params, "by": unit, "spread": spread, "fill": "zero"}).json()
        found = {key_of(row, [unit]): of_a_group(row) for row in answer["results"]}
        assert found == wanted
        shown = [row[unit] for row in answer["results"]]
        assert shown == sorted(shown, key=lambda label: (label is None, label or ""))
        for row in answer["results"]:
            if row[unit]:
                start, end = (date.fromisoformat(row[name]) for name in ("start", "end"))
                assert oracle.labels(unit, start, end) == [row[unit]]


def test_the_table_holds_what_the_object_holds(api: APIClient, states: States) -> None:
    asked = {"by": "month,source,event_type", "fill": "zero", "ordering": "-killed"}
    answer = api.get(ADDRESS, asked).json()
    response = api.get(ADDRESS, {**asked, "format": "csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(rows) == answer["groups"] > 500
    for row, group in zip(rows, answer["results"], strict=True):
        flat = {name: group[name] for name in ("month", "start", "end", "source", "event_type", "count", "spanning")}
        flat |= {f"{name}_label": answer["labels"][name].get(group[name]) for name in ("source", "event_type")}
        for what, which in oracle.FIGURES:
            flat[f"{what}_{which}"] = group[what][which]
            flat[f"{what}_{which}_reported"] = group[what]["reported"][which]
        assert row == {name: "" if value is None else str(value) for name, value in flat.items()}


def test_groups_have_addresses_as_files(api: APIClient, states: States) -> None:
    asked = {"by": "month,event_type", "fill": "zero"}
    table = api.get(ADDRESS, {**asked, "format": "csv"}).content.decode()
    assert api.get(f"{ADDRESS.removesuffix('/')}.csv", asked).content.decode() == table
    assert api.get(f"{ADDRESS.removesuffix('/')}.json", asked).json() == api.get(ADDRESS, asked).json()
    book = api.get(f"{ADDRESS.removesuffix('/')}.xlsx", asked)
    assert book["Content-Disposition"].startswith('attachment; filename="aggregate-')
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == list(csv.reader(io.StringIO(table)))
    refused = api.get(f"{ADDRESS.removesuffix('/')}.geojson", asked)
    assert [error["parameter"] for error in refused.json()["errors"]] == ["format"]
