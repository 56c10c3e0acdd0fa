"""PostgreSQL has no connection left: readers get an answer that says when to come back, and none waits for long."""

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.serving.server import Server, running, wait_until

LIMIT = 30
ANSWER_SECONDS = 2.0
SLACK = 1.0
"""Seconds that a busy machine may add."""

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no limit of connections.")


@pytest.fixture
def limited(database: dict[str, str]) -> Iterator[Server]:
    """A server whose role may have a number of connections; those of superusers would not be counted."""
    url = database["DATABASE_URL"]
    role, password = f"reader_{secrets.token_hex(4)}", secrets.token_hex(8)
    with psycopg.connect(url, autocommit=True) as admin:
        name = sql.Identifier(role)
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} CONNECTION LIMIT {}").format(name, password, LIMIT))
        admin.execute(sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA public TO {}").format(name))
        admin.execute(sql.SQL("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {}").format(name))
        try:
            parts = urlsplit(url)
            place = parts.netloc.rpartition("@")[2]
            with running(
                database, DATABASE_URL=parts._replace(netloc=f"{role}:{password}@{place}").geturl()
            ) as started:
                yield started
        finally:
            admin.execute(
                sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = {}").format(role)
            )
            admin.execute(sql.SQL("DROP OWNED BY {}").format(name))
            admin.execute(sql.SQL("DROP ROLE {}").format(name))


def test_without_a_connection_readers_are_told_when_to_come_back(limited: Server) -> None:
    url = limited.environment["DATABASE_URL"]
    with ExitStack() as stack:
        for _ in range(LIMIT):
            try:
                stack.enter_context(psycopg.connect(url))
            except psycopg.OperationalError:
                break
        began = time.monotonic()
        file = limited.ask("/api/v1/incidents.csv?date_after=2014-05-01")
        took = time.monotonic() - began
        page = limited.ask("/api/v1/incidents/?limit=5")
        alive = limited.ask("/healthz")

    assert (file.status, file.headers["content-type"]) == (503, "application/problem+json")
    assert int(file.headers["retry-after"]) > 0
    assert took < ANSWER_SECONDS + SLACK
    assert page.status == 200  # a thread keeps the connection that it has
    assert alive.status == 200
    wait_until(lambda: limited.ask("/api/v1/incidents.csv?date_after=2014-05-01").status == 200, 10)
