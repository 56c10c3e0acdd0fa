"""A request for a host that is not ours is refused with the host's name and the setting that would let it in."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client

SAID = 'Unknown host "data.example.org:8517". Add it to ALLOWED_HOSTS (without the port: "data.example.org").'


@pytest.fixture(autouse=True)
def hosts(settings: Any) -> None:
    """Let one host in."""
    settings.ALLOWED_HOSTS = ["incidents.example.org"]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def test_the_api_names_the_host_and_the_setting(client: Client) -> None:
    response = client.get("/api/v1/", headers={"Host": "data.example.org:8517"})

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:incidents-api:problem:bad-request",
        "title": "Bad request",
        "status": 400,
        "detail": SAID,
        "code": "bad_request",
        "instance": "/api/v1/",
    }


def test_a_page_names_them_too(client: Client) -> None:
    response = client.get("/admin/", headers={"Host": "data.example.org"})

    assert response.status_code == 400
    assert "Unknown host &quot;data.example.org&quot;. Add it to ALLOWED_HOSTS." in response.content.decode()


def test_https_names_them_before_it_redirects(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/api/v1/", headers={"Host": "data.example.org:8517"}).json()["detail"] == SAID


def test_it_is_one_line_of_log_without_a_traceback(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/api/v1/", headers={"Host": "data.example.org:8517"})

    (record,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
    line = logging.Formatter("{levelname} {name} {message}", style="{").format(record)
    assert line == f"ERROR django.security.DisallowedHost {SAID} Asked for: '/api/v1/'"


@pytest.mark.parametrize(
    "host",
    [
        "<script>alert(1)</script>",
        'a"b',
        "a b",
        "a\tb",
        "a@b",
        "a/b",
        "é.example",
        "x" * 100_000,
        "[::1",
        "a:b:c",
        ":80",
    ],
)
def test_what_is_no_host_is_not_repeated(client: Client, caplog: pytest.LogCaptureFixture, host: str) -> None:
    for address in ("/api/v1/", "/admin/"):
        caplog.clear()
        response = client.get(address, headers={"Host": host})

        assert response.status_code == 400
        assert "The Host header is not a valid host name. Use a host in ALLOWED_HOSTS." in response.content.decode()
        assert len(response.content) < 5000
        assert [len(record.getMessage()) < 500 and record.exc_info is None for record in caplog.records] == [True]


def test_addresses_are_hosts(client: Client) -> None:
    for host, name in (("127.0.0.1:8517", "127.0.0.1"), ("[2001:db8::1]:80", "[2001:db8::1]")):
        response = client.get("/api/v1/", headers={"Host": host})
        assert response.json()["detail"] == (
            f'Unknown host "{host}". Add it to ALLOWED_HOSTS (without the port: "{name}").'
        )


def test_ours_is_let_in(client: Client) -> None:
    assert client.get("/api/v1/", headers={"Host": "incidents.example.org:8517"}).status_code == 200
