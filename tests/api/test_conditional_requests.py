"""Who has the answer already is told so before it is made; what a cache may keep is said of every answer."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.models import Incident
from tests.api.queries import queries_of
from tests.factories import IncidentFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db

LATEST, PINNED = "public, no-cache", "public, max-age=3600, must-revalidate"
ADDRESSES = (
    "incidents/",
    "incidents/?q=shots&limit=1&count=exact",
    "incidents/?bbox=0,0,90,90",
    "incidents/count/",
    "incidents/one/",
    "incidents/one/revisions/",
    "locations/",
    "datasets/?as_of=1",
)


@partial(world, autouse=True)
def public() -> None:
    """Two publications of an incident each."""
    for name in ("one", "two"):
        publishing.publish([IncidentFactory(public_id=name)])


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_etag_is_answered_304_and_no_document_is_looked_for(api: APIClient, address: str) -> None:
    first = api.get(f"/api/v1/{address}")
    etag = first["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', f'"a", W/"b",{etag} , "c"'):
        again: list[Any] = []

        def ask(header: str = known, into: list[Any] = again) -> None:
            into.append(api.get(f"/api/v1/{address}", headers={"If-None-Match": header}))

        assert queries_of(ask) in (["moment"], ["moment and keys"])
        (answer,) = again
        kept = ("ETag", "Cache-Control", "Vary")
        assert (answer.status_code, answer.content) == (304, b"")
        assert [answer[name] for name in kept] == [first[name] for name in kept]
    assert api.get(f"/api/v1/{address}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_any_copy_will_do_only_of_what_exists(api: APIClient) -> None:
    publishing.withdraw([Incident.objects.get(public_id="two")], reason="Doubts.")
    found = {
        address: api.get(f"/api/v1/incidents/{address}", headers={"If-None-Match": "*"}).status_code
        for address in ("", "count/", "one/", "one/revisions/", "two/", "two/?as_of=2", "nobody/", "nobody/revisions/")
    }
    assert found == {
        "": 304,
        "count/": 304,
        "one/": 304,
        "one/revisions/": 304,
        "two/": 410,
        "two/?as_of=2": 304,
        "nobody/": 404,
        "nobody/revisions/": 404,
    }


def test_every_difference_of_an_answer_has_an_etag_of_its_own(api: APIClient) -> None:
    asked: list[tuple[str, dict[str, str]]] = [(address, {}) for address in ADDRESSES]
    asked += [
        ("incidents/", {"Accept": "text/html"}),
        ("incidents/", {"Host": "127.0.0.1"}),
        ("incidents/?as_of=2", {}),
        ("incidents/?as_of=1", {}),
        ("incidents/?fields=id", {}),
        ("incidents/two/", {}),
    ]
    etags = [api.get(f"/api/v1/{address}", headers=headers)["ETag"] for address, headers in asked]
    assert len(set(etags)) == len(asked)
    assert all(etag.startswith('"') and etag.endswith('"') for etag in etags)


def test_the_order_of_parameters_makes_no_other_answer(api: APIClient) -> None:
    one, other = (api.get(f"/api/v1/incidents/?{query}") for query in ("limit=1&q=happened", "q=happened&limit=1"))
    assert (one["ETag"], one.content) == (other["ETag"], other.content)


def test_a_publication_makes_every_latest_answer_another_and_no_pinned_one(api: APIClient) -> None:
    before = {address: api.get(f"/api/v1/{address}")["ETag"] for address in ADDRESSES}
    publishing.publish([IncidentFactory()])
    changed = {
        address
        for address, etag in before.items()
        if api.get(f"/api/v1/{address}", headers={"If-None-Match": etag}).status_code == 200
    }
    assert changed == {address for address in ADDRESSES if "as_of" not in address}


def test_what_is_pinned_is_kept_an_hour_and_what_is_latest_is_asked_for_each_time(api: APIClient) -> None:
    found = {
        query: api.get(f"/api/v1/incidents/{query}")["Cache-Control"]
        for query in (
            "",
            "?as_of=1",
            "?as_of=2",
            "?as_of=0",
            "one/",
            "one/?as_of=1",
            "count/?as_of=1",
            "one/revisions/",
        )
    }
    assert found == {query: PINNED if "as_of" in query else LATEST for query in found}
    page = api.get("/api/v1/incidents/?limit=1").json()
    assert api.get(page["next"])["Cache-Control"] == PINNED


@pytest.mark.parametrize(
    "address", ["incidents/nobody/", "incidents/?limit=0", "incidents/?as_of=99", "incidents/two/"]
)
def test_no_error_is_kept(api: APIClient, address: str) -> None:
    publishing.withdraw([Incident.objects.get(public_id="two")], reason="Doubts.")
    answer = api.get(f"/api/v1/{address}")
    assert (answer.status_code >= 400, answer["Cache-Control"], "ETag" in answer) == (True, "no-store", False)


@pytest.mark.parametrize("address", [*ADDRESSES, "incidents/nobody/", "incidents/?limit=0"])
def test_head_is_get_without_the_body(api: APIClient, address: str) -> None:
    get, head = api.get(f"/api/v1/{address}"), api.head(f"/api/v1/{address}")
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert dict(head.items()) == dict(get.items())


@pytest.mark.parametrize("address", [*ADDRESSES, "incidents/nobody/", "incidents/?limit=0"])
def test_every_answer_may_be_read_by_pages_of_other_sites_and_varies_by_accept(api: APIClient, address: str) -> None:
    answer = api.get(f"/api/v1/{address}", headers={"Origin": "https://map.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert {"etag", "link", "retry-after"} <= set(answer["Access-Control-Expose-Headers"].lower().split(", "))
    assert "accept" in answer["Vary"].lower()
    assert "cookie" not in answer["Vary"].lower()


def test_a_page_of_another_site_may_ask_whether_its_copy_is_right(api: APIClient) -> None:
    answer = api.options(
        "/api/v1/incidents/",
        headers={
            "Origin": "https://map.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
    assert "if-none-match" in answer["Access-Control-Allow-Headers"]
