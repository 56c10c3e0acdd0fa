"""`as_of` a day is the end of that day in UTC, wherever `as_of` is taken, and answers say so."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import Publication
from tests.factories import IncidentFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)
LAST = datetime(2026, 11, 26, 23, 59, 59, 999_999, tzinfo=UTC)
NEXT = datetime(2026, 11, 27, tzinfo=UTC)
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)

ADDRESSES = (
    "incidents/",
    "incidents/?limit=1",
    "incidents.csv",
    "incidents.ndjson",
    "incidents.geojson",
    "incidents/count/",
    "incidents/aggregate/?by=day",
    "incidents/cite/",
    "incidents/one/",
    "incidents/one/revisions/",
    "incidents.atom",
    "locations/",
    "datasets/count/",
)


@partial(world, autouse=True)
def published() -> None:
    """Publications on the evening of the 26th, in its last microsecond, and in the first of the next day."""
    one = IncidentFactory(public_id="one", summary="At first.")
    for at, records in ((FIRST, [one]), (LAST, [IncidentFactory(public_id="two")]), (NEXT, [IncidentFactory()])):
        with time_machine.travel(at, tick=False):
            publishing.publish(records)
    assert Publication.objects.count() == 3


def get(api: APIClient, address: str, at: datetime = NOW, **headers: str) -> Any:
    with time_machine.travel(at, tick=False):
        return api.get(f"/api/v1/{address}", headers=headers)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_day_answers_as_its_last_publication_does(api: APIClient, address: str) -> None:
    sign = "&" if "?" in address else "?"
    day, number, before = (get(api, f"{address}{sign}as_of={at}") for at in ("2026-11-26", "2", "1"))
    assert day.status_code == 200
    found = [content(each) for each in (day, number, before)]
    assert found[0] == found[1]
    assert "/one/" in address or found[1] != found[2]
    assert day["Cache-Control"] == number["Cache-Control"] == "public, max-age=3600, must-revalidate"


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_as_of_a_day_says_how_this_version_reads_it(api: APIClient, address: str) -> None:
    sign = "&" if "?" in address else "?"
    day, number, plain = (get(api, f"{address}{more}") for more in (f"{sign}as_of=2026-11-26", f"{sign}as_of=2", ""))
    assert day["X-Notice"].startswith("as_of=2026-11-26 is the end of that day in UTC. Until version 0.2.0")
    assert "X-Notice" not in number
    assert "X-Notice" not in plain


def test_a_page_of_another_site_can_read_the_notice(api: APIClient) -> None:
    answer = get(api, "incidents/?as_of=2026-11-26", Origin="https://elsewhere.example")
    assert "X-Notice" in answer["Access-Control-Expose-Headers"].split(", ")


@pytest.mark.parametrize(
    ("at", "day"),
    [(FIRST + timedelta(seconds=1), "2026-11-26"), (LAST, "2026-11-26"), (NOW, "2026-11-28"), (NOW, "9999-12-31")],
)
def test_a_day_that_is_not_over_is_refused_with_what_to_use(api: APIClient, at: datetime, day: str) -> None:
    answer = get(api, f"incidents/?as_of={day}", at)
    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert "X-Notice" not in answer
    assert error["message"] == (
        f"Means the end of {day} in UTC, and that day is not over yet. "
        "Use as_of=3, the latest publication, or leave as_of out."
    )
    assert (error["parameter"], error["value"], error["suggestion"]) == ("as_of", day, "3")


def test_a_day_is_answered_from_its_first_moment_after(api: APIClient) -> None:
    assert get(api, "incidents/count/?as_of=2026-11-26", NEXT).json() == {"count": 2, "as_of": 2, "warnings": []}
    assert get(api, "incidents/count/?as_of=2026-11-25", NEXT).json() == {"count": 0, "as_of": 0, "warnings": []}
    assert get(api, "incidents/count/?as_of=2026-11-27").json() == {"count": 3, "as_of": 3, "warnings": []}


def test_a_time_means_itself(api: APIClient) -> None:
    assert get(api, "incidents/count/?as_of=2026-11-26T00:00:00Z").json()["as_of"] == 0
    assert get(api, "incidents/count/?as_of=2026-11-26T16:30:00Z").json()["as_of"] == 1


@pytest.mark.parametrize("address", ["incidents/", "incidents/?limit=1", "locations/?limit=1", "incidents/one/"])
def test_links_carry_the_number_of_the_publication(client: Client, address: str) -> None:
    sign = "&" if "?" in address else "?"
    with time_machine.travel(NOW, tick=False):
        data = client.get(f"/api/v1/{address}{sign}as_of=2026-11-26")
        page = client.get(f"/api/v1/{address}{sign}as_of=2026-11-26", headers={"accept": "text/html"})
    links = re.findall(r'"(http[^"]*as_of[^"]*)"|<(http[^>]*as_of[^>]*)>', data.text + data.get("Link", ""))
    shown = re.findall(r'href="([^"]*as_of[^"]*)"', page.text)
    found = [one or other for one, other in links] + [each.replace("&amp;", "&") for each in shown]
    assert shown
    assert {parse_qs(urlsplit(link).query)["as_of"][0] for link in found} == {"2"}


def test_links_of_the_feed_carry_it_too(api: APIClient) -> None:
    text = get(api, "incidents.atom?as_of=2026-11-26&limit=1").text
    assert "as_of=2026" not in text
    assert re.search(r'href="[^"]*incidents.atom\?as_of=2&amp;limit=1" rel="self"', text)


def test_a_merged_record_leads_on_with_it(api: APIClient) -> None:
    with time_machine.travel(NOW, tick=False):
        one, two = IncidentFactory(public_id="left"), IncidentFactory(public_id="right")
        publishing.publish([one, two])
        publishing.merge(one, two, reason="The same.")
    found = get(api, "incidents/left/?as_of=2026-11-28&fields=id", NOW + timedelta(days=1))
    assert (found.status_code, found["Location"]) == (
        308,
        "http://testserver/api/v1/incidents/right/?as_of=5&fields=id",
    )
