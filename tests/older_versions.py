"""The code of earlier versions, from the history of this repository, and how it is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from tests.schema.server import ROOT

VERSIONS = {"0.1.0": "02b287a", "0.2.0": "e43af25"}
"""The commit of each version."""

DATABASE = "db.sqlite3"
"""Name of the SQLite file in a folder."""


@dataclass(frozen=True)
class Version:
    """A version that is unpacked, and the folder of an empty SQLite database that it made."""

    code: Path
    empty: Path

    def fresh(self, var: Path) -> Path:
        """Make a folder with a copy of the empty database; return the folder."""
        return copied(self.empty, var)


class OlderVersions:
    """Versions in a folder; each is unpacked and makes its empty database once, when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, Version] = {}

    def __getitem__(self, number: str) -> Version:
        if number not in self._known:
            code, empty = self.folder / number / "code", self.folder / number / "empty"
            empty.mkdir(parents=True)
            unpack_code(number, code)
            run(code, empty, "manage.py", "migrate", "-v0")
            self._known[number] = Version(code, empty)
        return self._known[number]


def copied(database: Path, var: Path) -> Path:
    """Make a folder with a copy of the SQLite database that is in another folder; return the new folder."""
    var.mkdir()
    shutil.copy(database / DATABASE, var / DATABASE)
    return var


def unpack_code(version: str, folder: Path) -> Path:
    """Write the code of a version into a folder; skips the test where the repository has no history."""
    packed = subprocess.run(["git", "archive", VERSIONS[version]], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.skip("This copy of the repository has no history.")
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def run(code: Path, var: Path, *command: str) -> str:
    """Run Python with the code of a version on the SQLite file of a folder; return what it prints."""
    var.mkdir(exist_ok=True)
    own = {"VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var / DATABASE}", "EXAMPLE_DATA": "off"}
    own |= {"DJANGO_SETTINGS_MODULE": "incidents_api.settings", "PYTHONPATH": str(code)}
    done = subprocess.run(
        [sys.executable, *command], cwd=code, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
