"""The code of earlier versions, from the history of this repository, and how it is run."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.schema.server import ROOT

VERSIONS = {"0.1.0": "02b287a", "0.2.0": "e43af25"}
"""The commit of each version."""


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
    own = {"VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var}/db.sqlite3", "EXAMPLE_DATA": "off"}
    own |= {"DJANGO_SETTINGS_MODULE": "incidents_api.settings", "PYTHONPATH": str(code)}
    done = subprocess.run(
        [sys.executable, *command], cwd=code, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
