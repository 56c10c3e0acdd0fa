"""The same story told to SQLite and to PostgreSQL gives the same ledger and the same answers, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.contract.twins import story
from tests.twins import told_to_sqlite

SEED = 17


@pytest.mark.skipif(connection.vendor != "postgresql", reason="it starts a SQLite beside PostgreSQL")
@pytest.mark.django_db
def test_sqlite_and_postgresql_tell_the_same_story(tmp_path: Path) -> None:
    on_sqlite, on_postgresql = told_to_sqlite("tests.contract.twins", SEED, tmp_path), story(SEED)
    assert [name for name in on_sqlite if on_sqlite[name] != on_postgresql.get(name)] == []
    assert on_sqlite.keys() == on_postgresql.keys()
    assert len(on_sqlite) > 250
