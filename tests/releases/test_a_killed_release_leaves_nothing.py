"""Whenever the process that makes a release is killed, there is a whole release or none, and it can be made again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import Release
from incidents.releasing.building import alone
from incidents.releasing.errors import ReleaseError
from incidents.releasing.release import ReleaseRequest, make
from tests.factories import IncidentFactory
from tests.releases.making import Quiet, contents, made

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def environment(var: Path) -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        base, _, query = os.environ["DATABASE_URL"].partition("?")
        url = f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    return {
        **os.environ,
        "VAR_DIR": str(var),
        "DATABASE_URL": url,
        "PUBLIC_URL": "https://incidents.example.org",
        "DJANGO_SETTINGS_MODULE": "incidents_api.settings",
    }


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's test database is in this process's memory")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["writing", "packing", "moving"])
def test_killed_at_any_step_it_is_not_there_and_can_be_made_again(var: Path, api: APIClient, step: str) -> None:
    publishing.publish([IncidentFactory(public_id="one"), IncidentFactory(public_id="two")])
    command = [sys.executable, "-m", "tests.releases.kill", "all-1", step]
    killed = subprocess.run(command, env=environment(var), capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert contents(var) != {}
    assert api.get("/api/v1/releases/").json()["count"] == 0
    assert api.get("/api/v1/releases/all-1/files/incidents.csv").status_code == 404
    release = made("all-1")
    assert {path.split("/")[0] for path in contents(var)} == {"all-1", "all-1.zip"}
    assert all(api.get(f"/api/v1/releases/all-1/files/{file['path']}").status_code == 200 for file in release.files)


@pytest.mark.django_db
def test_an_error_on_the_way_leaves_nothing(world: Any, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("incidents.releasing.packing.pack", full)
        with pytest.raises(ReleaseError, match=r"cannot be written to .*: No space left on device"):
            make(ReleaseRequest("all-1"), Quiet())
    assert contents(var) == {}
    assert not Release.objects.exists()
    assert made("all-1").files


@pytest.mark.django_db
def test_a_redaction_in_between_is_noticed(world: Any, var: Path) -> None:
    quiet = Quiet()
    incidents = list(world.incidents.values())

    def redact(done: int) -> None:
        if incidents:
            publishing.redact(incidents[0], reason="For safety.")
            incidents.clear()

    quiet.reach = redact  # type: ignore[method-assign]  # replaced to act at this moment
    with pytest.raises(ReleaseError, match="redacted while the release was being made"):
        make(ReleaseRequest("all-1"), quiet)
    assert contents(var) == {}
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_two_are_not_made_at_once(world: Any, var: Path) -> None:
    with alone(), pytest.raises(ReleaseError, match="Another release is being made"):
        make(ReleaseRequest("all-1"), Quiet())
