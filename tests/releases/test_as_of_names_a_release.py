"""`as_of` takes the name of a release wherever it takes a number, and answers the same."""

from __future__ import annotations

from functools import partial

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.query.release_lookup import is_name
from tests.api.queries import queries_of
from tests.factories import IncidentFactory
from tests.releases.making import named
from tests.worlds import world

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "incidents/",
    "incidents/count/",
    "incidents/one/",
    "incidents/one/revisions/",
    "incidents/?q=something&limit=1",
    "incidents/?bbox=0,0,90,90",
    "locations/",
    "sources/count/",
    "datasets/",
)
PINNED = "public, max-age=3600, must-revalidate"


@partial(world, autouse=True)
def frozen() -> None:
    """Three publications, of which the second has a name."""
    one = IncidentFactory(public_id="one", summary="Something at first.")
    publishing.publish([one])
    publishing.publish([IncidentFactory(public_id="two", summary="Something else.")])
    named("ged-26.1")
    named("all-of-it", 1)
    one.summary = "Something in the end."
    one.save()
    publishing.publish([one])


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_answers_as_its_number_does(api: APIClient, address: str) -> None:
    sign = "&" if "?" in address else "?"
    by_name, by_number, latest = (
        api.get(f"/api/v1/{address}{more}") for more in (f"{sign}as_of=ged-26.1", f"{sign}as_of=2", "")
    )
    assert by_name.status_code == 200
    assert by_name.json() == by_number.json() != latest.json()
    assert by_name["Cache-Control"] == PINNED


def test_it_costs_no_statement_more(api: APIClient) -> None:
    api.get("/api/v1/incidents/?as_of=ged-26.1")  # what is known of places is kept until one changes
    assert queries_of(lambda: api.get("/api/v1/incidents/?as_of=ged-26.1")) == ["moment", "page"]


def test_links_of_a_page_lead_on_in_the_state_that_was_named(api: APIClient) -> None:
    first = api.get("/api/v1/incidents/?as_of=ged-26.1&limit=1").json()
    second = api.get(first["next"]).json()
    assert [each["id"] for page in (first, second) for each in page["results"]] == ["two", "one"]
    assert second["results"][0]["summary"] == "Something at first."


@pytest.mark.parametrize(
    ("value", "suggestion"), [("ged-26.2", "ged-26.1"), ("all-of-them", "all-of-it"), ("zzz", None)]
)
def test_an_unknown_name_is_refused_with_the_nearest(api: APIClient, value: str, suggestion: str | None) -> None:
    answer = api.get(f"/api/v1/incidents/?as_of={value}")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["suggestion"]) == ("as_of", suggestion)


@pytest.mark.parametrize("value", ["2022-13", "a..b", "-a", "2022-08-04T", "a" * 61, "Ged", "a_b"])
def test_what_is_no_name_and_no_time_is_refused(api: APIClient, value: str) -> None:
    assert api.get(f"/api/v1/incidents/?as_of={value}").status_code == 400


@pytest.mark.parametrize("name", ["12", "2026-11-23", "20261123", "2026-w47", "1e3", "", "a..b", "a.", "a/b", "a\n"])
def test_no_number_and_no_date_can_be_a_name(name: str) -> None:
    assert not is_name(name)
