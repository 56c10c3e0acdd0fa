"""What a group says and does not say, how many there may be, and how often the database is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from incidents import publishing
from incidents.query.aggregate import groups, tally
from tests.api.queries import statements
from tests.factories import ActorFactory, IncidentFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/incidents/aggregate/"


def ask(api: APIClient, **params: str) -> dict[str, Any]:
    response = api.get(ADDRESS, params)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


def complaints(api: APIClient, **params: str) -> list[tuple[str, str]]:
    response = api.get(ADDRESS, params)
    assert response.status_code == 400, response.content
    return [(error["parameter"], error["message"]) for error in response.json()["errors"]]


def on(start: date | None, end: date | None, **facts: Any) -> Any:
    return IncidentFactory(date_start=start, date_end=end, date_precision="unknown", **facts)


def test_not_reported_and_zero_are_kept_apart(api: APIClient) -> None:
    figures = [(None, None), (0, None), (3, None)]
    publishing.publish([IncidentFactory(killed_best=killed, injured_best=injured) for killed, injured in figures])
    total = ask(api)["total"]
    assert (total["killed"]["best"], total["killed"]["reported"]["best"]) == (3, 2)
    assert (total["injured"]["best"], total["injured"]["reported"]["best"]) == (None, 0)
    assert ask(api, killed_min="4")["total"]["killed"]["best"] == 0  # of no incident there is nothing to report


def test_an_incident_of_several_months_counts_where_it_is_asked_to(api: APIClient) -> None:
    publishing.publish(
        [
            on(date(2022, 1, 31), date(2022, 3, 1), killed_best=5),
            on(date(2022, 3, 1), date(2022, 3, 31), killed_best=1),
            on(date(2022, 2, 10), None),
            on(None, date(2022, 2, 1)),
        ]
    )

    def months(**params: str) -> list[tuple[str, int, int, int | None]]:
        rows = ask(api, by="month", **params)["results"]
        return [(row["month"], row["count"], row["spanning"], row["killed"]["best"]) for row in rows]

    assert months() == [("2022-01", 1, 1, 5), ("2022-02", 1, 1, None), ("2022-03", 1, 0, 1), (None, 1, 0, None)]
    assert months(spread="within") == [("2022-03", 1, 0, 1), (None, 3, 2, 5)]
    assert months(spread="every") == [
        ("2022-01", 1, 1, 5),
        ("2022-02", 2, 2, 5),
        ("2022-03", 3, 2, 6),
        (None, 1, 0, None),
    ]
    # A window cuts what is shown of long ones, and an open end reaches to the end of it.
    assert months(spread="every", date_after="2022-02", date_before="2022-05") == [
        ("2022-02", 2, 2, 5),
        ("2022-03", 3, 2, 6),
        ("2022-04", 1, 1, None),
        ("2022-05", 1, 1, None),
        (None, 1, 0, None),
    ]


def test_one_with_two_actors_counts_in_both_and_once_in_the_total(api: APIClient) -> None:
    both = [ActorFactory(public_id=name) for name in ("one", "other")]
    publishing.publish(
        [
            IncidentFactory(killed_best=2, actors=[(both[0], "target"), (both[0], "claimant"), (both[1], "target")]),
            IncidentFactory(killed_best=1),
        ]
    )
    body = ask(api, by="actor")
    assert [(row["actor"], row["count"], row["killed"]["best"]) for row in body["results"]] == [
        ("one", 1, 2),
        ("other", 1, 2),
        (None, 1, 1),
    ]
    assert (body["overlapping"], body["total"]["count"], body["total"]["killed"]["best"]) == (["actor"], 2, 3)
    assert ask(api, by="country")["overlapping"] == []


def test_empty_units_are_shown_on_request(api: APIClient) -> None:
    publishing.publish([on(date(2021, 11, 5), date(2021, 11, 5)), on(date(2022, 2, 1), date(2022, 2, 2))])
    rows = ask(api, by="month", fill="zero")["results"]
    assert [(row["month"], row["count"]) for row in rows] == [
        ("2021-11", 1),
        ("2021-12", 0),
        ("2022-01", 0),
        ("2022-02", 1),
    ]
    assert rows[1]["killed"] == {"low": 0, "best": 0, "high": 0, "reported": {"low": 0, "best": 0, "high": 0}}
    assert rows[0]["killed"]["best"] is None
    quarters = ask(api, by="quarter", fill="zero", date_before="2022-12-31", date_after="2021-12-31")["results"]
    assert [row["quarter"] for row in quarters] == ["2021-Q4", "2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]
    nothing = ask(api, by="year", fill="zero", date_after="1990", date_before="1991")
    assert [(row["year"], row["count"]) for row in nothing["results"]] == [("1990", 0), ("1991", 0)]
    assert ask(api, by="week,country", fill="zero", date_before="1991")["results"] == []


def test_weeks_are_iso_weeks(api: APIClient) -> None:
    publishing.publish([on(day, day) for day in (date(2021, 1, 3), date(2021, 1, 4), date(2020, 12, 28))])
    rows = ask(api, by="week")["results"]
    assert [(row["week"], row["start"], row["end"], row["count"]) for row in rows] == [
        ("2020-W53", "2020-12-28", "2021-01-03", 2),
        ("2021-W01", "2021-01-04", "2021-01-10", 1),
    ]


def test_orders_put_what_is_not_reported_last(api: APIClient) -> None:
    for kind, killed in (("battle", 1), ("battle", 2), ("strike", 7), ("protest", None), ("riot", 0)):
        publishing.publish([IncidentFactory(event_type=kind, event_subtype="", killed_best=killed)])

    def kinds(ordering: str) -> list[str]:
        return [row["event_type"] for row in ask(api, by="event_type", ordering=ordering)["results"]]

    assert kinds("key") == ["battle", "protest", "riot", "strike"]
    assert kinds("-key") == ["strike", "riot", "protest", "battle"]
    assert kinds("-killed") == ["strike", "battle", "riot", "protest"]
    assert kinds("killed") == ["riot", "battle", "strike", "protest"]
    assert kinds("-count") == ["battle", "protest", "riot", "strike"]


def test_what_makes_no_sense_is_refused(api: APIClient) -> None:
    assert complaints(api, by="month,year") == [
        ("by", "Must have at most one time unit (got month, year)."),
    ]
    assert complaints(api, by="mnth")[0][1].startswith("“mnth” must be one of: day, week, month")
    assert complaints(api, by="country,admin1,admin2,actor") == [("by", "Must have at most 3 values (got 4).")]
    assert [name for name, _ in complaints(api, by="country", fill="zero", spread="every", coverage="sources")] == [
        "spread",
        "fill",
        "coverage",
    ]
    for name in ("limit", "cursor", "fields", "count", "hxl"):
        assert complaints(api, **{name: "1"}) == [(name, "Unknown parameter.")]


def test_too_many_groups_are_refused_with_their_number(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tally, groups):
        monkeypatch.setattr(module, "MAX_GROUPS", 3)
    incidents = [on(date(2022, month, 1), date(2022, month, 1)) for month in (1, 2, 3, 5)]
    publishing.publish(incidents[:3])
    assert ask(api, by="location")["groups"] == 3
    end = "Use fewer keys, or narrow the query."
    publishing.publish(incidents[3:])
    assert complaints(api, by="location") == [("by", f"The result would have 4 groups; the maximum is 3. {end}")]
    assert ask(api, by="month", date_before="2022-04")["groups"] == 3
    assert complaints(api, by="month", fill="zero", date_before="2022-04", date_after="2022") == [
        ("by", f"The result would have 4 groups; the maximum is 3. {end}")
    ]
    publishing.publish([on(date(2022, 1, 1), None, location=incidents[0].location)])
    assert complaints(api, by="month", spread="every", date_before="2022-04", date_after="2022") == [
        ("by", f"The result would have 4 groups; the maximum is 3. {end}")
    ]


def test_an_answer_is_made_once_for_a_state_of_the_ledger(api: APIClient) -> None:
    publishing.publish([IncidentFactory()])
    with statements() as first:
        made = api.get(ADDRESS, {"by": "month,actor"})
    with statements() as again:
        assert api.get(ADDRESS, {"by": "month,actor"}).content == made.content
        api.get(ADDRESS, {"by": "month,actor", "ordering": "-count", "fill": "zero", "format": "csv"})
    assert len(first) == 3  # the head, the groups, the total
    assert len(again) == 2
    assert api.get(ADDRESS, {"by": "month,actor"}, HTTP_IF_NONE_MATCH=made["ETag"]).status_code == 304
    publishing.publish([IncidentFactory()])
    assert api.get(ADDRESS, {"by": "month,actor"}, HTTP_IF_NONE_MATCH=made["ETag"]).json()["total"]["count"] == 2
    assert ask(api, by="month,actor", as_of="1")["total"]["count"] == 1


def test_what_is_redacted_is_in_no_sum_of_the_past_either(api: APIClient) -> None:
    incidents = [IncidentFactory(killed_best=killed) for killed in (1, 10)]
    publishing.publish(incidents)
    before = api.get(ADDRESS, {"by": "actor", "as_of": "1"})
    publishing.withdraw([incidents[0]], reason="Doubts.")
    assert ask(api, as_of="1")["total"]["killed"]["best"] == 11
    assert ask(api)["total"]["killed"]["best"] == 10
    publishing.redact(incidents[1], reason="Safety.")
    after = api.get(ADDRESS, {"by": "actor", "as_of": "1"}, HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.json()["total"]["killed"]["best"] == 1


def test_an_empty_ledger_has_an_empty_answer(api: APIClient) -> None:
    assert ask(api, by="month,actor", fill="zero", spread="every")["results"] == []
    assert ask(api)["results"] == []


def test_a_page_for_people_shows_the_groups(api: APIClient) -> None:
    publishing.publish([IncidentFactory()])
    page = api.get(ADDRESS, {"by": "month"}, HTTP_ACCEPT="text/html")
    assert page.status_code == 200
    assert "2022-08" in page.content.decode()
    assert "format=csv" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_is_sorted_does_not_fill_the_memory(api: APIClient) -> None:
    publishing.publish([IncidentFactory()])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA temp_store")
            before = cursor.fetchone()
            with statements() as asked:
                assert ask(api, by="month,actor")["total"]["count"] == 1
            cursor.execute("PRAGMA temp_store")
            assert cursor.fetchone() == before
        assert [sql for sql in asked if "PRAGMA" in sql][1::3] == ["PRAGMA temp_store = FILE"] * 2
    else:
        assert ask(api, by="month,actor")["total"]["count"] == 1
