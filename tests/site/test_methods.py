import pytest
from django.test import Client

ADDRESSES = ["/", "/api/v1/", "/api/v1/schema/", "/api/v1/docs/", "/api/v1/nothing/", "/healthz", "/robots.txt"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_head_answers_like_get_without_a_body(client: Client, address: str) -> None:
    get, head = client.get(address), client.head(address)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers == get.headers


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/schema/", "/api/v1/incidents/"])
def test_options_tells_the_methods(client: Client, address: str) -> None:
    response = client.options(address)

    assert (response.status_code, response["Allow"]) == (200, "GET, HEAD, OPTIONS")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "formats"),
    [
        ("/api/v1/incidents/", {"json", "html", "csv", "x-ndjson", "geo+json", "vnd.apache.parquet"}),
        ("/api/v1/sources/", {"json", "html", "csv", "x-ndjson", "geo+json", "vnd.apache.parquet"}),
        ("/api/v1/incidents/none/", {"json", "html", "geo+json"}),
        ("/api/v1/sources/none/", {"json", "html"}),
    ],
)
def test_options_tells_what_get_answers_in(client: Client, address: str, formats: set[str]) -> None:
    told = {each.partition("/")[2] for each in client.options(address).json()["renders"]}

    assert {each for each in told if "openxml" not in each} == formats


def test_a_page_of_another_site_may_ask_whether_it_may_ask(client: Client) -> None:
    response = client.options(
        "/api/v1/incidents/",
        headers={
            "origin": "https://example.org",
            "access-control-request-method": "GET",
            "access-control-request-headers": "accept",
        },
    )

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
    assert "Access-Control-Allow-Credentials" not in response


def test_other_sites_may_not_read_the_admin(client: Client) -> None:
    response = client.get("/robots.txt", headers={"origin": "https://example.org"})

    assert "Access-Control-Allow-Origin" not in response
