"""The home page shows which datasets are here, under which terms, and how current they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine
from django.test import Client

from incidents import publishing
from incidents.schema.terms import licence_of, not_stated
from tests.factories import DatasetFactory, IncidentFactory

pytestmark = pytest.mark.django_db

WHEN = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)


def home(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def rows(html: str) -> list[str]:
    """Text of each row of the table of datasets."""
    found = re.findall(r"<tr>(.*?)</tr>", html)[1:]
    return [unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", each))).strip() for each in found]


def test_each_dataset_has_its_number_of_incidents_and_its_terms(client: Client) -> None:
    small = DatasetFactory(public_id="small", name="Small <set>", licence="ODbL-1.0", attribution="By us.")
    large = DatasetFactory(public_id="large", name="Large", licence="https://example.org/terms", attribution="By them.")
    empty = DatasetFactory(public_id="empty", name="Empty", attribution="By none.")
    with time_machine.travel(WHEN, tick=False):
        publishing.publish([IncidentFactory(dataset=small), *(IncidentFactory(dataset=large) for _ in range(3)), empty])
    html = home(client)
    assert rows(html) == [
        "Large 3 https://example.org/terms By them.",
        "Small <set> 1 ODbL-1.0 By us.",
        "Empty 0 CC-BY-4.0 By none.",
    ]
    assert 'href="https://spdx.org/licenses/ODbL-1.0.html" rel="license noopener"' in html
    assert 'href="/api/v1/incidents/?dataset=large"' in html
    assert '<time datetime="2026-11-26T16:30:00Z">2026-11-26 16:30 UTC</time>' in html
    assert '<a href="/api/v1/changes/?since=0">publication 1</a>' in html
    assert "4 incidents</a>" in html


def test_the_example_is_a_query_that_finds_something_and_its_file(client: Client) -> None:
    publishing.publish([IncidentFactory(dataset=DatasetFactory(public_id="set"), public_id="one")])
    html = home(client)
    query, file = re.findall(r'href="(/api/v1/incidents[^"]*ordering[^"]*)"', unescape(html))
    assert [each["id"] for each in client.get(query).json()["results"]] == ["one"]
    answer = client.get(file)
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["X-Row-Count"] == "1"


def test_terms_that_are_lacking_are_shown_as_lacking(client: Client) -> None:
    dataset = DatasetFactory(public_id="set", name="Set", licence="LicenseRef-not-stated", attribution="")
    publishing.publish([IncidentFactory(dataset=dataset)])
    assert rows(home(client)) == ["Set 1 Not stated. Ask the publisher before you reuse it. Not stated."]
    page = client.get("/api/v1/datasets/", headers={"accept": "text/html"}).text
    assert page.count('<td class="bad">not stated</td>') == 2


@pytest.mark.parametrize(
    ("licence", "attribution", "found"),
    [
        ("CC-BY-4.0", "By us.", []),
        ("CC-BY-4.0", " ", ["attribution"]),
        ("", "By us.", ["licence"]),
        ("NOASSERTION", None, ["licence", "attribution"]),
        ("LicenseRef-not-stated", "", ["licence", "attribution"]),
        ("LicenseRef-our-terms", "By us.", []),
    ],
)
def test_what_is_lacking_is_told_from_what_is_stated(licence: str, attribution: str | None, found: list[str]) -> None:
    assert not_stated({"licence": licence, "attribution": attribution}) == found


def test_only_licences_with_a_text_are_links() -> None:
    assert licence_of("LicenseRef-our-terms").url == ""
    assert licence_of("javascript:alert(1)").url == ""
    assert licence_of("https://example.org/terms").url == "https://example.org/terms"


def test_before_the_first_publication_it_says_so(client: Client) -> None:
    html = home(client)
    assert "Nothing has been published yet." in html
    assert "<table>" not in html


def test_drafts_change_nothing(client: Client) -> None:
    publishing.publish([IncidentFactory(dataset=DatasetFactory(public_id="set"))])
    before = client.get("/").content
    IncidentFactory(dataset=DatasetFactory(public_id="hidden", name="Hidden"))
    assert client.get("/").content == before


def test_it_makes_no_promise_that_records_do_not_keep(client: Client) -> None:
    assert "as far as these are known and can be published safely" in home(client)
    assert "Every record names its sources" not in home(client)
