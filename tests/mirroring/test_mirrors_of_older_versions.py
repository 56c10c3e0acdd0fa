"""A mirror of an older version follows this server, reductions included, and a mirror of this version an older one."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.older_versions import DATABASE, VERSIONS, OlderVersions, copied, run
from tests.schema.server import ROOT
from tests.serving.server import Server, running, running_code
from tests.templates import Template

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
NEXT = "==== and again\n"
TWICE = f"""
import sys
import django; django.setup()
from django.core.management import call_command
call_command("mirror", sys.argv[1], once=True, check=True)
sys.stdout.write("{NEXT.strip()}\\n")
sys.stdout.flush()
call_command("mirror", sys.argv[1], once=True, check=True)
"""


@pytest.fixture(scope="module")
def empty(migrated: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty database of this code."""
    var = tmp_path_factory.mktemp("empty")
    shutil.copy(migrated.url.removeprefix("sqlite:///"), var / DATABASE)
    return var


@pytest.fixture(scope="module")
def example(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database of this code with the example dataset."""
    var = copied(empty, tmp_path_factory.mktemp("example") / "var")
    run(ROOT, var, "manage.py", "loaddata", "luhansk_2022", "-v0")
    return var


def mirrored(code: Path, var: Path, origin: Server) -> str:
    """Let a mirror copy what there is and prove that it is equal; return what it prints."""
    return run(code, var, "manage.py", "mirror", address(origin), "--once", "--check")


def mirrored_twice(code: Path, var: Path, origin: Server) -> tuple[str, str]:
    """Do so once more where there is nothing new; return what each run prints."""
    first, second = run(code, var, "-c", TWICE, address(origin)).split(NEXT)
    return first, second


def address(server: Server) -> str:
    """The address of a server."""
    return f"http://127.0.0.1:{server.port}/"


def environment_of(var: Path) -> dict[str, str]:
    """The environment of a server on the SQLite file of a folder."""
    return os.environ | {"VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var / DATABASE}"}


def kept(var: Path) -> list[str]:
    """What a ledger holds of the incident."""
    with sqlite3.connect(var / DATABASE) as connection:
        query = "SELECT document FROM ledger_revision WHERE record_id = ? AND document <> ''"
        return [document for (document,) in connection.execute(query, [SECRET])]


@on_sqlite
def test_older_mirrors_lose_the_content_with_their_next_run(
    older_versions: OlderVersions, empty: Path, example: Path, tmp_path: Path
) -> None:
    older = {number: older_versions[number] for number in VERSIONS}
    origin, new = copied(example, tmp_path / "origin"), copied(empty, tmp_path / "new")
    early = {number: version.fresh(tmp_path / f"early-{number}") for number, version in older.items()}
    late = {number: version.fresh(tmp_path / f"late-{number}") for number, version in older.items()}
    with running(environment_of(origin)) as server:
        for number, version in older.items():
            assert "publication 1 is the latest" in mirrored(version.code, early[number], server), number
            assert "Bilovodsk" in str(kept(early[number])), number

        assert run(ROOT, origin, "-c", REDUCE) == "1\n"

        mirrors = [(each[number], older[number].code) for number in VERSIONS for each in (early, late)]
        for folder, software in (*mirrors, (new, ROOT)):
            said = mirrored(software, folder, server)
            assert "publication 2 is the latest" in said, folder
            assert "equal up to publication 2" in said, folder
            assert "Bilovodsk" not in str(kept(folder)), folder
    assert [len(kept(folder)) for folder, _ in mirrors] == [1] * len(mirrors)
    assert len(kept(new)) == 2
    assert kept(new) == kept(origin)
    for folder in early.values():
        with sqlite3.connect(folder / DATABASE) as connection:
            entries = "SELECT key FROM ledger_incidententry WHERE record_id = ?"
            matching = "SELECT rowid FROM ledger_incidententry_words WHERE ledger_incidententry_words MATCH 'bilovodsk'"
            found = {key for (key,) in connection.execute(matching)}
            assert found.isdisjoint(key for (key,) in connection.execute(entries, [SECRET])), folder


@on_sqlite
def test_older_mirrors_follow_run_after_run(older_versions: OlderVersions, example: Path, tmp_path: Path) -> None:
    older = {number: older_versions[number] for number in VERSIONS}
    origin = copied(example, tmp_path / "origin")
    mirrors = {number: version.fresh(tmp_path / f"mirror-{number}") for number, version in older.items()}
    with running(environment_of(origin)) as server:
        for seq in (1, 2, 3):
            for number, version in older.items():
                for said in mirrored_twice(version.code, mirrors[number], server):
                    assert f"equal up to publication {seq}" in said, number
            assert run(ROOT, origin, "-c", EDIT) == f"{seq + 1}\n"
    for number, mirror in mirrors.items():
        assert [document.count('"edited"') for document in kept(mirror)] == [0, 1, 2], number


@on_sqlite
@pytest.mark.parametrize("number", list(VERSIONS))
def test_a_mirror_of_this_version_follows_an_older_server(
    number: str, older_versions: OlderVersions, empty: Path, tmp_path: Path
) -> None:
    version = older_versions[number]
    origin, mirror = version.fresh(tmp_path / "origin"), copied(empty, tmp_path / "mirror")
    with running_code(version.code, environment_of(origin) | {"PYTHONPATH": str(version.code)}) as server:
        assert "equal up to publication 1" in mirrored(ROOT, mirror, server)
        assert run(version.code, origin, "-c", EDIT) == "2\n"
        for said in mirrored_twice(ROOT, mirror, server):
            assert "equal up to publication 2" in said
    assert kept(mirror) == kept(origin)
