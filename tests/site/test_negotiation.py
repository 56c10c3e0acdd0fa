import pytest
from django.test import Client

pytestmark = pytest.mark.urls("tests.site.raising")

JSON = "application/json"
CSV = "text/csv"
PAGE = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        ("application/json, text/plain, */*", JSON),
        ("application/json;version=2", JSON),
        ("APPLICATION/JSON", JSON),
        (CSV, CSV),
        ("text/csv;q=0.5, application/json;q=0.4", CSV),
        ("application/json;q=0.1, text/csv", CSV),
        ("text/*", CSV),
        ("text/*, text/csv;q=0", PAGE),
        ("*/*, application/json;q=0", CSV),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", PAGE),
        ("image/png, */*;q=0.1", JSON),
        ("application/json;q=nan, text/csv;q=0.001", CSV),
    ],
)
def test_the_most_wanted_representation_is_given(client: Client, accept: str, type_: str) -> None:
    response = client.get("/api/words/", headers={"accept": accept} if accept else {})

    assert (response.status_code, response["Content-Type"]) == (200, type_)
    assert "Accept" in response["Vary"]


@pytest.mark.parametrize(
    "accept", ["image/png", "json", "application/json;q=0", "*/*;q=0", ",", "application/problem+json"]
)
def test_an_accept_header_that_leaves_nothing_answers_406_with_what_there_is(client: Client, accept: str) -> None:
    response = client.get("/api/words/", headers={"accept": accept})

    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")
    assert response.json()["code"] == "not_acceptable"
    assert response.json()["offered"] == [
        {"format": "json", "media_type": "application/json"},
        {"format": "csv", "media_type": "text/csv"},
        {"format": "api", "media_type": "text/html"},
    ]


@pytest.mark.parametrize(("format_", "type_"), [("json", JSON), ("csv", CSV), ("api", PAGE)])
@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/png", "text/html"])
def test_a_format_in_the_address_wins_over_the_header(client: Client, format_: str, type_: str, accept: str) -> None:
    response = client.get(f"/api/words/?format={format_}", headers={"accept": accept})

    assert (response.status_code, response["Content-Type"]) == (200, type_)


@pytest.mark.parametrize(
    ("query", "value", "suggestion"),
    [
        ("format=jsn", "jsn", "json"),
        ("format=CSV", "CSV", "csv"),
        ("format=", "", None),
        ("format=parquet", "parquet", None),
        ("format=%F0%9F%99%82", "🙂", None),
    ],
)
def test_an_unknown_format_answers_400_with_the_nearest(
    client: Client, query: str, value: str, suggestion: str | None
) -> None:
    response = client.get(f"/api/words/?{query}")

    assert (response.status_code, response.json()["code"]) == (400, "invalid_parameter")
    assert response.json()["errors"] == [
        {
            "parameter": "format",
            "value": value,
            "code": "unknown_value",
            "message": "Must be one of: json, csv, api.",
            "suggestion": suggestion,
        }
    ]


def test_two_formats_are_one_too_many(client: Client) -> None:
    response = client.get("/api/words/?format=json&format=csv")

    assert response.status_code == 400
    assert response.json()["errors"][0]["value"] == "json,csv"
