"""A database that an earlier version left is upgraded, gives every public byte again, and can be edited on."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.databases import new_database
from tests.upgrades.kept import FOLDER, expected, run, unpack, versions
from tests.upgrades.story import ROOT


@pytest.fixture(params=versions(), scope="module")
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """A database of each kept version, upgraded and edited: its answers after the upgrade, and its folder."""
    folder = tmp_path_factory.mktemp("kept")
    with ExitStack() as stack:
        url = f"sqlite:///{folder}/kept.sqlite3"
        if connection.vendor == "postgresql":
            url = stack.enter_context(new_database(os.environ["DATABASE_URL"]))
        unpack(request.param, url, folder)
        yield json.loads(run(url, folder, "-m", "tests.upgrades.kept", "upgrade")), folder


@pytest.mark.parametrize("version", versions())
def test_no_migration_of_a_kept_version_is_rewritten(version: str) -> None:
    for line in (FOLDER / version / "migrations.sha256").read_text(encoding="utf-8").splitlines():
        digest, path = line.split()
        assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == digest, f"{path}: write another migration."


def test_rebuilt_files_of_a_release_are_those_that_were_released(kept: tuple[Any, Path]) -> None:
    files = json.loads("".join(expected()["releases/all-1/"]["body"]))["files"]
    below = kept[1] / "releases"
    found = {}
    for file in files:
        place = below / file["path"] if file["path"] == "all-1.zip" else below / "all-1" / file["path"]
        found[file["path"]] = hashlib.sha256(place.read_bytes()).hexdigest()
    assert found == {file["path"]: file["sha256"] for file in files}
    assert len(files) > 10


def test_files_rebuilt_after_a_redaction_have_the_columns_of_their_version(kept: tuple[Any, Path]) -> None:
    below = kept[1] / "releases"
    for path in ("incidents.csv", "datasets.csv"):
        files = {name: (below / name / path).read_text() for name in ("luhansk-1", "all-0", "all-1")}
        assert len({file.partition("\n")[0] for file in files.values()}) == 1
        assert not [name for name, file in files.items() if "\nluhansk-2022-0008," in file]


def test_every_public_byte_is_as_expected(kept: tuple[Any, Path]) -> None:
    answers, right = kept[0], expected()
    assert answers.keys() == right.keys()
    different = [address for address in right if answers[address] != right[address]]
    assert different == [], "\n".join(_differences(different, right, answers))


def _differences(addresses: list[str], right: dict[str, Any], answers: dict[str, Any]) -> Iterator[str]:
    for address in addresses[:5]:
        one, other = (json.dumps(each[address], ensure_ascii=False, indent=1) for each in (right, answers))
        lines = difflib.unified_diff(one.splitlines(), other.splitlines(), "expected", address, lineterm="", n=1)
        yield from (line[:500] for line in list(lines)[:40])
