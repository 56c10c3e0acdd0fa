"""A backup of an earlier version is restored by this one, which applies the migrations that have come since."""

from __future__ import annotations

import io
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from incidents import publishing
from incidents.ledger.database import findings
from tests.backup.places import as_default, empty_place, rows
from tests.factories import IncidentFactory
from tests.upgrades.kept import FOLDER, versions

BEFORE, LATEST = "0009_add_session_hash", "0010_accessattemptexpiration"


def test_migrations_since_the_backup_are_applied(tmp_path: Path) -> None:
    publishing.publish([IncidentFactory()])
    call_command("migrate", "axes", BEFORE, verbosity=0)
    try:
        with patch("incidents.backup.making.findings", return_value=[]):  # as the version of that time would
            call_command("backup", str(tmp_path / "old.backup"), stdout=io.StringIO(), stderr=io.StringIO())
    finally:
        call_command("migrate", "axes", LATEST, verbosity=0)
    with empty_place(tmp_path) as alias:
        with as_default(alias):
            call_command("restore", str(tmp_path / "old.backup"), stdout=io.StringIO())
        assert rows(alias) == rows("default")
        assert findings(alias) == []


@pytest.mark.parametrize("version", versions())
def test_the_backup_of_a_kept_version_is_restored(version: str, tmp_path: Path) -> None:
    out = io.StringIO()
    with empty_place(tmp_path) as alias:
        with as_default(alias):
            call_command("restore", str(FOLDER / version / f"{connection.vendor}.backup"), stdout=out)
        assert out.getvalue().endswith(
            "restored up to publication 11: 119 changes, checksum "
            "bb730ea58c7d8eb2033dcf84489f8838e086a841269c28975fa1e64268c4bf26, as backed up; files of 0 releases\n"
        )
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM incidents_incident")
            assert cursor.fetchone() == (38,)


def test_every_migration_can_be_part_of_one_transaction() -> None:
    # A restore on PostgreSQL is one transaction, so that it can leave nothing behind.
    apart = [str(each) for each in MigrationLoader(None).disk_migrations.values() if not each.atomic]
    assert apart == []
