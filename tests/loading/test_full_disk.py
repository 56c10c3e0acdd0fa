"""A disk that is full ends a command with a sentence: which disk, and what to do; nothing half stays."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from incidents.full_disk import full_disk
from incidents.ledger.models import Head, Release
from incidents.models import Batch, Incident, Location
from tests.exports.files import SEED
from tests.loading.files import COLUMNS, events, load, public, write
from tests.loading.kill import ROOT

MB = 2**20


class DiskFullError(Exception):
    """What psycopg raises, as far as it is looked at."""

    sqlstate = "53100"


def _caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


ERRORS: list[tuple[str, BaseException, str]] = [
    ("file", OSError(errno.ENOSPC, "No space left on device", "/var/x"), "the disk of /var/x is full"),
    ("quota", OSError(errno.EDQUOT, "Disk quota exceeded", "/var/x"), "the disk of /var/x is full"),
    ("arrow", OSError("[Errno 28] Error writing bytes: No space left on device"), "is full"),
    ("staging", sqlite3.OperationalError("database or disk is full"), "set SQLITE_TMPDIR and TMPDIR to a directory"),
    (
        "postgresql",
        _caused(OperationalError("could not extend file"), DiskFullError()),
        "the disk of the PostgreSQL server is full",
    ),
]
IDS = [name for name, _, _ in ERRORS]
EVERY = pytest.mark.parametrize(("error", "said"), [each[1:] for each in ERRORS], ids=IDS)


def raising(error: BaseException) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail


def test_another_error_is_none_of_a_full_disk() -> None:
    assert full_disk(OSError(errno.EACCES, "Permission denied", "/var/x")) is None
    assert full_disk(OperationalError("database is locked")) is None


@pytest.mark.django_db
@EVERY
def test_a_load_ends_with_a_sentence_and_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
) -> None:
    path, diff = write(tmp_path / "events.csv", events(3)), tmp_path / "diff.ndjson"
    monkeypatch.setattr("incidents.loading.load._SecondPass._leave_batch", raising(error))
    with pytest.raises(CommandError, match=said) as caught:
        load(path, diff=diff)
    assert str(caught.value).startswith("Nothing was loaded: ")
    assert (public(), Incident.objects.count(), Batch.objects.count()) == ({}, 0, 0)
    assert not diff.exists()


@pytest.mark.django_db
@EVERY
def test_a_load_whose_temporary_file_has_no_room_does_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
) -> None:
    monkeypatch.setattr("incidents.loading.staging.staging_file.StagingFile._flush", raising(error))
    with pytest.raises(CommandError, match=said):
        load(write(tmp_path / "events.csv", events(3)))
    assert (public(), Incident.objects.count()) == ({}, 0)


@pytest.mark.django_db
@EVERY
def test_a_gazetteer_does_too(monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str) -> None:
    monkeypatch.setattr("incidents.loading.places.gazetteer_write.GazetteerWriter.load", raising(error))
    with pytest.raises(CommandError, match=said):
        call_command("load_gazetteer", ROOT / "fixtures" / "gazetteer" / "ukraine_regions.csv", verbosity=0)
    assert not Location.objects.exists()


@pytest.mark.django_db
@EVERY
def test_a_fixture_does_too(monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str) -> None:
    monkeypatch.setattr("incidents.publishing.publish", raising(error))
    with pytest.raises(CommandError, match=said):
        call_command("loaddata", SEED, verbosity=0)
    assert not Incident.objects.exists()


@pytest.mark.django_db
@EVERY
def test_a_release_does_too(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
) -> None:
    settings.VAR_DIR = tmp_path
    call_command("loaddata", SEED, verbosity=0)
    monkeypatch.setattr("incidents.releasing.packing.pack", raising(error))
    with pytest.raises(CommandError, match=f"{said}|No space left on device|Disk quota exceeded") as caught:
        call_command("release", "one")
    assert str(caught.value).startswith(("Nothing was released: ", "Release files cannot be written to "))
    assert not Release.objects.exists()
    assert [each.name for each in (tmp_path / "releases").iterdir()] == [".lock"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mount disks of so many bytes; a test is skipped where that is not allowed."""
    mounted: list[Path] = []

    def mount(size: int) -> Path:
        place = tmp_path / f"disk-{len(mounted)}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("mounting a small disk is not allowed here")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", "-l", str(place)], check=False)


def manage(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on an SQLite database of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    environment |= {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "incidents_api.settings"}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def fill(place: Path, left: int) -> Path:
    """Fill a disk but for so many bytes."""
    free = shutil.disk_usage(place).free
    path = place / "filler"
    path.write_bytes(b"x" * max(free - left, 0))
    return path


def told(run: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    assert sentence in run.stderr


@pytest.mark.slow
def test_a_database_on_a_small_disk_is_left_as_it_was(tmp_path: Path, disk: Callable[[int], Path]) -> None:
    var = disk(64 * MB)
    assert manage(var, "migrate", "-v0").returncode == 0
    filler = fill(var, MB)
    path = write(tmp_path / "events.csv", events(4000), columns=COLUMNS)
    run = manage(var, "load_incidents", str(path), "--profile", "ucdp-ged")
    told(run, f"CommandError: Nothing was loaded: the disk of {var} is full. Make room there and run it again.")
    filler.unlink()
    run = manage(var, "load_incidents", str(path), "--profile", "ucdp-ged")
    assert run.stdout.splitlines()[-1] == "added 4000, changed 0, withdrawn 0, unchanged 0"


@pytest.mark.slow
def test_a_release_a_difference_and_a_profile_leave_no_part(tmp_path: Path, disk: Callable[[int], Path]) -> None:
    var = disk(64 * MB)
    assert manage(var, "migrate", "-v0").returncode == 0
    path = write(tmp_path / "events.csv", events(2000), columns=COLUMNS)
    assert manage(var, "load_incidents", str(path), "--profile", "ucdp-ged").returncode == 0
    filler = fill(var, 128 * 1024)
    told(manage(var, "release", "one"), f"Release files cannot be written to {var}/releases: No space left")
    assert {each.name for each in (var / "releases").iterdir()} <= {".lock"}
    filler.unlink()
    assert manage(var, "release", "one").returncode == 0
    small = disk(64 * 1024)
    changed = write(tmp_path / "events.csv", events(2000, best=3), columns=COLUMNS)
    run = manage(var, "load_incidents", str(changed), "--profile", "ucdp-ged", "--diff", str(small / "diff.ndjson"))
    told(run, "Nothing was loaded: ")
    fill(small, 0)
    told(manage(var, "profile", str(path), "--output", str(small / "mine.toml")), "No space left on device")
    assert [each.name for each in small.iterdir()] == ["filler"]


@pytest.mark.django_db
def test_statistics_that_cannot_be_refreshed_do_not_undo_a_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.ledger.bulk.MANY", 1)
    monkeypatch.setattr("incidents.ledger.bulk._refresh_statistics", raising(OperationalError("disk is full")))
    lines, _ = load(write(tmp_path / "events.csv", events(3)))
    assert lines[-1] == "added 3, changed 0, withdrawn 0, unchanged 0"
    assert Head.objects.get().seq == 1
