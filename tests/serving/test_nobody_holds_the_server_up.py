"""Readers of every bad kind, and what the others notice of them."""

import time
from contextlib import ExitStack

from tests.serving.server import Server, read, wait_until

FILE = "/api/v1/incidents.ndjson"


def answers_in_time(server: Server) -> bool:
    began = time.monotonic()
    statuses = [server.ask(path).status for path in ("/healthz", "/readyz", "/api/v1/incidents/?limit=5")]
    assert statuses == [200, 200, 200]
    return time.monotonic() - began < 5


def test_readers_who_take_nothing_hold_nothing(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(server.open(FILE, buffer=4096))

        assert answers_in_time(server)


def test_bodies_that_never_arrive_hold_nothing(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(server.open("/admin/login/", method="POST", headers="Content-Length: 1000\r\n"))

        assert answers_in_time(server)
        assert server.ask("/admin/login/").status == 200


def test_a_body_on_a_question_is_not_waited_for(server: Server) -> None:
    assert server.ask("/api/v1/incidents/count/", headers="Content-Length: 1000\r\n").status == 200


def test_equal_questions_share_one_file(server: Server) -> None:
    path = "/api/v1/incidents.geojson?date_after=2014-02-03"
    with ExitStack() as stack:
        readers = [stack.enter_context(server.open(path)) for _ in range(6)]
        folders = {each.name for each in (server.folder / "answers").glob("*/*") if (each / "body").exists()}
        answers = [read(each) for each in readers]

    after = {each.name for each in (server.folder / "answers").glob("*/*") if (each / "body").exists()}
    assert [(answer.status, answer.is_whole) for answer in answers] == [(200, True)] * len(answers)
    assert len({answer.body for answer in answers}) == 1
    assert len(after - folders) <= 1


def test_a_file_is_the_same_when_it_is_kept(server: Server) -> None:
    path = "/api/v1/incidents.csv?date_after=2014-02-04"
    first, second = server.ask(path), server.ask(path)

    assert first.is_whole
    assert second.is_whole
    assert first.body == second.body
    assert first.body.count(b"\r\n") > int(first.headers["x-row-count"]) > 1000
    assert second.headers["content-length"] == str(len(second.body))
    kept = ("etag", "x-row-count", "content-disposition", "cache-control", "content-type", "vary")
    assert [first.headers[name] for name in kept] == [second.headers[name] for name in kept]


def test_work_ends_when_its_reader_goes(server: Server) -> None:
    with server.open("/api/v1/incidents.xlsx?date_after=2014-02-05"):
        wait_until(lambda: server.jobs, 10)

    assert wait_until(lambda: not server.jobs, 4) < 4


def test_a_head_has_the_headers_and_no_body(server: Server) -> None:
    answer = server.ask("/api/v1/incidents.csv?date_after=2014-02-06", method="HEAD")

    assert answer.status == 200
    assert answer.body == b""
    assert int(answer.headers["x-row-count"]) > 1000


def test_a_wrong_parameter_of_a_file_is_an_error_before_the_first_byte(server: Server) -> None:
    answer = server.ask("/api/v1/incidents.csv?date_aftr=2014")

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_known_file_is_not_made(server: Server) -> None:
    path = "/api/v1/incidents.csv?date_after=2014-02-07"
    etag = server.ask(path, method="HEAD").headers["etag"]

    assert server.ask(path, headers=f"If-None-Match: {etag}\r\n").status == 304


def test_files_of_the_site_are_sent_whole(server: Server) -> None:
    answer = server.ask("/static/admin/css/base.css")

    assert answer.status == 200
    assert answer.is_whole
    assert "ratelimit" not in answer.headers
