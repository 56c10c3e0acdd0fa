"""A mirror that runs an older version, unchanged, no longer has the content one run after a reduction."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.older_versions import VERSIONS, run, unpack_code
from tests.schema.server import ROOT
from tests.serving.server import Server, running

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
    return unpack_code(version, tmp_path_factory.mktemp("older"))


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
