"""No parameter is ignored: each is taken, or refused with its name, value and the nearest right one, all at once."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents_api.rest.errors import MEDIA_TYPE
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db


def errors(api: APIClient, address: str) -> list[tuple[str, str, str | None]]:
    """Return the name, value and suggestion of each refused parameter."""
    answer = api.get(f"/api/v1/{address}")
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"], body["code"]) == (400, MEDIA_TYPE, "invalid_parameter")
    return [(error["parameter"], error["value"], error["suggestion"]) for error in body["errors"]]


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("incidents/?datset=x", [("datset", "x", "dataset")]),
        ("incidents/?Q=x", [("Q", "x", "q")]),
        ("incidents/?offset=10", [("offset", "10", "cursor")]),
        ("incidents/?event_type=batle", [("event_type", "batle", "battle")]),
        ("incidents/?event_type=battle,batle", [("event_type", "batle", "battle")]),
        ("incidents/?event_type=battle,,riot", [("event_type", "battle,,riot", None)]),
        ("incidents/?limit=1001", [("limit", "1001", None)]),
        ("incidents/?limit=1&limit=2", [("limit", "1,2", None)]),
        ("incidents/?q=", [("q", "", None)]),
        ("incidents/?ordering=-kild", [("ordering", "-kild", "-killed")]),
        ("incidents/?fields=sumary", [("fields", "sumary", "summary")]),
        ("incidents/?near=39,49", [("near", "", None)]),
        ("incidents/?radius_km=5", [("radius_km", "", None)]),
        ("incidents/?near=39,49&radius_km=5&bbox=0,0,1,1", [("near", "", None)]),
        ("incidents/?date_match=certain", [("date_match", "", None)]),
        ("incidents/?date_after=2023&date_before=2022", [("date_after", "2023-01-01", None)]),
        ("incidents/?killed_min=5&killed_max=4", [("killed_min", "5", None)]),
        ("incidents/?as_of=2", [("as_of", "2", "1")]),
        ("incidents/?as_of=2999-01-01T00:00Z", [("as_of", "2999-01-01T00:00:00Z", "1")]),
        ("incidents/?as_of=2999-01-01", [("as_of", "2999-01-01", "1")]),
        ("incidents/?as_of=2026-W48", [("as_of", "2026-W48", None)]),
        ("incidents/?as_of=2026-W48-4", [("as_of", "2026-W48-4", None)]),
        ("incidents/?killed_min=1.5", [("killed_min", "1.5", None)]),
        ("incidents/?killed_min=1e", [("killed_min", "1e", None)]),
        ("incidents/?killed_min=1e99", [("killed_min", "1e99", None)]),
        ("incidents/?limit=1001.0", [("limit", "1001.0", None)]),
        ("incidents/?format=jsn", [("format", "jsn", "json")]),
        ("incidents/count/?ordering=date", [("ordering", "date", None)]),
        ("incidents/one/?q=x", [("q", "x", None)]),
        ("incidents/one/revisions/?fields=id", [("fields", "id", None)]),
        ("locations/?actor=group", [("actor", "group", None)]),
        (
            "incidents/?limit=0&bbox=1,2&surprise=1&q=&date_after=2022-13",
            [
                ("limit", "0", None),
                ("bbox", "1,2", None),
                ("surprise", "1", None),
                ("q", "", None),
                ("date_after", "2022-13", None),
            ],
        ),
    ],
)
def test_what_cannot_be_taken_is_named(api: APIClient, address: str, refused: Any) -> None:
    publishing.publish([IncidentFactory(public_id="one")])
    assert errors(api, address) == refused


@pytest.mark.parametrize("written", ["2", "2.0", "2.", "2.000", "2e0", "0.2e1", "2e%2B00"])
def test_a_whole_number_may_be_written_as_r_and_pandas_write_it(api: APIClient, written: str) -> None:
    """Columns of numbers with gaps are floats there, and 100000 is 1e+05."""
    publishing.publish([IncidentFactory(public_id=f"i-{killed}", killed_best=killed) for killed in (1, 2, 3)])
    found = api.get(f"/api/v1/incidents/?killed_min={written}&limit={written}&ordering=killed")
    assert [each["id"] for each in found.json()["results"]] == ["i-2", "i-3"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("date_after=2022-08-04&date_before=2022-08-04", ["b"]),
        ("date_after=2022-08&date_before=2022-08", ["c", "b"]),
        ("date_before=2022", ["c", "b", "a"]),
        ("date_after=2023", ["d"]),
        ("date_after=2022-08-05&date_before=2022-09&date_match=certain", []),
        ("date_after=2022-08-04&date_before=2022-09&date_match=certain", ["b"]),
    ],
)
def test_a_month_or_a_year_stands_for_all_its_days(api: APIClient, query: str, found: list[str]) -> None:
    days = {"a": ("2022-06-01", "2022-06-30"), "b": ("2022-08-04", "2022-08-04"), "d": ("2023-01-01", "2023-01-01")}
    made = [IncidentFactory(public_id=name, date_start=start, date_end=end) for name, (start, end) in days.items()]
    made.append(IncidentFactory(public_id="c", date_start="2022-08-31", date_end="2022-10-01"))
    for incident in made:
        incident.refresh_from_db()
    publishing.publish(made)
    assert [each["id"] for each in api.get(f"/api/v1/incidents/?{query}").json()["results"]] == found


def test_a_count_is_told_where_it_is_cheap_and_has_an_address(api: APIClient) -> None:
    publishing.publish([IncidentFactory(public_id=f"i-{number}", summary="Shots.") for number in range(4)])
    publishing.publish([IncidentFactory(public_id="i-4", summary="Shots.")])
    told = {
        query: api.get(f"/api/v1/incidents/?{query}").json()["count"]
        for query in (
            "limit=2",
            "limit=2&as_of=1",
            "limit=2&q=shots",
            "limit=5&q=shots",
            "limit=2&q=shots&count=exact",
            "limit=2&q=shots&count=exact&as_of=1",
            "q=silence",
        )
    }
    assert told == {
        "limit=2": 5,
        "limit=2&as_of=1": 4,
        "limit=2&q=shots": 5,
        "limit=5&q=shots": 5,
        "limit=2&q=shots&count=exact": 5,
        "limit=2&q=shots&count=exact&as_of=1": 4,
        "q=silence": 0,
    }
    page = api.get("/api/v1/incidents/?limit=2&q=shots&ordering=date&fields=id").json()
    assert page["count_url"] == "http://testserver/api/v1/incidents/count/?as_of=2&q=shots"
    assert api.get(page["count_url"]).json() == {"count": 5, "as_of": 2, "warnings": []}


def test_chosen_fields_come_in_the_documents_order_with_the_id(api: APIClient) -> None:
    publishing.publish([IncidentFactory(public_id="one", summary="Shots.")])
    assert api.get("/api/v1/incidents/one/?fields=summary,revision").content == (
        b'{"id":"one","revision":1,"summary":"Shots."}'
    )
    page = api.get("/api/v1/incidents/?fields=summary,revision").json()
    assert page["results"] == [{"id": "one", "revision": 1, "summary": "Shots."}]


def test_a_list_may_come_joined_by_commas_or_a_value_at_a_time(api: APIClient) -> None:
    for name in ("one", "two", "three"):
        publishing.publish([IncidentFactory(public_id=name)])
    joined, repeated = (api.get(f"/api/v1/incidents/?{query}&limit=1") for query in ("id=one,two", "id=one&id=two"))
    assert [each["id"] for each in repeated.json()["results"]] == ["two"]
    assert (repeated.content, repeated["ETag"]) == (joined.content, joined["ETag"])
    assert errors(api, "incidents/?event_type=battle&event_type=batle") == [("event_type", "batle", "battle")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ordering=-killed", ["two", "none", "unknown"]),
        ("ordering=killed", ["unknown", "none", "two"]),
        ("ordering=killed&killed_min=0", ["none", "two"]),
    ],
)
def test_an_unknown_figure_is_lowest_in_an_order_and_can_be_left_out(
    api: APIClient, query: str, found: list[str]
) -> None:
    publishing.publish(
        [
            IncidentFactory(public_id=name, killed_best=best)
            for name, best in (("two", 2), ("none", 0), ("unknown", None))
        ]
    )
    assert [each["id"] for each in api.get(f"/api/v1/incidents/?{query}").json()["results"]] == found
