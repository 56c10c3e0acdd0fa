"""Beside the counts: which sources were watched in each unit, so that a silence can be told from a peace."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import models, publishing
from tests.factories import DatasetFactory, IncidentFactory, SourceFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/incidents/aggregate/"


@world
def datasets() -> list[Any]:
    """Two datasets that watch sources at different times, each with an incident in January and in April 2022."""
    first = DatasetFactory(public_id="first", coverage_end=date(2022, 4, 10))
    second = DatasetFactory(public_id="second")
    watched = (
        (first, "always", date(2021, 1, 1), None),
        (first, "in-pieces", date(2022, 1, 1), date(2022, 1, 10)),
        (first, "in-pieces", date(2022, 1, 11), date(2022, 2, 3)),
        (first, "until", None, date(2022, 2, 15)),
        (second, "late", date(2022, 3, 31), None),
    )
    sources = {name: SourceFactory(public_id=name) for name in dict.fromkeys(row[1] for row in watched)}
    for dataset, name, start, end in watched:
        models.Monitoring.objects.create(dataset=dataset, source=sources[name], start=start, end=end)
    incidents = [
        IncidentFactory(dataset=dataset, date_start=day, date_end=day)
        for dataset in (first, second)
        for day in (date(2022, 1, 5), date(2022, 4, 5))
    ]
    publishing.publish(incidents)
    return [first, second]


def coverage(api: APIClient, **params: str) -> dict[tuple[str, str], dict[str, list[str]]]:
    body = api.get(ADDRESS, {"by": "month", "coverage": "sources", **params}).json()
    states = ("whole", "part", "none", "not_told")
    return {
        (row["month"], row["dataset"]): {state: row[state] for state in states if row[state]}
        for row in body["coverage"]
    }


def test_each_unit_tells_of_each_dataset_what_was_watched(api: APIClient, datasets: list[Any]) -> None:
    assert coverage(api) == {
        ("2022-01", "first"): {"whole": ["always", "in-pieces"], "not_told": ["until"]},
        ("2022-02", "first"): {"whole": ["always"], "part": ["in-pieces"], "not_told": ["until"]},
        ("2022-03", "first"): {"whole": ["always"], "none": ["in-pieces", "until"]},
        ("2022-04", "first"): {"part": ["always"], "none": ["in-pieces", "until"]},
        ("2022-01", "second"): {"none": ["late"]},
        ("2022-02", "second"): {"none": ["late"]},
        ("2022-03", "second"): {"part": ["late"]},
        ("2022-04", "second"): {"whole": ["late"]},
    }
    assert set(coverage(api, dataset="second", date_after="2022-04", date_before="2022-05")) == {
        ("2022-04", "second"),
        ("2022-05", "second"),
    }


def test_coverage_is_that_of_the_moment(api: APIClient, datasets: list[Any]) -> None:
    models.Monitoring.objects.filter(source__public_id="late").delete()
    publishing.publish([datasets[1]])
    assert coverage(api, dataset="second")["2022-04", "second"] == {}
    assert coverage(api, dataset="second", as_of="1")["2022-04", "second"] == {"whole": ["late"]}


def test_the_table_has_it_in_columns(api: APIClient, datasets: list[Any]) -> None:
    def rows(by: str) -> list[dict[str, str]]:
        asked = {"by": by, "coverage": "sources", "fill": "zero", "format": "csv"}
        return list(csv.DictReader(io.StringIO(api.get(ADDRESS, asked).content.decode())))

    names = ("sources_whole", "sources_part", "sources_none", "sources_not_told")
    assert [tuple(row[name] for name in ("month", "count", *names)) for row in rows("month")][1:3] == [
        ("2022-02", "0", "first:always", "first:in-pieces", "second:late", "first:until"),
        ("2022-03", "0", "first:always", "second:late", "first:in-pieces|first:until", ""),
    ]
    of_second = [row for row in rows("dataset,month") if row["dataset"] == "second"]
    assert [row["sources_whole"] for row in of_second] == ["", "", "", "second:late"]


def test_too_much_is_refused(api: APIClient, datasets: list[Any]) -> None:
    asked = {"by": "day", "coverage": "sources", "date_after": "1000", "date_before": "2022"}
    response = api.get(ADDRESS, asked)
    assert [error["parameter"] for error in response.json()["errors"]] == ["coverage"]
