"""A list costs at most three queries and an item two, whatever is asked of them and whatever they hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from incidents import publishing
from incidents.api import ledger_viewset, views
from incidents.ledger.models import Publication
from incidents.models import Claim, Incident
from tests.api.queries import queries_of
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db

FILTERS = {
    "q": "shots",
    "id": "one,two",
    "exclude_id": "one",
    "published_after": "1",
    "first_published_after": "1",
    "first_published_before": "1",
    "bbox": "38,48,40,50",
    "near": "39,49&radius_km=10",
    "within": '{"type":"Polygon","coordinates":[[[38,48],[40,48],[40,50],[38,50],[38,48]]]}',
    "dataset": "data",
    "event_type": "armed_attack,battle",
    "event_subtype": "shooting",
    "date_after": "2022-01",
    "date_before": "2022-12",
    "date_match": "certain&date_after=2022",
    "date_precision": "day",
    "location_precision": "settlement",
    "location": "region",
    "country": "UKR",
    "admin1": "Region",
    "admin2": "District",
    "source": "paper",
    "source_kind": "news_outlet",
    "min_sources": "1",
    "actor": "group",
    "actor_role": "target",
    "target": "vehicle",
    "killed_min": "0",
    "killed_max": "5",
    "injured_min": "0",
    "injured_max": "5",
    "tag": "night",
}
LOOKED_UP = (
    *("published_after", "first_published_after", "first_published_before"),
    *("killed_min", "killed_max", "injured_min", "injured_max"),
)
"""Filters of which an index of SQLite tells, with the moment, whether the matches are few."""
PERHAPS_UNKNOWN = ("id", "exclude_id")
"""Filters with values of which the matches do not tell that some record has them."""
OF_PLACES = ("location", "country", "admin1", "admin2")
READ_AFTER_A_PUBLICATION = ("places", "history")
"""What a process knows of places: whether it still holds, and what is new."""
OF_THE_PAGE = ("query", "as_of", "ordering", "fields", "limit", "count", "cursor", "radius_km")
OF_THE_FORM = ("format", "profile", "hxl", "bom")


@world
def history() -> None:
    """Three publications of three incidents, one of them with very much in it."""
    region = LocationFactory(public_id="region", kind="admin1", name="Region")
    district = LocationFactory(public_id="district", kind="admin2", name="District", parent=region)
    rich = IncidentFactory(
        public_id="one",
        summary="Shots.",
        location=LocationFactory(public_id="town", parent=district),
        dataset__public_id="data",
        reports=[ReportFactory(source__public_id="paper"), *(ReportFactory() for _ in range(19))],
        actors=[(ActorFactory(**({"public_id": "group"} if n == 0 else {})), "target") for n in range(20)],
        tags=["night"],
        killed_best=1,
        injured_best=1,
    )
    for position, evidence in enumerate(rich.evidence.all()):
        Claim.objects.create(incident=rich, report=evidence.report, field="killed", value=1, position=position)
    for incident in (rich, IncidentFactory(public_id="two"), IncidentFactory(public_id="three")):
        publishing.publish([incident])


def cost(api: APIClient, address: str, **headers: Any) -> list[str]:
    return queries_of(lambda: api.get(f"/api/v1/{address}", headers=headers))


@pytest.fixture(autouse=True)
def known_places(history: None, api: APIClient) -> None:
    """What a process knows of places, which it keeps until one changes."""
    for at in (1, 2, 3):
        api.get(f"/api/v1/incidents/?as_of={at}")
    for name in OF_PLACES:
        api.get(f"/api/v1/incidents/?{name}={FILTERS[name]}")
    cache.clear()


def test_every_parameter_that_chooses_records_is_tried_here() -> None:
    assert {*FILTERS, *OF_THE_PAGE, *OF_THE_FORM} == set(views.IncidentViewSet.filterset_class.base_filters)


def test_a_filtered_list_is_one_statement_or_two(history: None, api: APIClient) -> None:
    costs = {name: cost(api, f"incidents/?{name}={value}") for name, value in FILTERS.items()}
    plain = {name: of for name, of in costs.items() if name not in (*LOOKED_UP, *PERHAPS_UNKNOWN)}
    assert plain == {name: ["page"] for name in plain}
    assert [costs[name] for name in PERHAPS_UNKNOWN] == [["page", "known values"]] * 2
    looked = ["page"] if connection.vendor == "postgresql" else ["moment and keys", "page"]
    assert {name: costs[name] for name in LOOKED_UP} == dict.fromkeys(LOOKED_UP, looked)
    for query in ("bbox=38,48,40,50&ordering=-killed", "bbox=-180,-90,180,90", "bbox=38,48,40,50&q=shots"):
        assert cost(api, f"incidents/?{query}") == looked


@pytest.mark.parametrize(
    ("query", "costs"),
    [
        ("", ["page"]),
        ("limit=1", ["page"]),
        ("limit=1&event_type=armed_attack&date_after=2022&bbox=38,48,40,50", ["page", "count"]),
        ("limit=1&count=exact", ["page", "count"]),
        ("limit=1&count=exact&q=happened", ["page", "count"]),
        ("limit=1&count=exact&date_after=2022&date_before=2023", ["page", "count"]),
        ("count=exact", ["page"]),
        ("bbox=0,0,1,1", ["page"]),
        ("q=nothing", ["page"]),
        ("fields=id,summary&ordering=-killed", ["page"]),
        ("as_of=2", ["moment", "page"]),
        ("as_of=3", ["moment", "page"]),
        ("as_of=0", ["moment"]),
        ("as_of=2020-01-01", ["moment"]),
        ("as_of=2&bbox=38,48,40,50", ["moment", "page"]),
        ("as_of=2&limit=1&count=exact", ["moment", "page", "count"]),
        ("as_of=2&limit=1&count=exact&bbox=38,48,40,50", ["moment", "page", "count"]),
        ("bbox=38,48,40,50&limit=1&count=exact", ["page", "count"]),
        ("surprise=1", []),
        ("limit=0", []),
        ("cursor=made-up", []),
        ("as_of=99", ["moment"]),
    ],
)
def test_a_list_costs(history: None, api: APIClient, query: str, costs: list[str]) -> None:
    assert cost(api, f"incidents/?{query}") == costs


def test_a_later_page_costs_what_the_first_one_does_and_carries_the_count(
    history: None, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = api.get("/api/v1/incidents/?limit=1&count=exact&q=happened")
    following = first.json()["next"]
    assert queries_of(lambda: api.get(following)) == ["page"]
    assert (first.json()["count"], api.get(following).json()["count"]) == (2, 2)
    # A count that the cursor does not carry is of the publication that the page is of.
    monkeypatch.setattr(ledger_viewset, "cheap_count", lambda *_, **__: None)
    counting = api.get("/api/v1/incidents/?limit=1&q=happened").json()["next"] + "&count=exact"
    assert queries_of(lambda: api.get(counting)) == ["moment", "page"]


def test_a_later_page_stays_what_it_was_when_something_is_published(history: None, api: APIClient) -> None:
    following = api.get("/api/v1/incidents/?limit=1").json()["next"]
    told = []

    def ask() -> None:
        answer = api.get(following)
        told.append((answer.content, dict(answer.headers)))

    ask()
    publishing.publish([IncidentFactory(date_start=date(2020, 1, 1), date_end=date(2020, 1, 1))])
    publishing.withdraw([Incident.objects.get(public_id="two")], reason="Doubts.")
    # The server has not heard of that, so it reads the page of the head first, and sees that it is another's.
    for costs in (["page", "moment", "page"], ["moment", "page"]):
        assert [each for each in queries_of(ask) if each not in READ_AFTER_A_PUBLICATION] == costs
    assert told == [told[0]] * 3


def test_a_time_costs_what_a_number_does(history: None, api: APIClient) -> None:
    time = Publication.objects.latest("seq").published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert cost(api, f"incidents/?as_of={time}") == ["moment", "page"]


def test_a_count_is_counted_once_for_a_query_and_a_head(history: None, api: APIClient) -> None:
    for address in ("incidents/count/?q=happened", "incidents/?q=happened&limit=1&count=exact"):
        again = [cost(api, address), cost(api, address)]
        assert again[1] == [name for name in again[0] if name != "count"], address
    assert cost(api, "incidents/count/?q=shots") == ["moment", "count"]
    publishing.publish([IncidentFactory(summary="It happened.")])
    assert cost(api, "incidents/count/?q=happened") == ["moment", "count"]


@pytest.mark.parametrize("resource", ["locations", "sources", "actors", "datasets"])
def test_the_other_lists_cost_the_same(history: None, api: APIClient, resource: str) -> None:
    queries = ("", "limit=1", "q=place", "ordering=-published&fields=id", "as_of=2", "limit=1&as_of=1")
    assert {query: cost(api, f"{resource}/?{query}") for query in queries} == {
        query: ["moment", "page"] if "as_of" in query else ["page"] for query in queries
    }


def test_a_stale_copy_costs_one_look_at_the_head_more(history: None, api: APIClient) -> None:
    stale = {"If-None-Match": '"stale"'}
    assert cost(api, "incidents/", **stale) == ["moment", "page"]
    assert cost(api, "incidents/?limit=1&count=exact", **stale) == ["moment", "page", "count"]
    assert cost(api, "incidents/?bbox=38,48,40,50&limit=1&count=exact", **stale) == ["moment", "page", "count"]


@pytest.mark.parametrize("name", ["incidents/one", "incidents/two", "locations/town", "actors/nobody"])
def test_an_item_costs_one_query_or_two(history: None, api: APIClient, name: str) -> None:
    assert cost(api, f"{name}/") == ["item"]
    assert cost(api, f"{name}/?as_of=2") == ["moment", "item"]
    assert cost(api, f"{name}/revisions/") == ["moment", "history"]


def test_a_tombstone_costs_what_an_item_does(history: None, api: APIClient) -> None:
    one, two = Incident.objects.filter(public_id__in=("one", "two")).order_by("public_id")
    publishing.merge(two, one, reason="Told twice.")
    assert [each for each in cost(api, "incidents/two/") if each not in READ_AFTER_A_PUBLICATION] == ["item"]
