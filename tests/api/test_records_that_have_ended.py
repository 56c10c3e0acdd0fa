"""A merged record leads to its target, a withdrawn or redacted one tells why it is gone, an unknown one never was."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents_api.rest.errors import MEDIA_TYPE
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, SourceFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def records() -> dict[str, Any]:
    """Three published incidents."""
    made = {name: IncidentFactory(public_id=name) for name in ("one", "two", "three")}
    publishing.publish(made.values())
    return made


def where(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("Location", "")


def test_a_merged_record_leads_to_its_target_with_the_query_that_was_asked(records: Any, api: APIClient) -> None:
    publishing.merge(records["one"], records["two"], reason="Told twice.")
    address = "http://testserver/api/v1/incidents"
    assert where(api.get("/api/v1/incidents/one/")) == (308, f"{address}/two/")
    query = "as_of=2&fields=id,summary&format=json"
    answer = api.get(f"/api/v1/incidents/one/?{query}")
    assert (*where(answer), answer["Cache-Control"], answer.content) == (
        308,
        f"{address}/two/?{query}",
        "no-cache",
        b"",
    )
    assert api.get(answer["Location"]).json()["id"] == "two"
    assert api.get("/api/v1/incidents/one/?as_of=1").json()["id"] == "one"


def test_a_chain_of_mergers_is_followed_a_step_at_a_time_as_it_was_then(records: Any, api: APIClient) -> None:
    publishing.merge(records["one"], records["two"], reason="Told twice.")
    publishing.merge(records["two"], records["three"], reason="Told twice.")
    address = "http://testserver/api/v1/incidents"
    assert where(api.get("/api/v1/incidents/one/")) == (308, f"{address}/two/")
    assert where(api.get("/api/v1/incidents/two/")) == (308, f"{address}/three/")
    assert api.get("/api/v1/incidents/two/?as_of=2").json()["id"] == "two"
    publishing.withdraw([records["three"]], reason="Did not happen.")
    assert api.get(api.get("/api/v1/incidents/two/")["Location"]).status_code == 410


@pytest.mark.parametrize(
    ("plural", "factory"), [("locations", LocationFactory), ("sources", SourceFactory), ("actors", ActorFactory)]
)
def test_records_of_every_kind_can_be_merged_and_withdrawn(plural: str, factory: Any, api: APIClient) -> None:
    one, two = factory(public_id="one"), factory(public_id="two")
    publishing.publish([one, two])
    publishing.merge(one, two, reason="The same.")
    assert where(api.get(f"/api/v1/{plural}/one/")) == (308, f"http://testserver/api/v1/{plural}/two/")
    publishing.withdraw([two], reason="No such thing.")
    assert api.get(f"/api/v1/{plural}/two/").json()["tombstone"]["reason"] == "No such thing."
    assert api.get(f"/api/v1/{plural}/").json()["results"] == []


def test_a_withdrawn_record_is_gone_with_its_tombstone(records: Any, api: APIClient) -> None:
    publishing.withdraw([records["one"]], reason="Did not happen.")
    answer = api.get("/api/v1/incidents/one/")
    body = answer.json()
    published = body["tombstone"].pop("published")
    assert (answer.status_code, answer["Content-Type"]) == (410, MEDIA_TYPE)
    assert body == {
        "type": "urn:incidents-api:problem:gone",
        "title": "Withdrawn",
        "status": 410,
        "detail": "The incident one has been withdrawn.",
        "code": "gone",
        "instance": "/api/v1/incidents/one/",
        "tombstone": {"id": "one", "change": "withdrawn", "revision": 2, "as_of": 2, "reason": "Did not happen."},
    }
    history = api.get("/api/v1/incidents/one/revisions/").json()
    rows = [(each["revision"], each["change"], each["as_of"], each["url"]) for each in history["results"]]
    assert rows == [
        (1, "added", 1, "http://testserver/api/v1/incidents/one/?as_of=1"),
        (2, "withdrawn", 2, None),
    ]
    assert (history["count"], history["results"][1]["published"]) == (2, published)
    assert api.get(rows[0][3]).json()["revision"] == 1


def test_a_record_that_came_back_is_there_again(records: Any, api: APIClient) -> None:
    publishing.withdraw([records["one"]], reason="Doubts.")
    publishing.publish([records["one"]])
    found = {at: api.get(f"/api/v1/incidents/one/?as_of={at}").status_code for at in range(4)}
    assert found == {0: 404, 1: 200, 2: 410, 3: 200}
    assert api.get("/api/v1/incidents/one/").json()["revision"] == 3


def test_what_was_not_public_yet_was_not_there(records: Any, api: APIClient) -> None:
    publishing.publish([IncidentFactory(public_id="four")])
    for address in ("four/", "four/revisions/"):
        answers = [api.get(f"/api/v1/incidents/{address}?as_of={at}") for at in (1, 2)]
        assert [answer.status_code for answer in answers] == [404, 200]
        assert answers[0].json()["detail"] == "There is no incident 'four'."


def test_a_history_tells_each_change_with_both_values(records: Any, api: APIClient) -> None:
    one = records["one"]
    before, one.summary, one.killed_best = one.summary, "Otherwise.", 2
    one.save()
    publishing.publish([one])
    changes = api.get("/api/v1/incidents/one/revisions/").json()["results"][1]["changes"]
    none = {"low": None, "best": None, "high": None}
    assert changes == [
        {"field": "summary", "before": before, "after": "Otherwise."},
        {
            "field": "casualties",
            "before": {"killed": none, "injured": none},
            "after": {"killed": {**none, "best": 2}, "injured": none},
        },
    ]
