"""Answers that are refused, that end early, or that must not be finished."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.serving.server import Answer, Server, read, running, wait_until

SEARCH = "/api/v1/incidents/search/"
FILE = "/api/v1/incidents.ndjson?date_after=2014-0{}"


@pytest.fixture(scope="module")
def strict(database: dict[str, str]) -> Iterator[Server]:
    """A server with small limits."""
    limits = {"RATE_LIMIT": "100/3600", "RATE_LIMIT_WORK": "25/3600", "BODY_SECONDS": "1", "IDLE_SECONDS": "2"}
    with running(database, BEHIND_PROXY="on", **limits) as started:
        yield started


@pytest.fixture(scope="module")
def slow(database: dict[str, str]) -> Iterator[Server]:
    """A server with no time and no room."""
    with running(database, QUICK_SECONDS="0.001", REQUEST_SECONDS="0.02", ANSWER_FILES_MB="1") as started:
        yield started


def forwarded(*addresses: str) -> str:
    return f"X-Forwarded-For: {', '.join(addresses)}\r\nX-Forwarded-Proto: http\r\n"


def test_an_address_gets_its_quota_and_no_more_whatever_it_says_of_itself(strict: Server) -> None:
    answers = [
        strict.ask("/api/v1/incidents/?limit=1", headers=forwarded(f"198.51.100.{number}", "192.0.2.1"))
        for number in range(110)
    ]

    statuses = [answer.status for answer in answers]
    assert 100 <= statuses.count(200) <= 105
    assert statuses.count(200) + statuses.count(429) == 110
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 36
    assert refused.headers["ratelimit-policy"] == '"requests";q=100;w=3600, "work";q=25;w=3600'
    assert refused.headers["ratelimit"].startswith('"requests";r=0;t=')


@pytest.mark.slow
def test_four_workers_count_together_however_an_address_is_spoofed(database: dict[str, str]) -> None:
    def ask(number: int) -> int:
        headers = forwarded(f"203.0.113.{number % 250}", "192.0.2.9")
        return server.ask("/api/v1/incidents/?limit=1", headers=headers).status

    limits = {"RATE_LIMIT": "300/3600", "BEHIND_PROXY": "on"}
    with running(database, WEB_CONCURRENCY="4", **limits) as server, ThreadPoolExecutor(12) as readers:
        statuses = list(readers.map(ask, range(600)))

    assert 300 <= statuses.count(200) <= 315
    assert statuses.count(429) == 600 - statuses.count(200)


def test_readers_behind_one_proxy_do_not_share_a_quota(strict: Server) -> None:
    assert strict.ask("/api/v1/incidents/?limit=1", headers=forwarded("192.0.2.2")).status == 200


def test_a_file_costs_more_than_a_page(strict: Server) -> None:
    page = strict.ask("/api/v1/sources.csv?limit=1000", headers=forwarded("192.0.2.3"))
    answers = [strict.ask(FILE.format(number), headers=forwarded("192.0.2.3")) for number in (4, 5, 6)]

    assert "r=90;" in page.headers["ratelimit"]  # ten units: one for each hundred records that may come
    assert [answer.status for answer in answers] == [200, 200, 429]


def test_searches_are_counted_with_other_requests(strict: Server) -> None:
    def search(body: str) -> Answer:
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return strict.ask(SEARCH, method="POST", headers=f"{forwarded('192.0.2.7')}{kind}\r\n{body}")

    answers = [search('{"limit": 1}') for _ in range(10)]
    refused = [search('{"limit": 1}'), strict.ask("/api/v1/incidents/?limit=1000", headers=forwarded("192.0.2.7"))]

    assert [answer.status for answer in answers] == [200] * 10  # of ten units each: the limit is in the body
    assert "r=90;" in answers[0].headers["ratelimit"]
    assert [(answer.status, answer.json["code"]) for answer in refused] == [(429, "too_many_requests")] * 2
    asked = f"{forwarded('192.0.2.7')}Origin: https://example.org\r\nAccess-Control-Request-Method: POST\r\n"
    assert strict.ask(SEARCH, method="OPTIONS", headers=asked).status == 200  # which costs nothing


def test_other_pages_may_read_what_is_left(strict: Server) -> None:
    answer = strict.ask(
        "/api/v1/incidents/?limit=1", headers=forwarded("192.0.2.4") + "Origin: https://example.org\r\n"
    )

    exposed = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert {"ratelimit", "ratelimit-policy", "retry-after"} <= exposed


def test_what_is_not_for_programs_costs_nothing(strict: Server) -> None:
    for path in ("/healthz", "/readyz", "/static/admin/css/base.css", "/api/v1/docs/", "/admin/login/"):
        assert "ratelimit" not in strict.ask(path, headers=forwarded("192.0.2.5")).headers, path


def test_a_body_that_does_not_arrive_ends(strict: Server) -> None:
    began = time.monotonic()
    answer = strict.ask("/admin/login/", method="POST", headers="Content-Length: 1000\r\n")

    assert answer.status == 408
    assert time.monotonic() - began < 10


def test_a_body_that_is_too_large_is_refused(strict: Server) -> None:
    with strict.open("/admin/login/", method="POST", headers="Content-Length: 9000000\r\n") as connection:
        connection.sendall(b"x" * 5_200_000)
        answer = read(connection)

    assert answer.status == 413


def test_a_reader_who_takes_nothing_is_ended(strict: Server) -> None:
    with strict.open("/api/v1/incidents.ndjson", headers=forwarded("192.0.2.6"), buffer=4096) as connection:
        time.sleep(5)
        answer = read(connection)

    assert answer.status == 200
    assert not answer.is_whole


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="tests/test_deadlines.py asks PostgreSQL, which is quick here"
)
def test_a_question_that_takes_too_long_names_the_parameter(slow: Server) -> None:
    answer = slow.ask("/api/v1/incidents/aggregate/?by=week,admin2,source&q=a*")

    assert answer.status == 503
    assert answer.json["code"] == "took_too_long"
    (error,) = answer.json["errors"]
    assert error["parameter"] == "q"
    assert int(answer.headers["retry-after"]) > 0


def test_a_file_for_which_there_is_no_room_is_refused_before_its_first_byte(database: dict[str, str]) -> None:
    with running(database, ANSWER_FILES_MB="1") as small:
        answer = small.ask("/api/v1/incidents.csv")

        assert answer.status == 503
        assert answer.json["code"] == "no_room"
        assert answer.headers["retry-after"] == "60"
        assert small.ask("/api/v1/sources.csv").status == 200


def test_a_redaction_ends_what_is_being_sent_and_deletes_what_is_kept(server: Server) -> None:
    path = FILE.format(7)
    redacted = server.ask("/api/v1/incidents/?limit=1&fields=id").json["results"][0]["id"]
    with server.open(path, buffer=4096) as connection:
        connection.recv(1000, socket.MSG_PEEK)
        wait_until(lambda: list((server.folder / "answers").glob("*/*/end.json")), 20)
        server.manage(
            "shell",
            "-c",
            "from incidents.publishing import redact; from incidents.models import Incident; "
            f"redact(Incident.objects.get(public_id={redacted!r}), reason='test')",
        )

        assert not list((server.folder / "answers").glob("*/*/body"))
        assert not read(connection).is_whole
    assert f'"id":"{redacted}"'.encode() not in server.ask(path).body
