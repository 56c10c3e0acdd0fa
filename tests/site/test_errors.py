import logging
from typing import Any

import pytest
from django.test import Client

from tests.site.raising import FAILURES, SECRET

pytestmark = pytest.mark.urls("tests.site.raising")

MEDIA_TYPE = "application/problem+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def test_a_problem_has_the_members_of_rfc_9457_and_a_code(client: Client) -> None:
    response = client.get("/api/fail/parameters/")

    assert response.json() == {
        "type": "urn:incidents-api:problem:invalid-parameter",
        "title": "A parameter is unknown or its value is invalid",
        "status": 400,
        "detail": "Invalid parameter: evnt_type.",
        "code": "invalid_parameter",
        "instance": "/api/fail/parameters/",
        "errors": [
            {
                "parameter": "evnt_type",
                "value": "battle",
                "code": "invalid_value",
                "message": "There is none.",
                "suggestion": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("gone", 410, "gone"),
        ("unavailable", 503, "unavailable"),
        ("forbidden", 403, "forbidden"),
        ("suspicious", 400, "bad_request"),
        ("too-big", 400, "bad_request"),
        ("database", 503, "unavailable"),
        ("connection", 503, "unavailable"),
        ("bug", 500, "server_error"),
        ("often", 429, "too_many_requests"),
        ("invalid", 400, "invalid_parameter"),
        ("media", 415, "unsupported_media_type"),
    ],
)
def test_each_failure_of_a_view_has_its_status_and_code(client: Client, failure: str, status: int, code: str) -> None:
    response = client.get(f"/api/fail/{failure}/")

    body = response.json()
    assert (response.status_code, response["Content-Type"]) == (status, MEDIA_TYPE)
    assert (body["status"], body["code"], body["instance"]) == (status, code, f"/api/fail/{failure}/")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/api/fail/{}/", "/api/plain/{}/", "/fail/{}/"])
@pytest.mark.parametrize("failure", FAILURES)
def test_no_answer_tells_of_the_inside(client: Client, address: str, failure: str) -> None:
    response = client.get(address.format(failure))

    for inside in (SECRET, "Traceback", "IncidentEntry", "raising.py"):
        assert inside not in response.content.decode()


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("forbidden", 403, "forbidden"),
        ("suspicious", 400, "bad_request"),
        ("too-big", 400, "bad_request"),
        ("database", 503, "unavailable"),
        ("bug", 500, "server_error"),
    ],
)
def test_what_is_raised_outside_the_views_of_the_api_is_a_problem_too(
    client: Client, failure: str, status: int, code: str
) -> None:
    response = client.get(f"/api/plain/{failure}/")

    assert (response.status_code, response["Content-Type"]) == (status, MEDIA_TYPE)
    assert response.json()["code"] == code


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        ("missing", 404, "Not found"),
        ("forbidden", 403, "Forbidden"),
        ("suspicious", 400, "The request is malformed."),
        ("database", 503, "Temporarily unavailable"),
        ("bug", 500, "Internal server error"),
    ],
)
def test_outside_the_api_an_error_is_a_page(client: Client, failure: str, status: int, words: str) -> None:
    response = client.get(f"/fail/{failure}/")

    assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert words in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/api/fail/{}/", "/api/plain/{}/", "/fail/{}/"])
def test_a_database_that_is_away_says_when_to_ask_again(client: Client, address: str) -> None:
    assert client.get(address.format("database"))["Retry-After"] == "5"


def test_a_throttled_reader_is_told_to_wait_for_whole_seconds(client: Client) -> None:
    assert client.get("/api/fail/often/")["Retry-After"] == "8"


@pytest.mark.parametrize("address", ["/api/fail/bug/", "/fail/bug/"])
def test_a_bug_is_logged_once_under_the_id_that_the_answer_gives(
    client: Client, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    response = client.get(address)

    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    error_id = record.getMessage().split()[1]
    assert error_id in response.content.decode()
    assert SECRET in caplog.text


def test_a_withdrawn_record_shows_its_tombstone(client: Client) -> None:
    assert client.get("/api/fail/gone/").json()["tombstone"] == {"reason": "It was a rumour."}


def test_the_messages_of_a_serializer_become_one_list(client: Client) -> None:
    errors: list[dict[str, Any]] = client.get("/api/fail/invalid/").json()["errors"]

    assert [(error["parameter"], error["message"]) for error in errors] == [
        ("day", "Is no day."),
        ("deep", "Is wrong."),
    ]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_a_method_that_is_not_taken_answers_405_with_those_that_are(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/words/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json()["code"] == "method_not_allowed"


def test_an_error_is_json_whatever_format_was_asked_for(client: Client) -> None:
    response = client.post("/api/words/?format=csv")

    assert (response.status_code, response["Content-Type"]) == (405, MEDIA_TYPE)


def test_a_browser_gets_the_problem_on_a_page(client: Client) -> None:
    response = client.get("/api/fail/parameters/", headers={"accept": BROWSER})

    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "Invalid parameter: evnt_type." in response.content.decode()


def test_a_page_that_is_unknown_in_the_api_is_a_problem_even_to_a_browser(client: Client) -> None:
    response = client.get("/api/v1/nothing/here/", headers={"accept": BROWSER})

    assert (response.status_code, response["Content-Type"]) == (404, MEDIA_TYPE)


def test_pages_of_other_sites_may_read_errors(client: Client) -> None:
    response = client.get("/api/v1/nothing/", headers={"origin": "https://example.org"})

    assert response["Access-Control-Allow-Origin"] == "*"
