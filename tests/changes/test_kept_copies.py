"""A copy that is kept by the changes of a query equals the query at every publication."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import Head
from incidents.models import DatasetCode, Incident
from incidents.query import filtered_changes
from tests.attributes.conftest import declare
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory
from tests.mirroring.story import Story
from tests.query.asking import MAKERS
from tests.query.world import clock

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/changes/"
Documents = dict[str, dict[str, Any]]

FIXED = (
    {"killed_min": "2"},
    {"location": "luhansk-oblast"},
    {"q": "Pla*"},
    {"country": "UKR", "killed_min": "1"},
    {"bbox": "37.5,47.5,40.5,50.5", "date_after": "2022-06-01"},
)
"""Queries that all kinds of edits reach: of incidents, of the places around them, and of their names."""


def matches(api: APIClient, params: dict[str, str], at: int) -> Documents:
    """Return what the query finds as of a publication."""
    answer = api.get("/api/v1/incidents/", params | {"as_of": str(at), "limit": "1000"}).json()
    assert answer["next"] is None
    return {each["id"]: without_codes(each) for each in answer["results"]}


def without_codes(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what follows later corrections of places, without a change of the incident."""
    location = {name: value for name, value in document["location"].items() if not name.endswith("_code")}
    return document | {"location": location}


def changes(api: APIClient, params: dict[str, str], since: int, limit: int) -> Iterator[tuple[int, list[Any]]]:
    """Yield what each publication changed, and at the end the publication up to which it is told."""
    address = f"{ADDRESS}?{urlencode(params | {'since': str(since), 'limit': str(limit)}, quote_via=quote)}"
    told: dict[int, list[Any]] = {}
    while address:
        page = api.get(address).json()
        if page.get("code") == "query_changed":
            raise QueryChangedError
        assert len(page["results"]) <= limit
        for each in page["results"]:
            told.setdefault(each["seq"], []).append(each)
        address, at = page["next"], page["as_of"]
    assert list(told) == sorted(told)
    yield from told.items()
    yield at, []


class QueryChangedError(Exception):
    """A name of a place means other places now."""


def apply(copy: Documents, results: list[Any]) -> None:
    """Do what the documentation tells whoever keeps a copy."""
    for each in results:
        if each["effect"] in ("entered", "changed"):
            copy[each["id"]] = without_codes(each["document"])
        else:
            copy.pop(each["id"], None)


class Keeper:
    """Keeps a copy of a query, asking now and then."""

    def __init__(self, api: APIClient, params: dict[str, str], at: int) -> None:
        self.api, self.params, self.at = api, params, at
        self.copy = matches(api, params, at)

    def poll(self, limit: int) -> None:
        """Take what is new, and compare."""
        try:
            told = list(changes(self.api, self.params, self.at, limit))
        except QueryChangedError:
            self.at = Head.objects.get().seq
            self.copy = matches(self.api, self.params, self.at)
            return
        for at, results in told:
            apply(self.copy, results)
            self.at = at
        assert self.copy == matches(self.api, self.params, self.at), (self.params, self.at)


def keep(api: APIClient, seed: int, edits: int, queries: list[dict[str, str]]) -> None:
    chance = Random(seed)
    with clock() as later:
        story = Story(seed)
        at = Head.objects.get().seq
        always, seldom = ([Keeper(api, params, at) for params in queries] for _ in range(2))
        for _ in range(edits):
            later()
            story.step()
            for keeper in always:
                keeper.poll(limit=1000)
            for keeper in seldom:
                if chance.random() < 0.15:
                    keeper.poll(limit=chance.choice((1, 3, 50)))
    for keeper in seldom:
        keeper.poll(limit=2)


def keep_from_the_beginning(api: APIClient, queries: list[dict[str, str]]) -> None:
    """Compare at every publication, as it is told now."""
    for params in queries:
        copy: Documents = {}
        head = Head.objects.get().seq
        told = {seq: results for seq, results in changes(api, params, 0, 7) if results}
        for seq in range(1, head + 1):
            apply(copy, told.get(seq, []))
            answer = api.get(ADDRESS, params | {"since": str(seq)})
            if answer.status_code == 200:  # else the parameters meant another query then
                assert copy == matches(api, params, seq), (params, seq)


def some_queries(seed: int, number: int) -> list[dict[str, str]]:
    chance = Random(seed)
    document: dict[str, Any] = {
        "id": "case-1",
        "location": {"latitude": 49.2, "longitude": 39.5, "name": "Bilovodsk"},
        "event_type": "armed_attack",
        "event_subtype": None,
        "actors": [],
        "published": "2026-01-01T12:00:30Z",
        "first_published": "2026-01-01T12:00:30Z",
    }
    made = [chance.choice(MAKERS["incident"])(chance, document) for _ in range(number)]
    return [*FIXED, *made]


@pytest.mark.parametrize(
    ("seed", "edits"),
    [(1, 25), pytest.param(2, 300, marks=pytest.mark.slow), pytest.param(3, 300, marks=pytest.mark.slow)],
)
def test_a_kept_copy_equals_the_query_at_every_publication(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, seed: int, edits: int
) -> None:
    monkeypatch.setattr(filtered_changes, "FIRST_STEP", 3)
    monkeypatch.setattr(filtered_changes, "MOST_READ", 20)
    queries = some_queries(seed, 6 if edits < 100 else 12)
    keep(api, seed, edits, queries)
    keep_from_the_beginning(api, queries)


@pytest.fixture
def region() -> Any:
    """A public region that no document of the incident at a town in it shows: it is found by its name alone."""
    region = LocationFactory(public_id="front", name="Oldfront", kind="landscape")
    town = LocationFactory(public_id="town", name="Town", parent=region)
    publishing.publish([IncidentFactory(public_id="case", location=town, killed_best=3)])
    return region


def effects(api: APIClient, query: str) -> list[tuple[Any, ...]]:
    page = api.get(f"{ADDRESS}?{query}").json()
    assert page["next"] is None
    return [(each["seq"], each["id"], each["effect"], each["change"], each["revision"]) for each in page["results"]]


def test_an_incident_enters_and_leaves_without_a_revision_of_its_own(region: Any, api: APIClient) -> None:
    (before,) = matches(api, {"q": "oldfront"}, 1).values()
    region.name = "Newfront"
    region.save()
    publishing.publish([region])
    assert effects(api, "since=1&q=newfront") == [(2, "case", "entered", "changed", 1)]
    assert effects(api, "since=1&q=oldfront") == [(2, "case", "left", "changed", 1)]
    assert effects(api, "since=1&q=town") == []
    (change,) = api.get(f"{ADDRESS}?since=1&q=newfront").json()["results"]
    assert without_codes(change["document"]) == before
    assert change["document"] == api.get("/api/v1/incidents/case/").json()


@pytest.mark.parametrize("moved", [False, True])
def test_copies_by_a_name_that_a_reduction_took_from_the_past_are_told(
    region: Any, api: APIClient, moved: bool
) -> None:
    keeper = Keeper(api, {"q": "oldfront"}, 1)
    assert keeper.copy.keys() == {"case"}
    if moved:
        incident = Incident.objects.get(public_id="case")
        incident.location = LocationFactory(public_id="elsewhere")
        incident.save()
        publishing.publish([incident])
    region.name = "Newfront"
    region.save()
    publishing.reduce([region], reason="Puts people in danger.")
    keeper.poll(limit=1)
    assert keeper.copy == {}
    assert [each[2] for each in effects(api, "since=1&q=newfront")][-1] in ("changed", "left")


def test_what_a_redaction_or_a_reduction_removed_is_told_whatever_it_matched(region: Any, api: APIClient) -> None:
    incident = Incident.objects.get(public_id="case")
    incident.place_disclosure = "country"
    incident.save()
    publishing.reduce([incident], reason="Puts people in danger.")
    told = {query: effects(api, f"since=1&{query}") for query in ("location=town", "location=nowhere", "killed_min=9")}
    assert set(map(tuple, told.values())) == {((2, "case", "left", "added", 3),)}
    publishing.redact(incident, reason="Puts people in danger.")
    for query in told:
        assert effects(api, f"since=2&{query}") == [(3, "case", "ended", "redacted", 4)]
    assert effects(api, "since=2&as_of=2&killed_min=1") == []


def test_what_ends_is_told_with_its_reason_and_its_target(region: Any, api: APIClient) -> None:
    twin = IncidentFactory(public_id="twin", killed_best=3)
    publishing.publish([twin])
    publishing.merge(twin, Incident.objects.get(public_id="case"), reason="Told twice.")
    (change,) = api.get(f"{ADDRESS}?since=2&killed_min=3&id=twin").json()["results"]
    assert (change["effect"], change["change"], change["reason"], change["target"]) == (
        "ended",
        "merged",
        "Told twice.",
        "case",
    )
    assert change["document"] is None
    assert effects(api, "since=2&killed_min=4") == []


def test_fields_are_chosen_and_what_means_nothing_is_refused(region: Any, api: APIClient) -> None:
    (change,) = api.get(f"{ADDRESS}?killed_min=1&fields=dataset").json()["results"]
    assert change["document"].keys() == {"id", "dataset"}
    for query, name in (
        ("ordering=date&killed_min=1", "ordering"),
        ("count=exact&killed_min=1", "count"),
        ("fields=id", "fields"),
        ("since=2&killed_min=1", "since"),
        ("since=1&as_of=0&killed_min=1", "since"),
        ("killed_mim=1", "killed_mim"),
    ):
        answer = api.get(f"{ADDRESS}?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, name)


def test_a_reader_who_has_it_is_told_so(region: Any, api: APIClient) -> None:
    etag = api.get(f"{ADDRESS}?killed_min=1")["ETag"]
    assert api.get(f"{ADDRESS}?killed_min=1", headers={"if-none-match": etag}).status_code == 304
    assert api.get(f"{ADDRESS}?killed_min=2", headers={"if-none-match": etag}).status_code == 200


def test_parameters_that_mean_another_query_now_are_told_to_begin_again(api: APIClient) -> None:
    dataset = DatasetFactory(public_id="data")
    declare(dataset, "weapon", "code", [{"code": code, "label": code} for code in ("rifle", "gun")])
    publishing.publish([IncidentFactory(public_id="case", dataset=dataset, attributes={"weapon": "gun"})])
    assert effects(api, "attr.weapon=rifle") == []
    DatasetCode.objects.filter(code="gun").update(merged_into="rifle")
    publishing.publish([dataset])
    answer = api.get(f"{ADDRESS}?since=1&attr.weapon=rifle")
    assert (answer.status_code, answer.json()["code"]) == (410, "query_changed")
    assert effects(api, "since=2&attr.weapon=rifle") == []
    assert effects(api, "attr.weapon=rifle") == [(1, "case", "entered", "added", 1)]
