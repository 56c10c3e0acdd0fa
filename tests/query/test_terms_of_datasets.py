"""A dataset shows which of its terms it does not state, wherever it is shown; what is stored does not say it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from incidents import publishing
from tests.factories import DatasetFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db

API = "/api/v1/"
EXPECTED = {"bare": ["licence", "attribution"], "half": ["attribution"], "whole": []}


@world
def datasets() -> None:
    """One dataset without terms, one with half of them, one with all."""
    publishing.publish(
        [
            DatasetFactory(public_id="bare", licence="LicenseRef-not-stated", attribution=""),
            DatasetFactory(public_id="half", licence="CC-BY-4.0", attribution=" "),
            DatasetFactory(public_id="whole", licence="https://example.org/terms", attribution="Somebody"),
        ]
    )


def told(documents: Any) -> dict[str, Any]:
    return {each["id"]: each["not_stated"] for each in documents}


@pytest.mark.parametrize(
    "address", ["datasets/", "datasets/?as_of=1", "datasets/?fields=not_stated", "datasets.fields.json?limit=3"]
)
def test_lists_show_it(datasets: None, address: str) -> None:
    assert told(Client().get(API + address).json()["results"]) == EXPECTED


def test_files_show_it(datasets: None) -> None:
    lines = Client().get(f"{API}datasets.ndjson").getvalue().splitlines()
    assert told(map(json.loads, lines)) == EXPECTED


def test_tables_show_it(datasets: None) -> None:
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{API}datasets.csv").getvalue().decode())))
    assert {row["id"]: row["not_stated"] for row in rows} == {k: "|".join(v) for k, v in EXPECTED.items()}


@pytest.mark.parametrize("query", ["", "?as_of=1", "?fields=not_stated"])
def test_a_single_dataset_shows_it(datasets: None, query: str) -> None:
    assert told(Client().get(f"{API}datasets/{each}/{query}").json() for each in EXPECTED) == EXPECTED


def test_people_see_it(datasets: None) -> None:
    page = Client().get(f"{API}datasets/", headers={"accept": "text/html"}).content.decode()
    assert page.count("not stated") == 3
    page = Client().get(f"{API}datasets/bare/", headers={"accept": "text/html"}).content.decode()
    assert "not_stated" in page


def test_the_feed_has_the_documents_as_they_are_stored(datasets: None) -> None:
    changes = Client().get(f"{API}changes/").json()["results"]
    assert len(changes) == len(EXPECTED)
    assert not any({"not_stated", "first_published"} & each["document"].keys() for each in changes)
