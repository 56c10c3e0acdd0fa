"""An address or headers that are too long are refused with a body, before the server underneath does it without one."""

from __future__ import annotations

import pytest

from tests.serving.server import Answer, Server

pytestmark = pytest.mark.slow

KIND = "application/problem+json"


def told(answer: Answer) -> tuple[int, str, str]:
    return answer.status, answer.headers["content-type"], answer.json["code"]


def test_an_address_that_is_too_long_is_414_with_a_problem(server: Server) -> None:
    ids = ",".join(f"ucdp-ged-{number:06}" for number in range(4_050))
    answer = server.ask(f"/api/v1/incidents/?id={ids}")
    assert told(answer) == (414, KIND, "uri_too_long")
    assert "The maximum is 60,000. Split long lists" in answer.json["detail"]
    assert answer.headers["connection"] == "close"


def test_a_thousand_long_ids_are_taken(server: Server) -> None:
    ids = ",".join(f"{'a' * 50}-{number:04}" for number in range(1_000))
    assert server.ask(f"/api/v1/incidents/count/?id={ids}").json["count"] == 0


@pytest.mark.parametrize(
    "headers", ["".join(f"X-{number}: a\r\n" for number in range(92)), f"X-Long: {'a' * 61_000}\r\n"]
)
def test_headers_that_are_too_many_or_too_long_are_431_with_a_problem(server: Server, headers: str) -> None:
    answer = server.ask("/api/v1/incidents/?limit=1", headers=headers)
    assert told(answer) == (431, KIND, "headers_too_large")


def test_headers_of_a_browser_with_many_cookies_are_taken(server: Server) -> None:
    cookies = "; ".join(f"name{number}={'v' * 200}" for number in range(60))
    assert server.ask("/api/v1/incidents/?limit=1", headers=f"Cookie: {cookies}\r\n").status == 200


def test_a_page_of_the_site_is_refused_with_a_page(server: Server) -> None:
    answer = server.ask(f"/?{'a' * 60_000}")
    assert (answer.status, answer.headers["content-type"]) == (414, "text/html; charset=utf-8")
    assert b"The maximum is 60,000" in answer.body
