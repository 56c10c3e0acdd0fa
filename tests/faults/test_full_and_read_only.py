"""A full disk and a directory that cannot be written to are reported in a sentence, and nothing is ever half there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from rest_framework.test import APIClient

from incidents.ledger.models import Head
from incidents.models import Incident
from tests.admin.pages import act, change_url, fields_of
from tests.factories import IncidentFactory
from tests.ledger.dump import dump
from tests.releases.making import named
from tests.upgrades.kept import environment
from tests.upgrades.story import ROOT

FULL = "The disk of the server is full. Nothing was saved. The operator of the server must free disk space first."


@pytest.fixture
def staff(client: Client) -> Client:
    """Somebody who may publish; a page that fails is seen as a browser would."""
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    client.raise_request_exception = False
    return client


@contextmanager
def full_disk() -> Iterator[None]:
    """Let the database have no page more: SQLite really, PostgreSQL by the error that it would give."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute("PRAGMA freelist_count")
            assert cursor.fetchone()[0] < 20
            cursor.execute(f"PRAGMA max_page_count = {pages}")
            try:
                yield
            finally:
                cursor.execute("PRAGMA max_page_count = 4294967294")
        return
    error = OperationalError('could not extend file "base/1/2": No space left on device')
    error.__cause__ = psycopg.errors.DiskFull()
    with patch("incidents.ledger.commit.store.write", side_effect=error):
        yield


@pytest.mark.django_db
def test_publishing_on_a_full_disk_is_answered_with_a_sentence_and_changes_nothing(staff: Client) -> None:
    incident = IncidentFactory(public_id="one")
    act(staff, "publish_selected", incident)
    assert Head.objects.get().seq == 1
    url = change_url(incident)
    data = {**fields_of(staff.get(url)), "summary": "word " * 3_900, "_publish": "1"}
    before = dump("")
    with full_disk():
        answer = staff.post(url, data)
        assert answer.status_code == 503
        assert FULL in answer.content.decode()
        assert dump("incidents_") == {name: rows for name, rows in before.items() if name.startswith("incidents_")}
        assert dump("ledger_") == {name: rows for name, rows in before.items() if name.startswith("ledger_")}
    assert staff.post(url, data).status_code == 302
    assert Head.objects.get().seq == 2
    assert Incident.objects.get().summary.startswith("word word")


@pytest.mark.django_db
def test_readers_learn_nothing_of_the_inside(api: APIClient) -> None:
    api.raise_request_exception = False
    with patch("incidents.api.ledger_viewset.read_moment", side_effect=OperationalError("database or disk is full")):
        answer = api.get("/api/v1/incidents/?as_of=0")
    assert answer.status_code == 503
    assert "disk" not in answer.content.decode()


@pytest.mark.django_db
def test_a_release_on_a_full_disk_is_refused_in_words_on_its_page(staff: Client, settings: Any, tmp_path: Path) -> None:
    act(staff, "publish_selected", IncidentFactory(public_id="one"))
    settings.VAR_DIR = tmp_path
    with patch("incidents.releasing.packing.pack", side_effect=OSError(28, "No space left on device")):
        answer = staff.post("/admin/ledger/release/add/", {"name": "all-1"}, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "No space left on device. Earlier releases are unchanged." in page
    assert not [path for path in (tmp_path / "releases").iterdir() if path.name != ".lock"]
    named("all-1")  # the name is still to be had


def run(*arguments: str, database: str, var: Path) -> subprocess.CompletedProcess[str]:
    given = environment(database, var) | {"PORT": "8459"}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=given, text=True, capture_output=True, check=False)


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """Mount a small disk; skips the test where that is not allowed."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it is about SQLite's file")
def test_a_directory_that_cannot_be_written_to_is_named_by_every_command(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "20m"):
        url = f"sqlite:///{disk}/incidents.sqlite3"
        assert run("migrate", "--verbosity=0", database=url, var=disk).returncode == 0
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for command in (["serve"], ["migrate"], ["load_incidents", "x.csv"], ["check", "--database", "default"]):
            done = run(*command, database=url, var=disk)
            assert done.returncode != 0
            assert "Traceback" not in done.stderr, done.stderr
            assert f"cannot be kept in {disk}" in done.stderr or "unable to open database file" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's disk is its own")
def test_a_load_and_a_backup_on_a_disk_that_is_really_full_leave_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "5m"):
        url = f"sqlite:///{disk}/incidents.sqlite3"
        assert run("migrate", "--verbosity=0", database=url, var=disk).returncode == 0
        space = os.statvfs(disk)
        with (disk / "filler").open("wb") as filler:
            filler.write(b"\0" * (space.f_bavail * space.f_frsize - 300_000))
        before = {path.name for path in disk.iterdir()}
        loaded = run("loaddata", "luhansk_2022", database=url, var=disk)
        assert loaded.returncode != 0
        assert "Traceback" not in loaded.stderr, loaded.stderr
        assert f"Nothing was loaded: the disk of {disk} is full. Make room there and run it again." in loaded.stderr
        backup = run("backup", str(disk / "one.backup"), database=url, var=disk)
        assert backup.returncode != 0
        assert "There is no room for a copy of the database" in backup.stderr, backup.stderr
        assert {path.name for path in disk.iterdir()} - {"incidents.sqlite3-wal", "incidents.sqlite3-shm"} == before
        (disk / "filler").unlink()
        assert run("loaddata", "luhansk_2022", database=url, var=disk).returncode == 0


@pytest.mark.django_db
def test_without_a_place_to_write_releases_are_refused_in_words_and_the_rest_is_served(
    staff: Client, settings: Any, tmp_path: Path, api: APIClient
) -> None:
    act(staff, "publish_selected", IncidentFactory(public_id="one"))
    settings.VAR_DIR = tmp_path / "file"
    settings.VAR_DIR.write_text("")  # even root cannot make a folder in a file
    with pytest.raises(CommandError, match=r"Release files cannot be written to .*: Not a directory"):
        call_command("release", "all-1")
    assert "cannot be written to" in staff.post("/admin/ledger/release/add/", {"name": "all-1"}).content.decode()
    assert api.get("/api/v1/incidents/one/").status_code == 200
    assert api.get("/readyz").status_code == 200
