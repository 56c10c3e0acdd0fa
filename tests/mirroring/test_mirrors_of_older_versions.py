"""A mirror of an older version follows this server, reductions included, and a mirror of this version an older one."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.older_versions import VERSIONS, run, unpack_code
from tests.schema.server import ROOT
from tests.serving.server import Server, running, running_code

on_sqlite = pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="SQLite's run does this."
)

SECRET = "luhansk-2022-0002"
EDIT = f"""
import django; django.setup()
from incidents import publishing
from incidents.models import Incident
incident = Incident.objects.get(public_id="{SECRET}")
incident.tags = [*incident.tags, "edited"]
incident.save()
print(publishing.publish([incident]).seq)
"""
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
    return unpack_code(version, tmp_path_factory.mktemp("older"))


def mirrored(code: Path, var: Path, origin: Server) -> str:
    """Let a mirror copy what there is and prove that it is equal; return what it prints."""
    run(code, var, "manage.py", "migrate", "-v0")
    return run(code, var, "manage.py", "mirror", f"http://127.0.0.1:{origin.port}/", "--once", "--check")


def environment_of(var: Path) -> dict[str, str]:
    """The environment of a server on the SQLite file of a folder."""
    var.mkdir(exist_ok=True)
    return os.environ | {"VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var}/db.sqlite3"}


def kept(var: Path) -> list[str]:
    """What a ledger holds of the incident."""
    with sqlite3.connect(var / "db.sqlite3") as connection:
        query = "SELECT document FROM ledger_revision WHERE record_id = ? AND document <> ''"
        return [document for (document,) in connection.execute(query, [SECRET])]


@on_sqlite
def test_an_older_mirror_loses_the_content_with_its_next_run(code: Path, version: str, tmp_path: Path) -> None:
    origin, early, late, new = (tmp_path / name for name in ("origin", "early", "late", "new"))
    with running(environment_of(origin)) as server:
        assert "publication 1 is the latest" in mirrored(code, early, server)
        assert "Bilovodsk" in str(kept(early))

        assert run(ROOT, origin, "-c", REDUCE) == "1\n"

        for folder, software in ((early, code), (late, code), (new, ROOT)):
            said = mirrored(software, folder, server)
            assert "publication 2 is the latest" in said
            assert "equal up to publication 2" in said
            assert "Bilovodsk" not in str(kept(folder))
        assert [len(kept(folder)) for folder in (origin, early, late, new)] == [2, 1, 1, 2]
        assert kept(new) == kept(origin)
    with sqlite3.connect(early / "db.sqlite3") as connection:
        entries = "SELECT key FROM ledger_incidententry WHERE record_id = ?"
        matching = "SELECT rowid FROM ledger_incidententry_words WHERE ledger_incidententry_words MATCH 'bilovodsk'"
        found = {key for (key,) in connection.execute(matching)}
        assert found.isdisjoint(key for (key,) in connection.execute(entries, [SECRET]))


@on_sqlite
def test_an_older_mirror_follows_run_after_run(code: Path, tmp_path: Path) -> None:
    origin, mirror = tmp_path / "origin", tmp_path / "mirror"
    with running(environment_of(origin)) as server:
        for seq in (1, 2, 3):
            for _ in range(2):  # also where there is nothing new
                assert f"equal up to publication {seq}" in mirrored(code, mirror, server)
            assert run(ROOT, origin, "-c", EDIT) == f"{seq + 1}\n"
    assert [document.count('"edited"') for document in kept(mirror)] == [0, 1, 2]


@on_sqlite
def test_a_mirror_of_this_version_follows_an_older_server(code: Path, tmp_path: Path) -> None:
    origin, mirror = tmp_path / "origin", tmp_path / "mirror"
    with running_code(code, environment_of(origin) | {"PYTHONPATH": str(code)}) as server:
        assert "equal up to publication 1" in mirrored(ROOT, mirror, server)
        assert run(code, origin, "-c", EDIT) == "2\n"
        for _ in range(2):
            assert "equal up to publication 2" in mirrored(ROOT, mirror, server)
    assert kept(mirror) == kept(origin)
