"""`POST incidents/search/` answers as the list does, and its links name a long query by a digest."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from incidents import publishing
from incidents.ledger import stored_queries
from incidents.ledger.models import StoredQuery
from tests.factories import IncidentFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db

SEARCH = "/api/v1/incidents/search/"
LIST = "/api/v1/incidents/"
FORM = "application/x-www-form-urlencoded"
LONG = [f"one-{number:03}" for number in range(1000)]
SQUARE = {"type": "Polygon", "coordinates": [[[-180, -90], [0, -90], [0, 90], [-180, 90], [-180, -90]]]}


@world
def five() -> None:
    """Five public incidents."""
    publishing.publish([IncidentFactory(public_id=f"one-{number:03}") for number in range(5)])


def post(body: Any, **headers: str) -> Any:
    return Client(enforce_csrf_checks=True).post(
        SEARCH, json.dumps(body, separators=(",", ":")), "application/json", headers=headers
    )


def get(address: str, **headers: str) -> Any:
    return Client().get(address.removeprefix("http://testserver"), headers=headers)


def test_a_short_search_is_the_list_byte_for_byte_and_nothing_is_stored(five: None) -> None:
    listed = get(f"{LIST}?id=one-001,one-003&limit=1&killed_min=0&count=exact")
    body = {"id": ["one-001", "one-003"], "limit": 1, "killed_min": 0.0, "count": "exact"}
    form = Client(enforce_csrf_checks=True).post(SEARCH, "id=one-001&id=one-003&limit=1&killed_min=0&count=exact", FORM)

    assert form.content == listed.content
    assert form["ETag"] == listed["ETag"]
    assert post(body | {"killed_min": 0}).content == listed.content
    assert post(body | {"killed_min": 0}, if_none_match=listed["ETag"]).status_code == 304
    assert not StoredQuery.objects.exists()


def test_a_form_has_a_field_for_each_of_a_thousand_ids(five: None) -> None:
    fields = "&".join(["limit=3", *(f"id={each}" for each in LONG)])
    answer = Client(enforce_csrf_checks=True).post(SEARCH, fields, FORM)
    assert answer.status_code == 200
    assert answer.json() == post({"limit": 3, "id": LONG}).json()
    assert answer.json()["count"] == 5


@pytest.mark.parametrize(
    ("method", "query", "status"), [("trace", "", 405), ("post", "", 405), ("get", "limit=x&", 400)]
)
def test_what_is_wrong_besides_is_said_before_a_query_has_expired(method: str, query: str, status: int) -> None:
    assert getattr(Client(), method)(f"{LIST}?{query}query={'0' * 32}").status_code == status


def test_lists_and_geometries_of_json_mean_what_an_address_means(five: None) -> None:
    for body, address in (
        ({"bbox": [-180, -90, 180, 90], "tag": ["a, b", 'c"d']}, 'bbox=-180,-90,180,90&tag="a, b","c""d"'),
        ({"within": SQUARE}, f"within={json.dumps(SQUARE, separators=(',', ':'))}"),
        ({"q": "a,b"}, "q=a,b"),
    ):
        assert post(body)["ETag"] == get(f"{LIST}?{address}")["ETag"]


@pytest.mark.parametrize("text", ['"' * 500, " " * 249 + ", " + "é" * 249, '"0"' + "\x85" * 497, "a" * 500])
def test_a_value_of_json_is_as_long_as_it_is_and_not_as_an_address_has_it(five: None, text: str) -> None:
    found = post({"tag": [text, "other"]})
    assert found.status_code == 200
    assert [each["value"][:199] for each in found.json()["warnings"]] == [text.strip()[:199], "other"]
    quoted = text.strip().replace('"', '""')
    assert get(f'{LIST}?tag="{quoted}",other').json()["results"] == found.json()["results"]
    longer = post({"tag": [f"{text}a", "other"]})
    assert (longer.status_code, longer.json()["errors"][0]["code"]) == (400, "too_long")


@pytest.fixture
def long_page(five: None) -> Any:
    found = post({"id": LONG, "limit": 2})
    assert found.status_code == 200
    return found


def test_links_of_a_long_search_are_short_and_lead_on(long_page: Any) -> None:
    page = long_page.json()
    links = [page["next"], page["count_url"], page["cite_url"]]
    assert max(map(len, links)) < 400
    seen = [each["id"] for each in page["results"]]
    while page["next"]:
        page = get(page["next"]).json()
        seen += [each["id"] for each in page["results"]]
    assert sorted(seen) == LONG[:5]
    assert get(page["previous"]).status_code == 200
    assert get(links[1]).json()["count"] == 5
    cited = get(links[2]).json()
    assert cited["records"] == 5
    assert "query=" not in cited["url"]
    assert get(cited["url"]).json()["count"] == 5


def test_a_stored_query_is_the_same_answer_wherever_filters_are_taken(long_page: Any) -> None:
    (digest,) = parse_qs(urlsplit(long_page.json()["next"]).query)["query"]
    again = get(f"{LIST}?query={digest}&limit=2")
    assert (again.content, again["ETag"]) == (long_page.content, long_page["ETag"])
    assert get(f"{LIST}count/?query={digest}&killed_min=0").status_code == 200
    assert get(f"{LIST}aggregate/?query={digest}").json()["total"]["count"] == 5
    assert get(f"/api/v1/incidents.csv?query={digest}").getvalue().count(b"one-00") >= 5
    assert len(get(f"/api/v1/incidents.geojson?query={digest}").getvalue()) > 100
    assert len(get(f"/api/v1/changes/?query={digest}&since=0").json()["results"]) == 5
    assert get(f"/api/v1/incidents.atom?query={digest}").status_code == 200
    assert get(f"/api/v1/locations/?query={digest}").status_code == 400
    assert post({"id": LONG, "limit": 2, "format": "csv"})["Content-Type"].startswith("text/csv")


def test_a_parameter_in_the_address_and_in_the_stored_query_is_refused(long_page: Any) -> None:
    query = urlsplit(long_page.json()["next"]).query
    (digest,) = parse_qs(query)["query"]
    refused = get(f"{LIST}?query={digest}&id=one-001")
    assert refused.status_code == 400
    assert [(each["parameter"], each["code"]) for each in refused.json()["errors"]] == [
        ("id", "conflicting_parameters")
    ]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [("0" * 32, 410, "query_expired"), ("bomb", 400, "invalid_parameter"), ("", 400, "invalid_parameter")],
)
def test_a_digest_is_told_that_is_malformed_or_unknown(query: str, status: int, code: str) -> None:
    for path in (LIST, f"{LIST}count/", "/api/v1/changes/", "/api/v1/incidents.atom"):
        answer = get(f"{path}?query={query}")
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_query_expires_after_thirty_days_without_use(long_page: Any) -> None:
    address = long_page.json()["next"]
    soon = timezone.now() + timedelta(days=5)
    StoredQuery.objects.update(expires_at=soon)
    assert get(address).status_code == 200
    renewed = StoredQuery.objects.get().expires_at
    assert renewed > soon + timedelta(days=20)
    get(address)
    assert StoredQuery.objects.get().expires_at == renewed
    StoredQuery.objects.update(expires_at=timezone.now())
    assert get(address).json()["code"] == "query_expired"


def _refuse(*_: Any) -> bool:
    raise DatabaseError("read-only")


@pytest.mark.parametrize("reason", ["read-only", "full"])
def test_where_nothing_can_be_stored_the_links_hold_the_query_and_a_header_says_so(
    five: None, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    if reason == "full":
        monkeypatch.setattr(stored_queries, "MOST", 0)
    else:
        monkeypatch.setattr(stored_queries, "_renewed", _refuse)
    found = post({"id": LONG, "limit": 2})
    assert found.status_code == 200
    assert "could not be stored" in found["X-Notice"]
    assert "query=" not in found.json()["next"]
    assert get(found.json()["next"]).status_code == 200
    too_long = post({"id": [f"{number:060}" for number in range(1000)]})
    assert (too_long.status_code, too_long.json()["code"]) == (503, "unavailable")


def test_expired_queries_make_room(five: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_queries, "MOST", 1)
    StoredQuery.objects.create(digest="0" * 32, parameters="{}", expires_at=timezone.now())
    assert "X-Notice" not in post({"id": LONG})
    assert StoredQuery.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        ("[1]", "application/json", 400, "JSON object"),
        ("{", "application/json", 400, "not valid JSON"),
        ('{"limit": NaN}', "application/json", 400, "NaN"),
        ('{"q": "\\ud800"}', "application/json", 400, "UTF-8"),
        ('{"q": "a", "q": "b"}', "application/json", 400, "repeated_parameter"),
        ('{"q": null}', "application/json", 400, "invalid_value"),
        ('{"q": {"a": 1}}', "application/json", 400, "invalid_value"),
        ('{"tag": ["a", false]}', "application/json", 400, "Must be a text"),
        ('{"id": [244657]}', "application/json", 400, "Must be a text"),
        ('{"killed_min": true}', "application/json", 400, "Must be a number"),
        ('{"killed_min": "3"}', "application/json", 400, "Must be a number"),
        ('{"q": ["a,b"]}', "application/json", 400, "Must be a single value"),
        ('{"tag": "a,b"}', "application/json", 400, 'Must be a list: [\\"a,b\\"]'),
        ('{"id": []}', "application/json", 400, "empty_value"),
        ('{"limit": [1, 2]}', "application/json", 400, "repeated_parameter"),
        ('{"evnt_type": "battle"}', "application/json", 400, "unknown_parameter"),
        ("q=%ff", FORM, 400, "UTF-8"),
        ("q=a&q=b", FORM, 400, "repeated_parameter"),
        ("q=a", "text/plain", 415, "application/json or"),
        ("q=a", f"{FORM}; charset=latin-1", 415, "UTF-8"),
        ("q=" + "a" * 70_000, FORM, 413, "64,000 bytes"),
    ],
)
def test_what_is_wrong_with_a_body_is_told(body: str, kind: str, status: int, said: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(SEARCH, body, kind)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert not StoredQuery.objects.exists()


def test_other_methods_and_parameters_in_the_address_are_refused() -> None:
    assert Client().get(SEARCH).status_code == 405
    assert Client().put(SEARCH).status_code == 405
    assert Client().post(LIST).status_code == 405
    assert Client().post(f"{SEARCH}?limit=1", "{}", "application/json").status_code == 400


@pytest.mark.parametrize("cookies", [{}, {"sessionid": "a" * 32, "csrftoken": "b" * 32}, "staff"])
@pytest.mark.parametrize("origin", [None, "https://example.org", "null"])
def test_a_search_needs_no_token_and_answers_alike_whoever_asks(
    five: None, admin_user: Any, cookies: Any, origin: str | None
) -> None:
    client = Client(enforce_csrf_checks=True)
    if cookies == "staff":
        client.force_login(admin_user)
    else:
        client.cookies.load(cookies)
    headers = {"origin": origin, "referer": f"{origin}/page"} if origin else {}

    for body, kind in (('{"limit": 2}', "application/json"), ("limit=2", FORM)):
        answer = client.post(SEARCH, body, kind, headers=headers)

        assert (answer.status_code, answer.content) == (200, get(f"{LIST}?limit=2").content)
        assert not answer.cookies
        assert "Cookie" not in answer["Vary"]
        assert answer.get("Access-Control-Allow-Origin") == ("*" if origin else None)
        assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize(
    "parameters", ["limit=1", "ordering=date", "fields=id", "killed_min=0", "count=exact", "as_of=1"]
)
def test_a_stored_query_takes_parameters_beside_it(long_page: Any, parameters: str) -> None:
    (digest,) = parse_qs(urlsplit(long_page.json()["next"]).query)["query"]
    beside = get(f"{LIST}?query={digest}&{parameters}")
    whole = get(f"{LIST}?id={','.join(LONG)}&{parameters}")

    assert beside.status_code == 200
    assert beside.json()["results"] == whole.json()["results"]
    following = beside.json()["next"]
    assert following is None or get(following).json()["results"] == get(whole.json()["next"]).json()["results"]


def test_a_stored_query_of_a_search_takes_none_of_the_page(five: None) -> None:
    pages = [post({"id": LONG, **page}) for page in ({"limit": 1, "fields": ["id"]}, {"limit": 3, "ordering": "date"})]
    digests = {parse_qs(urlsplit(page.json()["next"]).query)["query"][0] for page in pages}

    assert len(digests) == StoredQuery.objects.count() == 1
    assert (
        get(f"{LIST}?query={digests.pop()}").json()["results"] == get(f"{LIST}?id={','.join(LONG)}").json()["results"]
    )


def test_pages_of_other_sites_may_search() -> None:
    asked = {"origin": "https://example.org", "access-control-request-method": "POST"}
    answer = Client().options(SEARCH, headers=asked | {"access-control-request-headers": "content-type"})
    assert "POST" in answer["Access-Control-Allow-Methods"]
    assert "content-type" in answer["Access-Control-Allow-Headers"]
    assert "Set-Cookie" not in post({}, origin="https://example.org")
