"""What two states of the ledger differ in, against both states as they are served."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
import pytest
from django.db import connection
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.content import changed_fields
from incidents.ledger.models import KINDS, Revision
from incidents.query.differences import Span, differences
from tests.factories import IncidentFactory
from tests.ledger.editing import Editors
from tests.query.world import World, clock
from tests.releases.making import named

pytestmark = pytest.mark.django_db

State = dict[tuple[str, str], dict[str, Any]]


def state(seq: int) -> State:
    """Return what was public after a publication and has not been redacted since, straight from the revisions."""
    rows = Revision.objects.filter(seq__lte=seq).exclude(document="")
    return {
        (row.kind, row.record_id): orjson.loads(row.document)
        for row in rows
        if row.retired is None or row.retired > seq
    }


def tagged(incident: Any, *tags: str) -> Any:
    """Change the tags of an incident."""
    incident.tags = list(tags)
    incident.save()
    return incident


def ended(before: State, after: State) -> set[tuple[str, str]]:
    return {key for key in before if key not in after}


def walked(api: APIClient, address: str) -> list[dict[str, Any]]:
    """Return the results of all pages."""
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        answer = api.get(following)
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        following = answer.json()["next"]
    return found


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_every_difference_is_listed_once_and_nothing_else(api: APIClient, seed: int) -> None:
    with clock() as tick:
        world = World(seed)
        publishing.publish([world.incident() for _ in range(12)])
        editors = Editors(world)
        for _ in range(50):
            tick()
            head = editors.act()
    spans = [(first, last) for first in range(1, head, 7) for last in range(first, head + 1, 9)]
    seen: Counter[str] = Counter()
    for first, last in spans:
        before, after = state(first), state(last)
        listed = walked(api, f"/api/v1/releases/{first}...{last}/?limit=5")
        found = {(each["kind"], each["id"]): each for each in listed}
        seen.update(each["change"] for each in listed)
        assert len(found) == len(listed)
        assert [each["as_of"] for each in listed] == sorted(each["as_of"] for each in listed)
        changed = {key: changed_fields(before[key], after[key]) for key in before.keys() & after.keys()}
        expected = {key: "changed" for key, fields in changed.items() if fields}
        expected |= dict.fromkeys(after.keys() - before.keys(), "added")
        assert {
            key: each["change"] for key, each in found.items() if each["change"] in ("added", "changed")
        } == expected
        assert {key for key in found if key not in expected} == ended(before, after)
        assert all(found[key]["fields"] == fields for key, fields in changed.items() if fields)
    assert min(seen[change] for change in ("added", "changed", "withdrawn", "merged")) > 0


def test_counts_are_those_of_the_list_by_kind_and_change(api: APIClient) -> None:
    with clock():
        world = World(5)
        publishing.publish([world.incident() for _ in range(12)])
        editors = Editors(world)
        head = [editors.act() for _ in range(25)][-1]
    address = f"/api/v1/releases/1...{head}/"
    body, listed = api.get(address).json(), walked(api, address)
    assert body["count"] == len(listed) > 10
    told = {(each["kind"], change): each[change] for each in body["counts"] for change in each if change != "kind"}
    assert {key: number for key, number in told.items() if number} == Counter(
        (each["kind"], each["change"]) for each in listed
    )
    assert [each["kind"] for each in body["counts"]] == list(KINDS)
    some = api.get(f"{address}?kind=incident&change=changed").json()
    assert some["count"] == told["incident", "changed"] == len(some["results"])
    assert {(each["kind"], each["change"]) for each in some["results"]} == {("incident", "changed")}


@pytest.fixture
def told(api: APIClient) -> dict[str, dict[str, Any]]:
    """Five incidents with a fate each, between two releases, and what is told of them."""
    everybody = {name: IncidentFactory(public_id=name) for name in ("kept", "edited", "back", "gone", "twin", "secret")}
    publishing.publish(everybody.values())
    named("first")
    publishing.publish([tagged(everybody["edited"], "x"), tagged(everybody["back"], "x")])
    publishing.publish([tagged(everybody["back"])])
    fleeting = IncidentFactory(public_id="fleeting")
    publishing.publish([fleeting])
    publishing.withdraw([everybody["gone"], fleeting], reason="Did not happen.")
    publishing.merge(everybody["twin"], everybody["kept"], reason="The same.")
    named("second")
    publishing.redact(everybody["secret"], reason="For safety.")
    publishing.publish([IncidentFactory(public_id="later")])
    named("third")
    return {each["id"]: each for each in walked(api, "/api/v1/releases/first...third/?kind=incident")}


def test_each_fate_is_told_as_it_is(told: dict[str, dict[str, Any]]) -> None:
    assert {name: each["change"] for name, each in told.items()} == {
        "edited": "changed",
        "gone": "withdrawn",
        "twin": "merged",
        "secret": "redacted",
        "later": "added",
    }
    assert told["edited"]["fields"] == ["tags"]
    assert told["twin"]["target"] == "kept"
    assert (told["gone"]["reason"], told["secret"]["reason"]) == ("Did not happen.", "For safety.")


@pytest.mark.parametrize("name", ["edited", "later", "gone"])
def test_addresses_lead_to_the_record_in_each_state(api: APIClient, told: dict[str, dict[str, Any]], name: str) -> None:
    for url in (told[name]["earlier_url"], told[name]["later_url"]):
        assert url is None or api.get(url).status_code == 200
    assert (told[name]["earlier_url"] is None) == (name == "later")
    assert (told[name]["later_url"] is None) == (name == "gone")


def test_what_was_redacted_later_is_in_neither_state_any_more(api: APIClient) -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident, IncidentFactory(public_id="two")])
    publishing.publish([tagged(incident, "x")])
    address = "/api/v1/releases/1...2/"
    before = api.get(address)
    assert [each["change"] for each in before.json()["results"]] == ["changed"]
    publishing.redact(incident, reason="For safety.")
    after = api.get(address, headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, after["Cache-Control"]) == (200, "public, max-age=3600, must-revalidate")
    assert [(each["change"], each["fields"], each["later_url"]) for each in after.json()["results"]] == [
        ("redacted", [], None)
    ]


def test_two_releases_of_one_dataset_compare_its_incidents_alone(api: APIClient) -> None:
    one = IncidentFactory(public_id="one")
    other = IncidentFactory(public_id="other")
    publishing.publish([one, other])
    dataset = one.dataset.public_id
    named("a-1", dataset=dataset)
    publishing.publish([tagged(one, "x"), tagged(other, "x")])
    named("a-2", dataset=dataset)
    assert [each["id"] for each in walked(api, "/api/v1/releases/a-1...a-2/")] == ["one"]
    assert len(walked(api, "/api/v1/releases/1...2/")) == 2
    both = [each["id"] for each in walked(api, f"/api/v1/releases/a-1...a-2/?dataset={other.dataset.public_id}")]
    assert both == ["other"]


@pytest.mark.parametrize("address", ["first...nobody", "nobody...first", "1...99", "first...second/x", "a...b...c"])
def test_what_is_not_there_is_not_found(api: APIClient, told: Any, address: str) -> None:
    assert api.get(f"/api/v1/releases/{address}/").status_code == 404


def test_the_wrong_way_round_is_told(api: APIClient, told: Any) -> None:
    answer = api.get("/api/v1/releases/second...first/")
    assert answer.status_code == 404
    assert "/api/v1/releases/first...second/" in answer.json()["detail"]


def test_it_finds_its_bounds_by_the_index_and_sorts_nothing(told: Any) -> None:
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(note):
        differences(Span(1, 5), None, 10)
    (sql, params), *_ = seen
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "revision_in_order" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
