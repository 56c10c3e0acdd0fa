"""A mirror that runs an older version, unchanged, no longer has the content one run after a reduction."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.schema.server import ROOT
from tests.serving.server import Server, running

VERSIONS = {"0.1.0": "02b287a", "0.2.0": "e43af25"}
"""The commit of each version."""

SECRET = "luhansk-2022-0002"
REDUCE = f"""
import django; django.setup()
from incidents import publishing
from incidents.models import Incident
incident = Incident.objects.get(public_id="{SECRET}")
incident.place_disclosure, incident.date_disclosure = "admin1", "month"
incident.summary = "Somebody was shot at."
incident.save()
print(publishing.publish([incident], reduce_because="For safety.").reduced)
"""


@pytest.fixture(params=list(VERSIONS))
def version(request: pytest.FixtureRequest) -> str:
    """The number of an older version."""
    return str(request.param)


@pytest.fixture
def code(version: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of a version, from the history of this repository."""
    packed = subprocess.run(["git", "archive", VERSIONS[version]], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.skip("This copy of the repository has no history.")
    folder = tmp_path_factory.mktemp("first")
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def run(code: Path, var: Path, *command: str) -> str:
    """Run Python with the code of a version on the SQLite file of a folder; return what it prints."""
    var.mkdir(exist_ok=True)
    own = {"VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var}/db.sqlite3", "EXAMPLE_DATA": "off"}
    own |= {"DJANGO_SETTINGS_MODULE": "incidents_api.settings", "PYTHONPATH": str(code)}
    done = subprocess.run(
        [sys.executable, *command], cwd=code, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def mirrored(code: Path, var: Path, origin: Server, *, check: bool) -> str:
    """Let a mirror copy what there is and prove that it is equal; return what it prints."""
    run(code, var, "manage.py", "migrate", "-v0")
    proof = ["--check"] if check else []
    return run(code, var, "manage.py", "mirror", f"http://127.0.0.1:{origin.port}/", "--once", *proof)


def kept(var: Path) -> list[str]:
    """What a ledger holds of the incident."""
    with sqlite3.connect(var / "db.sqlite3") as connection:
        query = "SELECT document FROM ledger_revision WHERE record_id = ? AND document <> ''"
        return [document for (document,) in connection.execute(query, [SECRET])]


@pytest.mark.skipif(os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="SQLite's run does this.")
def test_an_older_mirror_loses_the_content_with_its_next_run(code: Path, version: str, tmp_path: Path) -> None:
    proves = version != "0.1.0"  # which has no checksums of documents in a later shape
    origin, early, late, new = (tmp_path / name for name in ("origin", "early", "late", "new"))
    environment = os.environ | {"VAR_DIR": str(origin), "DATABASE_URL": f"sqlite:///{origin}/db.sqlite3"}
    origin.mkdir()
    with running(environment) as server:
        assert "publication 1 is the latest" in mirrored(code, early, server, check=proves)
        assert "Bilovodsk" in str(kept(early))

        assert run(ROOT, origin, "-c", REDUCE) == "1\n"

        for folder, software in ((early, code), (late, code), (new, ROOT)):
            check = proves or software == ROOT
            said = mirrored(software, folder, server, check=check)
            assert "publication 2 is the latest" in said
            assert ("equal up to publication 2" in said) == check
            assert "Bilovodsk" not in str(kept(folder))
        assert [len(kept(folder)) for folder in (origin, early, late, new)] == [2, 1, 1, 2]
        assert kept(new) == kept(origin)
    with sqlite3.connect(early / "db.sqlite3") as connection:
        entries = "SELECT key FROM ledger_incidententry WHERE record_id = ?"
        matching = "SELECT rowid FROM ledger_incidententry_words WHERE ledger_incidententry_words MATCH 'bilovodsk'"
        found = {key for (key,) in connection.execute(matching)}
        assert found.isdisjoint(key for (key,) in connection.execute(entries, [SECRET]))
