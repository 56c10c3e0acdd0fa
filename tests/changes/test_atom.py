"""The Atom feed of incidents, read as feed readers read it."""

from __future__ import annotations

from typing import Any

import feedparser  # type: ignore[import-untyped]  # it brings no types
import pytest
from rest_framework.test import APIClient

from incidents import publishing
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.query.world import clock

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/incidents.atom"


@pytest.fixture
def incidents() -> list[Any]:
    """Three incidents, published one after the other, of which the first is changed last."""
    with clock() as later:
        dataset = DatasetFactory(public_id="data", name="Shots & <bangs>", attribution="By us.")
        region = LocationFactory(public_id="region", name="Region", kind="admin1")
        town = LocationFactory(public_id="town", name="Town", parent=region)
        report = ReportFactory(source=SourceFactory(name="The Post"))
        made = [
            IncidentFactory(
                public_id=f"case-{number}",
                dataset=dataset,
                location=town,
                summary=f"“Shots” & <b>bangs</b> {number}.",
                reports=[report],
                tags=["night"] if number == 1 else [],
            )
            for number in (1, 2, 3)
        ]
        for incident in made:
            publishing.publish([incident])
            later()
        made[0].summary = "Corrected \x0b."
        made[0].save()
        publishing.publish([made[0]])
    return made


def feed(api: APIClient, query: str = "") -> Any:
    answer = api.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml"
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_the_newest_publication_comes_first(incidents: list[Any], api: APIClient) -> None:
    found = feed(api)
    entries = [(entry.id.removeprefix("http://testserver/api/v1/incidents/"), entry.updated) for entry in found.entries]
    assert entries == [
        ("case-1/", "2026-01-01T12:00:30+00:00"),
        ("case-3/", "2026-01-01T12:00:20+00:00"),
        ("case-2/", "2026-01-01T12:00:10+00:00"),
    ]
    assert (found.version, found.feed.updated) == ("atom10", "2026-01-01T12:00:30+00:00")


def test_an_entry_tells_what_a_reader_needs(incidents: list[Any], api: APIClient) -> None:
    changed, other, _ = feed(api).entries
    assert other.title == "Shooting, Town, Region, UKR, 2022-08-04"
    assert (other.summary, other.summary_detail.type) == ("“Shots” & <b>bangs</b> 3.", "text/plain")
    assert other.link == "http://testserver/api/v1/incidents/case-3/?as_of=3"
    assert (other.author, other.rights) == ("Shots & <bangs>", "CC-BY-4.0. By us")
    assert [each.name for each in other.contributors] == ["The Post"]
    assert [tag.term for tag in other.tags] == ["armed_attack", "shooting", "new"]
    assert changed.title == "Correction of summary: Shooting, Town, Region, UKR, 2022-08-04"
    assert changed.summary == "Correction of summary. Corrected \ufffd."
    assert changed.tags[-1] == {"term": "correction", "scheme": "urn:incidents-api:change", "label": None}
    assert api.get(changed.link).json()["summary"] == "Corrected \x0b."


def test_it_takes_the_filters_of_the_list_and_refuses_what_it_would_ignore(
    incidents: list[Any], api: APIClient
) -> None:
    assert [entry.id[-7:] for entry in feed(api, "?tag=night&country=UKR&bbox=38,48,40,50").entries] == ["case-1/"]
    for name, value in (("ordering", "date"), ("fields", "id"), ("count", "exact"), ("evnt_type", "battle")):
        answer = api.get(f"{ADDRESS}?{name}={value}")
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, name)
        assert answer["Content-Type"] == "application/problem+json"


def test_older_entries_follow_and_see_one_frozen_state(incidents: list[Any], api: APIClient) -> None:
    address, seen = "?limit=1", []
    while address:
        found = feed(api, address)
        seen += [entry.id[-7:-1] for entry in found.entries]
        following = [link.href for link in found.feed.links if link.rel == "next"]
        address = following[0].removeprefix(f"http://testserver{ADDRESS}") if following else ""
        incidents[2].summary += " More."
        incidents[2].save()
        publishing.publish([incidents[2]])
    assert seen == ["case-1", "case-3", "case-2"]
    assert feed(api).entries[0].id[-7:-1] == "case-3"
    other = api.get(f"{ADDRESS}?as_of=2&cursor={_cursor(api)}")
    assert other.status_code == 400


def _cursor(api: APIClient) -> str:
    (following,) = [link.href for link in feed(api, "?limit=1").feed.links if link.rel == "next"]
    return str(following).split("cursor=")[1].split("&")[0]


def test_a_reader_who_has_it_is_told_so_until_something_is_published(incidents: list[Any], api: APIClient) -> None:
    etag = api.get(ADDRESS)["ETag"]
    assert api.get(ADDRESS, headers={"if-none-match": etag}).status_code == 304
    publishing.withdraw([incidents[1]], reason="Doubts.")
    again = api.get(ADDRESS, headers={"if-none-match": etag})
    assert (again.status_code, b"case-2" in again.content) == (200, False)


def test_a_feed_of_nothing_is_a_feed(api: APIClient) -> None:
    assert (feed(api).entries, feed(api).feed.updated) == ([], "1970-01-01T00:00:00+00:00")


def test_a_feed_that_finds_nothing_has_the_time_of_the_last_publication(incidents: list[Any], api: APIClient) -> None:
    assert feed(api, "?q=nothing").feed.updated == "2026-01-01T12:00:30+00:00"
    assert feed(api, "?q=nothing&as_of=1").feed.updated == "2026-01-01T12:00:00+00:00"


@pytest.fixture
def large() -> list[Any]:
    """A publication of 3, one of 60 and one of 2, of which one corrects an incident of the large one."""
    with clock() as later:
        dataset = DatasetFactory(public_id="data")
        publishing.publish([IncidentFactory(public_id=f"first-{n}", dataset=dataset) for n in range(3)])
        later()
        many = [
            IncidentFactory(public_id=f"many-{n:02}", dataset=dataset, tags=["odd"] if n % 2 else []) for n in range(60)
        ]
        publishing.publish(many, message="The whole <set>.")
        later()
        many[0].summary, many[0].killed_best = "Another.", 3
        many[0].save()
        publishing.publish([IncidentFactory(public_id="last", dataset=dataset), many[0]])
    return many


def ids(found: Any) -> list[str]:
    return [entry.id.rsplit("/", 2)[1] if "?" not in entry.id else "batch" for entry in found.entries]


def test_a_publication_of_many_is_one_entry_with_a_link_to_all_of_them(large: list[Any], api: APIClient) -> None:
    found = feed(api)
    assert ids(found) == ["many-00", "last", "batch", "first-2", "first-1", "first-0"]
    batch = found.entries[2]
    assert batch.title == "60 incidents: new and corrected in publication 2"
    assert batch.summary == "The whole <set>.. The link lists all of them, as they were then."
    assert (batch.updated, batch.tags[-1].term) == ("2026-01-01T12:00:10+00:00", "batch")
    page = api.get(batch.link).json()
    assert (page["count"], page["as_of"]) == (60, 2)
    assert {each["id"][:4] for each in page["results"]} == {"many"}


def test_a_batch_of_a_filtered_feed_links_to_what_the_filter_finds(large: list[Any], api: APIClient) -> None:
    assert ids(feed(api, "?tag=odd")) == [f"many-{n:02}" for n in range(59, 0, -2)]
    found = feed(api, "?dataset=data")
    batch = found.entries[2]
    assert batch.title == "59 incidents: new and corrected in publication 2"
    assert "dataset=data" in batch.link
    assert api.get(batch.link).json()["count"] == 60


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 60, 1000])
def test_pages_of_any_length_tell_each_entry_once(large: list[Any], api: APIClient, limit: int) -> None:
    address, seen = f"?limit={limit}", []
    while address:
        found = feed(api, address)
        assert 0 < len(found.entries) <= limit
        seen += ids(found)
        following = [link.href for link in found.feed.links if link.rel == "next"]
        address = following[0].removeprefix(f"http://testserver{ADDRESS}") if following else ""
    assert seen == ["many-00", "last", "batch", "first-2", "first-1", "first-0"]


def test_a_correction_names_what_it_corrects_and_no_more(large: list[Any], api: APIClient) -> None:
    corrected, new = feed(api).entries[:2]
    assert corrected.title.startswith("Correction of summary, casualties: ")
    assert corrected.summary == "Correction of summary, casualties. Another."
    assert [entry.tags[-1].term for entry in (corrected, new)] == ["correction", "new"]
    publishing.redact(large[0], reason="Danger.")
    assert "Another" not in api.get(ADDRESS).text


def test_an_incident_that_comes_back_is_new(large: list[Any], api: APIClient) -> None:
    publishing.withdraw([large[1]], reason="Doubts.")
    publishing.publish([large[1]])
    assert feed(api).entries[0].tags[-1].term == "new"
