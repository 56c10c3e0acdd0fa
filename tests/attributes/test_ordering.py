"""Lists in the order of a dataset's own field are read from indexes, page by page, and equal what sorting gives."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from incidents import publishing
from incidents.ledger.attribute_indexes import ORDERED
from incidents.ledger.database.indexes import make_for_attributes
from incidents.models import Dataset, Incident
from incidents.query import reader
from incidents.query.entries import fetch
from tests.attributes.conftest import VALUES, Asking, declare
from tests.factories import DatasetFactory, IncidentFactory

pytestmark = pytest.mark.django_db

FIELDS = {"weapon": "code", "crew": "integer", "cost": "number", "at_night": "boolean", "first_seen": "date"}
FIELDS |= {"clock": "time", "detained": "range"}


PREFIXES = {"one": "one-", "two": "two-", "a-plain-one": "plain-"}
"""Dataset → how the ids of its incidents begin."""


@pytest.fixture
def three(incidents: list[Incident]) -> dict[str, dict[str, Any]]:
    """Three datasets, two of which declare `crew`; the values by the id of the incident."""
    two, plain = DatasetFactory(public_id="two"), DatasetFactory(public_id="a-plain-one")
    declare(two, "crew", "integer")
    values: dict[str, dict[str, Any]] = {f"one-{at}": each for at, each in enumerate(VALUES, start=1)}
    values |= {"other-1": {}}
    own: list[dict[str, Any]] = [{"crew": 3}, {"crew": -7}, {}]
    made = [IncidentFactory(public_id=f"two-{at}", dataset=two, attributes=each) for at, each in enumerate(own)]
    made += [IncidentFactory(public_id=f"plain-{at}", dataset=plain) for at in range(3)]
    publishing.publish(made)
    return values | {f"two-{at}": each for at, each in enumerate(own)} | {f"plain-{at}": {} for at in range(3)}


def expected(values: dict[str, dict[str, Any]], field: str, *, descending: bool) -> list[str]:
    """The ids in the order of a field: no value first, then values, then by id."""

    def key(item: tuple[str, dict[str, Any]]) -> tuple[Any, ...]:
        value = item[1].get(field)
        value = value["best"] if isinstance(value, dict) else value
        return (value is not None, value if value is not None else 0, item[0])

    return [record_id for record_id, _ in sorted(values.items(), key=key, reverse=descending)]


def walked(ask: Asking, path: str) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    while path:
        page = ask(path)
        found += [each["id"] for each in page["results"]]
        path = page["next"].partition("/api/v1/")[2] if page["next"] else ""
    return found


@pytest.mark.parametrize("is_indexed", [False, True])
@pytest.mark.parametrize("datasets", ["", "one", "two", "one,two", "one,a-plain-one"])
def test_pages_are_in_the_order_of_the_values(
    three: dict[str, dict[str, Any]], ask: Asking, datasets: str, is_indexed: bool
) -> None:
    if is_indexed:
        make_for_attributes()
    prefixes = tuple(PREFIXES[each] for each in datasets.split(",") if each)
    values = {name: each for name, each in three.items() if not datasets or name.startswith(prefixes)}
    fields = ["crew"] if "two" in datasets or not datasets else list(FIELDS)
    for field in fields:
        for sign in ("", "-"):
            for limit in (1, 2, 100):
                path = f"incidents/?ordering={sign}attr.{field}&limit={limit}"
                path += f"&dataset={datasets}" if datasets else ""
                assert walked(ask, path) == expected(values, field, descending=bool(sign)), path


def test_every_type_that_has_an_order_is_tried() -> None:
    assert set(FIELDS.values()) == set(ORDERED)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[Any]]]:
    """The statements by which pages are read, with their parameters."""
    statements: list[tuple[str, list[Any]]] = []

    def noting(database: Any, sql: str, params: Any, **more: Any) -> list[Any]:
        statements.append((sql, list(params)))
        return fetch(database, sql, params, **more)

    monkeypatch.setattr(reader, "fetch", noting)
    return statements


def plan_of(read: list[tuple[str, list[Any]]]) -> str:
    """How the database reads the page that was asked for last."""
    sql, params = [each for each in read if "part_0" in each[0]][-1]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # it would rather sort so few
            for way in ("sort", "seqscan", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sql}", params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.parametrize("field", list(FIELDS))
@pytest.mark.parametrize("sign", ["", "-"])
def test_the_order_of_a_dataset_is_read_from_its_index(
    incidents: list[Incident], ask: Asking, read: list[Any], field: str, sign: str
) -> None:
    make_for_attributes()
    path = f"incidents/?dataset=one&ordering={sign}attr.{field}&limit=2"
    while path:
        page = ask(path)
        path, plan = (page["next"] or "").partition("/api/v1/")[2], plan_of(read)
        assert "inc_attr_order_" in plan, plan
        assert "SCAN ledger_incidententry\n" not in plan
        assert "Seq Scan on ledger_incidententry" not in plan
        # Only the merged rows of the page are sorted.
        assert plan.count("TEMP B-TREE") <= 1, plan


def test_the_order_of_all_is_merged_from_indexes(three: dict[str, Any], ask: Asking, read: list[Any]) -> None:
    make_for_attributes()
    ask("incidents/?ordering=attr.crew&limit=3")
    plan = plan_of(read)
    assert plan.count("inc_attr_order_") == 2, plan
    assert "incident_one_live" in plan


def test_a_renamed_field_gets_another_index(
    incidents: list[Incident], ask: Asking, read: list[Any], dataset: Dataset
) -> None:
    make_for_attributes()
    field = dataset.own_fields.get(name="crew")
    field.name, field.formerly = "sailors", ["crew"]
    field.save()
    publishing.publish([dataset])
    make_for_attributes()
    values = {f"one-{at}": each for at, each in enumerate(VALUES, start=1)}
    assert walked(ask, "incidents/?dataset=one&ordering=attr.sailors&limit=2") == expected(
        values, "crew", descending=False
    )
    assert "inc_attr_order_" in plan_of(read)
