"""PostgreSQL ends connections, or makes readers wait: what they notice of it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from tests.faults.conftest import Say
from tests.serving.server import Server

ALLOWED = 0.01
"""The share of reads that may fail while connections are cut all the time."""

SLACK = 0.5
"""Seconds that a busy machine takes to start twelve readers."""

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to cut.")


@contextmanager
def cut_all_the_time(url: str) -> Iterator[list[int]]:
    """End the connections of the server every 0.3 s; gives how many were ended."""
    ended, done = [0], threading.Event()

    def cut() -> None:
        with psycopg.connect(url, autocommit=True) as admin:
            while not done.wait(0.3):
                found = admin.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                ).fetchone()
                ended[0] += found[0] if found else 0

    cutting = threading.Thread(target=cut)
    cutting.start()
    try:
        yield ended
    finally:
        done.set()
        cutting.join()


@pytest.mark.slow
def test_hardly_a_read_fails_while_connections_are_cut(server: Server, say: Say) -> None:
    statuses: list[int] = []

    def read() -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            statuses.append(server.ask("/api/v1/incidents/?limit=20").status)

    with cut_all_the_time(server.environment["DATABASE_URL"]) as ended:
        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()

    failed = sum(status != 200 for status in statuses) / len(statuses)
    say(f"{len(statuses)} reads, {ended[0]} connections cut, {failed:.2%} failed")
    assert ended[0] > 5
    assert failed <= ALLOWED


def test_reads_wait_at_most_two_seconds_for_a_lock(server: Server, say: Say) -> None:
    assert server.ask("/api/v1/incidents/?limit=21").status == 200
    answers = []
    with psycopg.connect(server.environment["DATABASE_URL"]) as other:
        other.execute("LOCK TABLE ledger_head IN ACCESS EXCLUSIVE MODE")

        def read() -> None:
            began = time.monotonic()
            answer = server.ask("/api/v1/incidents/?limit=21")
            answers.append((answer.status, answer.headers.get("retry-after"), time.monotonic() - began))

        readers = [threading.Thread(target=read) for _ in range(12)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        other.rollback()

    say(f"the longest of {len(answers)} readers waited {max(waited for _, _, waited in answers):.2f} s")
    assert {(status, bool(retry)) for status, retry, _ in answers} == {(503, True)}
    assert max(waited for _, _, waited in answers) < 2 + SLACK
    assert server.ask("/api/v1/incidents/?limit=21").status == 200
