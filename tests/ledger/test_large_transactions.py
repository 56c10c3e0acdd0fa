"""What is written in bulk gets from SQLite's log into its file, and the planner is told; then all is as before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test.utils import CaptureQueriesContext

from incidents.ledger.bulk import CACHE, LARGE, MANY, in_bulk
from incidents_api.database_settings import sqlite_options


@pytest.fixture
def file(tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    """A database of SQLite in a file, which is the default one meanwhile."""
    path = tmp_path / "bulk.sqlite3"
    usual = connections[DEFAULT_DB_ALIAS]
    engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": sqlite_options(30)}
    connections[DEFAULT_DB_ALIAS] = DatabaseWrapper(connections.databases[DEFAULT_DB_ALIAS] | engine)
    with django_db_blocker.unblock():
        yield path
        connection.close()
    connections[DEFAULT_DB_ALIAS] = usual


def said(statement: str) -> object:
    with connection.cursor() as cursor:
        row = cursor.execute(statement).fetchone()
    return row[0] if row else None


def settings_now() -> list[object]:
    return [said("PRAGMA wal_autocheckpoint"), said("PRAGMA cache_size")]


def fill() -> None:
    with transaction.atomic():
        said("CREATE TABLE t (text TEXT)")
        said(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
            "INSERT INTO t SELECT hex(zeroblob(2000)) FROM n"
        )
        said("CREATE INDEX t_text ON t (text)")


@pytest.mark.parametrize(("expected", "more"), [(0, False), (LARGE - 1, False), (LARGE, True)])
def test_more_is_kept_in_memory_for_very_many_records(file: Path, expected: int, more: bool) -> None:
    before = settings_now()
    with in_bulk(expected):
        assert settings_now() == [0, CACHE if more else before[1]]
    assert settings_now() == before


@pytest.mark.parametrize(("written", "moved"), [(MANY, True), (MANY - 1, False)])
def test_the_log_is_moved_after_many_records(file: Path, written: int, moved: bool) -> None:
    before = settings_now()
    with in_bulk() as bulk:
        assert settings_now() == [0, before[1]]
        fill()
        bulk.written = written
        assert file.stat().st_size < 1_000_000
    assert (file.stat().st_size > 8_000_000) == moved
    assert (said("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'") == 1) == moved
    assert settings_now() == before


def fail() -> None:
    with in_bulk() as bulk:
        bulk.written = MANY
        raise OSError("the disk is full")


def test_what_fails_within_is_as_if_nothing_had_been(file: Path) -> None:
    before = settings_now()
    with pytest.raises(OSError, match="full"):
        fail()
    assert settings_now() == before
    assert said("SELECT count(*) FROM sqlite_master") == 0


@pytest.mark.django_db
def test_any_other_database_is_asked_for_statistics_alone() -> None:
    with CaptureQueriesContext(connection) as queries, in_bulk() as bulk:
        bulk.written = MANY
    assert [each["sql"] for each in queries if "PRAGMA" not in each["sql"]] == ["ANALYZE"]
