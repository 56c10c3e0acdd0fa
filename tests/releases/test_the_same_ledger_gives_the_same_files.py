"""A release made again, later, on another machine or on the other database has the same bytes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection

from incidents.ledger.models import Release
from tests.releases.making import contents, made
from tests.releases.twins import story
from tests.twins import told_to_sqlite

SEED = 23


@pytest.mark.django_db
def test_made_again_later_it_has_the_same_bytes(world: Any, var: Path) -> None:
    made("all-1", parted_from=10)
    first = contents(var)
    Release.objects.all().delete()
    shutil.rmtree(var / "releases")
    with time_machine.travel("2031-05-06T07:08:09Z"):
        made("all-1", parted_from=10)
    again = contents(var)
    assert again == first
    assert len(again) > 20


@pytest.mark.skipif(connection.vendor != "postgresql", reason="it starts a SQLite beside PostgreSQL")
@pytest.mark.django_db
def test_sqlite_and_postgresql_release_the_same_bytes(settings: Any, tmp_path: Path) -> None:
    on_sqlite, on_postgresql = told_to_sqlite("tests.releases.twins", SEED, tmp_path), story(SEED)
    assert [path for path in on_sqlite if on_sqlite[path] != on_postgresql.get(path)] == []
    assert on_sqlite.keys() == on_postgresql.keys()
    assert len(on_sqlite) > 60
