"""Files of a release that an older version made are rebuilt by this one, byte for byte."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.older_versions import VERSIONS, OlderVersions, run
from tests.releases.making import contents
from tests.schema.server import ROOT


def load_own_fields(code: Path, var: Path) -> None:
    """Load the dataset of the tutorial, if the version has datasets' own fields."""
    tutorial = code / "docs" / "own-fields.md"
    if not tutorial.exists():
        return
    text = tutorial.read_text(encoding="utf-8")
    for name, content in re.findall(r"(?:table|profile) as `([\w.]+)`.*?```(?:csv|toml)\n(.*?)```", text, re.DOTALL):
        (var / name).write_text(content, encoding="utf-8")
    run(code, var, "manage.py", "load_incidents", f"{var}/press.csv", f"--profile={var}/press.toml")
    run(code, var, "manage.py", "release", "press-1", "--dataset=press")


@pytest.mark.skipif(os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="SQLite's run does this.")
@pytest.mark.parametrize("version", list(VERSIONS))
def test_rebuilt_files_have_the_same_bytes(version: str, older_versions: OlderVersions, tmp_path: Path) -> None:
    older = older_versions[version]
    code, var = older.code, older.fresh(tmp_path / "var")
    run(code, var, "manage.py", "loaddata", "luhansk_2022", "-v0")
    load_own_fields(code, var)
    run(code, var, "manage.py", "release", "all-1", "--notes=Notes of the release.")
    before = contents(var)

    shutil.rmtree(var / "releases")
    run(ROOT, var, "manage.py", "migrate", "-v0")
    run(ROOT, var, "manage.py", "release", "--refresh")
    after = contents(var)
    assert [path for path in before if before[path] != after.get(path)] == []
    assert before.keys() == after.keys()
    assert ("press-1/incidents.csv" in after) == (version != "0.1.0")
