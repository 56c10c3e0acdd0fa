"""An aggregate says what the values of its keys are called."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def incidents() -> Any:
    """Two incidents of one dataset; later it gets another name."""
    dataset = DatasetFactory(public_id="set", name="First name")
    made = [
        IncidentFactory(
            dataset=dataset,
            location=LocationFactory(public_id="town", name="Town"),
            reports=[ReportFactory(source=SourceFactory(public_id="post", name="The Post"))],
            actors=[(ActorFactory(public_id="group", name="The Group"), "target")],
        ),
        IncidentFactory(dataset=dataset, event_type="riot", event_subtype="", reports=[]),
    ]
    publishing.publish(made)
    dataset.name = "Other name"
    dataset.save()
    publishing.publish([dataset])
    return made


def labels(api: APIClient, query: str) -> Any:
    answer = api.get(f"/api/v1/incidents/aggregate/?{query}")
    assert answer.status_code == 200
    return answer.json().get("labels")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("by=event_type", {"event_type": {"armed_attack": "Armed attack", "riot": "Riot"}}),
        ("by=event_subtype", {"event_subtype": {"shooting": "Shooting"}}),
        ("by=dataset,month", {"dataset": {"set": "Other name"}}),
        ("by=dataset&as_of=1", {"dataset": {"set": "First name"}}),
        ("by=actor", {"actor": {"group": "The Group"}}),
        ("by=month", None),
        ("", None),
    ],
)
def test_keys_that_are_codes_or_ids_have_labels(api: APIClient, incidents: Any, query: str, expected: Any) -> None:
    assert labels(api, query) == expected


def test_places_sources_and_countries_have_labels(api: APIClient, incidents: Any) -> None:
    assert labels(api, "by=location")["location"]["town"] == "Town"
    assert labels(api, "by=source")["source"] == {"post": "The Post"}
    assert set(labels(api, "by=country")["country"].values()) <= {"Ukraine"}


def test_labels_follow_their_key_where_regions_have_codes_too(api: APIClient, incidents: Any) -> None:
    query = "by=admin1,event_type"
    assert labels(api, query) == {"event_type": {"armed_attack": "Armed attack", "riot": "Riot"}}

    header, *rows = api.get(f"/api/v1/incidents/aggregate.csv?{query}").content.decode().splitlines()
    assert header.split(",")[:5] == ["admin1", "admin1_code", "event_type", "event_type_label", "count"]
    assert sorted(row.split(",")[3] for row in rows) == ["Armed attack", "Riot"]


def test_a_table_has_labels_in_a_column_after_their_key(api: APIClient, incidents: Any) -> None:
    table = api.get("/api/v1/incidents/aggregate.csv?by=actor,country,month")
    header, *rows = [line.split(",") for line in table.content.decode().splitlines()]

    keys = ["actor", "actor_label", "country", "country_label", "month", "start", "end", "count"]
    assert header[: len(keys)] == keys
    assert {tuple(row[:2]) for row in rows} == {("group", "The Group"), ("", "")}
    assert table["Content-Disposition"] == 'attachment; filename="aggregate-2.csv"'
    assert table["X-As-Of"] == "2"


def test_a_label_is_no_formula(api: APIClient) -> None:
    publishing.publish([IncidentFactory(dataset=DatasetFactory(public_id="set", name="=1+1"))])

    assert "\r\nset,'=1+1,1," in api.get("/api/v1/incidents/aggregate.csv?by=dataset").content.decode()


def test_only_what_is_in_the_groups_has_a_label(api: APIClient, incidents: Any) -> None:
    assert labels(api, "by=event_type&event_type=riot") == {"event_type": {"riot": "Riot"}}


def test_what_is_not_public_has_none(api: APIClient, incidents: Any) -> None:
    before = api.get("/api/v1/incidents/aggregate/?by=actor").content
    ActorFactory(public_id="hidden", name="Hidden")
    assert api.get("/api/v1/incidents/aggregate/?by=actor").content == before
