from typing import Any

import pytest
from django.test import Client

BAD_QUERIES = {
    "a null": "q=%00",
    "a null in a name": "a%00b=1",
    "a null that is not encoded": "q=\x00",
    "bytes that are not UTF-8": "q=%ff%fe",
    "half a character": "q=%D0",
    "a surrogate": "q=%ED%A0%80",
}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES)
@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/incidents/", "/api/v1/incidents/x/", "/api/v1/none/"])
def test_a_query_that_is_no_text_answers_400(client: Client, address: str, query: str) -> None:
    response = client.get(address, QUERY_STRING=query)

    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_more_parameters_than_anybody_means_answer_400(client: Client) -> None:
    response = client.get("/api/v1/incidents/", QUERY_STRING="&".join(f"a{number}=1" for number in range(1500)))

    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("address", ["/api/v1/incidents/%00/", "/api/v1/incidents/a%00b/revisions/", "/%00"])
def test_a_null_in_the_path_answers_400(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["%ff%fe", "%ED%A0%80", "%zz", "%", "..", "%2e%2e%2f", "a" * 5000, "%F0%9F%99%82"])
def test_a_strange_id_is_merely_unknown(client: Client, name: str) -> None:
    response = client.get(f"/api/v1/incidents/{name}/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["q=%zz", "q=100%"])
def test_a_percent_sign_that_encodes_nothing_is_itself(client: Client, query: str) -> None:
    assert client.get("/api/v1/incidents/", QUERY_STRING=query).status_code == 200


@pytest.mark.django_db
def test_a_cookie_cannot_bring_a_null_to_the_database(client: Client) -> None:
    response = client.get("/admin/", headers={"cookie": 'sessionid="\\000aaaaaaaaaaaaaaaa"'})

    assert response.status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "localhost:abc", "a b", "evil.example:80", "[::1", "лот.example"])
@pytest.mark.parametrize(("address", "type_"), [("/api/v1/", "application/problem+json"), ("/", "text/html")])
def test_a_host_that_is_not_ours_answers_400(client: Client, host: str, address: str, type_: str) -> None:
    response = client.get(address, headers={"host": host})

    assert response.status_code == 400
    assert response["Content-Type"].startswith(type_)
    assert f"//{host}" not in response.content.decode()  # named, and never linked to: see test_unknown_hosts


def test_the_reason_of_a_refusal_is_given(client: Client) -> None:
    assert client.get("/api/v1/", QUERY_STRING="q=%ff").json()["detail"] == "The query string is not valid UTF-8."


@pytest.mark.parametrize(
    ("query", "named"),
    [("tag=a&q=%ff", [("q", "\ufffd")]), ("tag=a&q=b%00c", [("q", "b\x00c")]), ("%00=1", [("\x00", "1")])],
)
def test_the_parameter_that_cannot_be_read_is_named(client: Client, query: str, named: list[tuple[str, str]]) -> None:
    body = client.get("/api/v1/incidents/", QUERY_STRING=query).json()

    assert [(error["parameter"], error["value"]) for error in body["errors"]] == named


def test_refusals_may_be_read_by_other_sites(client: Client) -> None:
    response = client.get("/api/v1/", QUERY_STRING="q=%00", headers={"origin": "https://example.org"})

    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["\xff", "a" * 100_000, ",".join(["text/x"] * 10_000), "/", "*/*;q=x", ";;;", "q=1"])
def test_a_strange_accept_header_is_answered(client: Client, accept: str) -> None:
    assert client.get("/api/v1/", headers={"accept": accept}).status_code in (200, 406)


def test_a_body_that_is_too_large_answers_400(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = client.post("/admin/login/", {"username": "a" * 100}, headers={"cookie": "csrftoken=" + "a" * 32})

    assert response.status_code == 400
