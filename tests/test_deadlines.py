"""Statements that take too long are ended, and no others."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from rest_framework.test import APIClient

from incidents_api import deadlines

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n"
TEN = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh_connection() -> Iterator[None]:
    deadlines.install()
    connection.close()  # the next one looks at the clock
    connection.ensure_connection()
    deadlines.prepare(connection)  # a database in memory stays open
    yield
    connection.close()


def run(statement: str) -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[int]] = cursor.fetchall()
    return rows


def test_a_statement_ends_at_its_deadline() -> None:
    began = time.monotonic()
    with deadlines.within(0.3) as deadline, pytest.raises(OperationalError):
        run(ENDLESS)

    assert time.monotonic() - began < 5
    assert deadline.expired


def test_the_next_request_of_the_thread_is_answered() -> None:
    with deadlines.within(0.2), pytest.raises(OperationalError):
        run(ENDLESS)
    with deadlines.within(10) as deadline:
        assert len(run(TEN)) == 10

    assert not deadline.expired


def test_a_cursor_that_is_open_meanwhile_reads_on() -> None:
    """SQLite's `interrupt` would end every statement until none is open any more."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is sent a cancel request, which ends one statement.")
    connection.ensure_connection()
    cursor = connection.connection.cursor()
    cursor.execute(TEN)
    first = cursor.fetchone()
    with deadlines.within(0.2), pytest.raises(OperationalError):
        run(ENDLESS)

    assert [first, *cursor.fetchall()] == [(number,) for number in range(1, 11)]


def test_what_has_no_deadline_is_never_ended() -> None:
    """A publication, a load or a mirror in another thread goes on while a reader's question is ended."""
    outcome: list[object] = []

    def publish() -> None:
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute(ENDLESS.replace("2000000000", "400000"))
                outcome.append(cursor.fetchall())
        except OperationalError as error:
            outcome.append(error)
        finally:
            connections["default"].close()

    other = threading.Thread(target=publish)
    other.start()
    with deadlines.within(0.2), pytest.raises(OperationalError):
        run(ENDLESS)
    other.join()

    assert outcome == [[(400000,)]]


def test_waiting_for_a_lock_is_ended_too() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's readers wait for no lock.")
    blocker = connection.copy()
    try:
        with blocker.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE ledger_head IN ACCESS EXCLUSIVE MODE")
            began = time.monotonic()
            with deadlines.within(0.3), pytest.raises(OperationalError):
                run("SELECT seq FROM ledger_head")
            cursor.execute("ROLLBACK")
        assert time.monotonic() - began < 2
    finally:
        blocker.close()


def test_outside_of_a_deadline_nothing_has_expired() -> None:
    assert not deadlines.has_expired()
    assert deadlines.current() is None


def test_what_keeps_the_database_at_work_is_told_from_what_waits() -> None:
    """A crowded machine must not make an ordinary page look dear."""
    with deadlines.within(20, busy=0.1) as deadline, pytest.raises(OperationalError):
        run(ENDLESS)
    assert (deadline.expired, deadline.was_busy) == (True, True)

    if connection.vendor == "postgresql":
        began = time.monotonic()
        with deadlines.within(0.6, busy=0.1) as deadline, pytest.raises(OperationalError):
            run("SELECT pg_sleep(20)")
        assert time.monotonic() - began >= 0.6
        assert (deadline.expired, deadline.was_busy, deadline.waited) == (True, False, True)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="tests/serving asks SQLite, whose readers wait for no lock"
)
def test_a_question_that_postgresql_does_not_answer_in_time_names_the_parameter(api: APIClient) -> None:
    api.raise_request_exception = False
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("LOCK TABLE ledger_head IN ACCESS EXCLUSIVE MODE")
        with deadlines.within(0.2):
            answer = api.get("/api/v1/incidents/aggregate/?by=week&q=a*")
        other.rollback()

    assert (answer.status_code, answer.json()["code"]) == (503, "took_too_long")
    assert [error["parameter"] for error in answer.json()["errors"]] == ["q"]
    assert int(answer.headers["Retry-After"]) > 0
