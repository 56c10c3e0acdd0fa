"""What could exist but no public record has ever had is answered with a warning, and what some record had is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from incidents import publishing
from incidents.api.warnings import LONGEST_HEADER, in_header
from incidents.ledger.models import Head
from incidents.models import Incident
from incidents.query import filters, unknown_values
from incidents_api.parameters.values import ListParameter
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def incidents() -> None:
    """One incident that is public, one that was, and one that never was."""
    ukraine = LocationFactory(public_id="ukraine", name="Ukraine", kind="country", country_code="UKR")
    oblast = LocationFactory(
        public_id="luhansk-oblast", name="Luhansk Oblast", kind="admin1", parent=ukraine, country_code="UKR"
    )
    town = LocationFactory(public_id="bilovodsk", name="Bilovodsk", parent=oblast)
    dataset = DatasetFactory(public_id="luhansk-2022", licence="CC-BY-4.0")
    source = SourceFactory(public_id="gazette", name="Gazette", language="uk", country_code="UKR")
    actor = ActorFactory(public_id="partisans", name="Partisans")
    common = {"dataset": dataset, "location": town, "reports": [ReportFactory(source=source)]}
    shown = IncidentFactory(public_id="shown-1", tags=["railway-war"], actors=[(actor, "target")], **common)
    gone = IncidentFactory(public_id="gone-1", tags=["ніч"], **common)
    publishing.publish([shown, gone])
    publishing.withdraw([gone], reason="A duplicate.")
    IncidentFactory(
        public_id="draft-1",
        dataset=DatasetFactory(public_id="draft-dataset"),
        location=LocationFactory(public_id="draft-town", name="Drafton", parent=oblast),
        reports=[ReportFactory(source=SourceFactory(public_id="draft-source"))],
        actors=[(ActorFactory(public_id="draft-actor"), "target")],
        tags=["draft-tag"],
    )


def warned(api: APIClient, address: str) -> list[dict[str, Any]]:
    response = api.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["warnings"]
    return found


UNKNOWN = [
    ("incidents", "id", "shown-2", "shown-1"),
    ("incidents", "exclude_id", "shown-2", "shown-1"),
    ("incidents", "dataset", "luhansk-2023", "luhansk-2022"),
    ("incidents", "location", "bilovodks", "bilovodsk"),
    ("incidents", "location", "Zzyzx", None),
    ("incidents", "location", 'No "place" here', None),
    ("incidents", "admin1", "!!!", None),
    ("incidents", "admin1", "Luhansk Oblas", "Luhansk Oblast"),
    ("incidents", "admin1", "UA-14", None),
    ("incidents", "admin2", "Nowhere Raion", None),
    ("incidents", "country", "FRA", None),
    ("incidents", "country", "fr", None),
    ("incidents", "country", "Ukrain", "Ukraine"),
    ("incidents", "source", "gazete", "gazette"),
    ("incidents", "actor", "partisan", "partisans"),
    ("incidents", "tag", "railway-wars", "railway-war"),
    ("incidents", "tag", "x", None),
    ("locations", "id", "ukrain", "ukraine"),
    ("locations", "parent", "luhansk-oblas", "luhansk-oblast"),
    ("locations", "location", "Zzyzx", None),
    ("sources", "language", "fr", None),
    ("sources", "country", "FRA", None),
    ("actors", "country", "FRA", None),
    ("datasets", "licence", "CC-BY-4.1", "CC-BY-4.0"),
]
DRAFTED = [
    ("incidents", "id", "draft-1"),
    ("incidents", "dataset", "draft-dataset"),
    ("incidents", "location", "draft-town"),
    ("incidents", "location", "Drafton"),
    ("incidents", "source", "draft-source"),
    ("incidents", "actor", "draft-actor"),
    ("incidents", "tag", "draft-tag"),
]


@pytest.mark.parametrize(("path", "parameter", "value", "suggestion"), UNKNOWN)
def test_a_value_that_no_record_had_gets_a_warning(
    incidents: None, api: APIClient, path: str, parameter: str, value: str, suggestion: str | None
) -> None:
    (told,) = warned(api, f"{path}/?{parameter}={value}")
    assert told.pop("message").startswith("Up to publication 2, no public ")
    assert told == {"parameter": parameter, "value": value, "suggestion": suggestion}
    assert [each["value"] for each in warned(api, f"{path}/count/?{parameter}={value}")] == [value]


@pytest.mark.parametrize(
    "query",
    [
        *("id=shown-1", "id=gone-1", "dataset=luhansk-2022", "location=bilovodsk", "location=Луганська область"),
        *("admin1=UA-09", "admin1=luhansk", "country=UKR", "country=Україна", "country=ua", "source=gazette"),
        *("actor=partisans", "tag=Railway War", "tag=ніч", "tag=railway-war,ніч", "id=shown-1,gone-1"),
        *("event_type=armed_attack", "q=nothing", "id=gone-1&tag=railway-war", "exclude_id=shown-1"),
        "tag=railway-war&date_after=2050-01-01",
    ],
)
def test_a_value_that_some_record_has_or_had_gets_none(incidents: None, api: APIClient, query: str) -> None:
    assert warned(api, f"incidents/?{query}") == []
    assert warned(api, f"incidents/count/?{query}") == []
    assert warned(api, f"incidents/aggregate/?by=month&{query}") == []


def test_each_value_of_a_list_is_told_apart_even_where_records_match(incidents: None, api: APIClient) -> None:
    for path in ("incidents/?", "incidents/count/?", "incidents/aggregate/?", "changes/?since=0&"):
        told = warned(api, f"{path}tag=railway-war,b,c&actor=partisans,d&admin1=Luhansk Oblast,Nowhere")
        assert {(each["parameter"], each["value"]) for each in told} == {
            *(("tag", "b"), ("tag", "c"), ("actor", "d"), ("admin1", "Nowhere"))
        }


@pytest.mark.parametrize(("path", "parameter", "value"), DRAFTED)
def test_what_only_a_draft_has_is_like_what_never_was(
    incidents: None, api: APIClient, path: str, parameter: str, value: str
) -> None:
    (told,) = warned(api, f"{path}/?{parameter}={value}")
    other = value[:-1] + "zq"
    (never,) = warned(api, f"{path}/?{parameter}={other}")
    assert told | {"value": ""} == never | {"value": ""}


def test_what_a_redaction_removed_counts_as_never(incidents: None, api: APIClient) -> None:
    asked = "incidents/?tag=ніч,night-of-nights"
    assert [each["value"] for each in warned(api, asked)] == ["night-of-nights"]
    publishing.redact(Incident.objects.get(public_id="gone-1"), reason="For safety.")
    for at in range(1, Head.objects.get().seq + 1):
        told = warned(api, f"{asked}&as_of={at}")
        assert [each["value"] for each in told] == ["ніч", "night-of-nights"]
        assert told[0] | {"value": ""} == told[1] | {"value": ""}
    assert "gone-1" in [each["value"] for each in warned(api, "incidents/?id=gone-1,shown-1")]


def test_an_earlier_state_has_the_warnings_of_its_own_time(incidents: None, api: APIClient) -> None:
    publishing.publish([Incident.objects.get(public_id="draft-1")])
    for query in ("tag=draft-tag", "actor=draft-actor", "location=Drafton", "id=draft-1", "dataset=draft-dataset"):
        assert warned(api, f"incidents/?{query}") == []
        assert len(warned(api, f"incidents/?{query}&as_of=2")) == 1


@pytest.mark.parametrize("form", ["csv", "ndjson", "geojson", "parquet", "xlsx", "atom", "nested.geojson", "acled.csv"])
def test_files_say_it_in_a_header(incidents: None, api: APIClient, form: str) -> None:
    response = api.get(f"/api/v1/incidents.{form}?tag=ніколи", HTTP_ORIGIN="https://example.org")
    (told,) = json.loads(response["X-Warnings"])
    assert response["X-Warnings"].isascii()
    assert (told["parameter"], told["value"], told["suggestion"]) == ("tag", "ніколи", None)
    assert "X-Warnings" in response["Access-Control-Expose-Headers"].split(", ")
    without = api.get(f"/api/v1/incidents.{form}?tag=railway-war")
    assert "X-Warnings" not in without
    for each in (response, without):
        each.close()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_of_groups_say_it_in_a_header(incidents: None, api: APIClient, form: str) -> None:
    response = api.get(f"/api/v1/incidents/aggregate.{form}?by=month&tag=never")
    assert [each["value"] for each in json.loads(response["X-Warnings"])] == ["never"]


@pytest.mark.parametrize("value", ["never", "ніколи", "🎈"])
def test_a_header_that_would_be_too_long_says_how_many_it_leaves_out(value: str) -> None:
    one: Any = {"parameter": "tag", "value": value * 20, "message": "No.", "suggestion": None}
    text = in_header([one] * 500)
    said = json.loads(text)
    assert len(text) <= LONGEST_HEADER < len(text) + len(in_header([one])) - 1  # one more would not fit
    assert text.isascii()
    assert said[:-1] == [one] * (len(said) - 1)
    assert said[-1]["left_out"] == 500 - (len(said) - 1)
    assert json.loads(in_header([one])) == [one]


def test_the_page_for_people_shows_it(incidents: None, api: APIClient) -> None:
    page = api.get("/api/v1/incidents/?tag=railway-wars", HTTP_ACCEPT="text/html").content.decode()
    assert "<code>tag=railway-wars</code>: Up to publication 2, no public incident had this tag." in page
    assert "Did you mean <code>railway-war</code>?" in page
    hostile = api.get("/api/v1/incidents/?tag=<script>", HTTP_ACCEPT="text/html").content.decode()
    assert "<code>tag=&lt;script&gt;</code>" in hostile


def test_the_feed_of_mirrors_has_no_such_member(incidents: None, api: APIClient) -> None:
    assert "warnings" not in api.get("/api/v1/changes/").json()


def test_nothing_is_looked_up_where_the_matches_have_the_values(incidents: None, api: APIClient) -> None:
    api.get("/api/v1/incidents/?date_after=2000-01-01")
    with CaptureQueriesContext(connection) as plain:
        api.get("/api/v1/incidents/?date_after=2000-01-01")
    with CaptureQueriesContext(connection) as filtered:
        api.get("/api/v1/incidents/?dataset=luhansk-2022&tag=railway-war&actor=partisans")
    assert len(filtered) == len(plain)
    api.get("/api/v1/incidents/?tag=b,c")
    with CaptureQueriesContext(connection) as again:
        api.get("/api/v1/incidents/?tag=b,c&limit=7")
    assert len(again) == len(plain)


def test_every_parameter_that_takes_any_value_is_looked_up() -> None:
    for filterset in (
        filters.IncidentFilterSet,
        filters.LocationFilterSet,
        filters.SourceFilterSet,
        filters.ActorFilterSet,
        filters.DatasetFilterSet,
    ):
        for name, each in filterset.base_filters.items():
            if isinstance(each.field, ListParameter) and not each.field.known:
                assert name in unknown_values.OPEN, name


def test_many_values_are_looked_up_in_few_statements(incidents: None, api: APIClient) -> None:
    values = ",".join(f"never-{number}" for number in range(200))
    with CaptureQueriesContext(connection) as asked:
        told = warned(api, f"incidents/?id={values}&tag={values}")
    assert len(told) == 400
    assert len(asked) < 100
    assert [each["suggestion"] for each in told[20:]] == [None] * 380
