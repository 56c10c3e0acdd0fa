"""Links that mail, chats and advertisers have lengthened open the page that was meant; data refuses them as ever."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from incidents.query import filters
from incidents_api.parameters.filtersets import StrictFilterSet
from incidents_api.rest.trackers import is_tracker

pytestmark = pytest.mark.django_db

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
TRACKERS = "utm_source=mail&utm_medium=a%20b&UTM_Campaign=c&fbclid=x&gclid=y&msclkid=z&_=1700000000&mc_eid=1&%5F=2"
PAGES = (
    *("", "incidents/", "incidents/count/", "incidents/cite/", "incidents/aggregate/", "locations/", "datasets/"),
    *("changes/", "releases/", "codebook/"),
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_with_them_and_nothing_on_it_has_them(client: Client, address: str) -> None:
    wanted, lengthened = (client.get(f"/api/v1/{address}{query}", headers=BROWSER) for query in ("", f"?{TRACKERS}"))
    assert wanted.status_code in (200, 404)  # there is nothing to cite
    assert (lengthened.status_code, lengthened.content) == (wanted.status_code, wanted.content)
    assert lengthened.get("ETag") == wanted.get("ETag")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("tracker", ["utm_source=mail", "fbclid=x", "gclid=y", "_=1"])
def test_data_refuses_them(client: Client, address: str, tracker: str) -> None:
    for headers in ({}, {"accept": "application/json"}):
        answer = client.get(f"/api/v1/{address}?{tracker}", headers=headers)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == tracker.partition("=")[0]


def test_filters_beside_them_hold_and_stay_as_they_are_written(client: Client) -> None:
    html = client.get("/api/v1/incidents/?utm_id=3&q=a%2Bb&fbclid=x&country=UKR,RUS&_=2", headers=BROWSER).text
    assert re.search(r"<strong>GET</strong> /api/v1/incidents/\?q=a%2Bb&amp;country=UKR,RUS\s*</pre>", html)
    assert "fbclid" not in html
    assert 'type="hidden"' not in html


def test_what_is_no_tracker_is_still_refused_on_a_page(client: Client) -> None:
    answer = client.get("/api/v1/incidents/?utm=1&clid=2&utm_source=a", headers=BROWSER)
    assert answer.status_code == 400
    assert "<code>utm</code>" in answer.text
    assert "<code>clid</code>" in answer.text
    assert "utm_source" not in answer.text


def test_the_other_pages_open_too(client: Client) -> None:
    for address in ("/", "/api/v1/docs/", "/api/v1/redoc/"):
        assert client.get(f"{address}?{TRACKERS}", headers=BROWSER).status_code == 200


def test_no_parameter_of_ours_is_taken_for_one() -> None:
    get_resolver().url_patterns  # noqa: B018 - imports all views
    assert filters.IncidentFilterSet.base_filters
    names = {name for each in _every(StrictFilterSet) for name in each.base_filters}
    assert len(names) > 50
    assert [name for name in names if is_tracker(name)] == []


def _every(of: type[StrictFilterSet]) -> list[type[StrictFilterSet]]:
    return [found for each in of.__subclasses__() for found in (each, *_every(each))]
