"""Backups that are made while editors do not stop restore equal."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from incidents.backup import Archive, make, restore
from incidents.backup.ledger_checksum import prove
from incidents.ledger.models import Head
from incidents.models import Dataset
from tests.backup.busy import NOTED
from tests.backup.places import as_default, empty_place, new_place, rows, tree
from tests.releases.making import Quiet
from tests.upgrades.kept import environment
from tests.upgrades.story import ROOT

SOURCE = "source"
TIMEOUT = 120
"""Seconds for the editors to begin, on a machine that has others to do."""


@pytest.mark.slow
def test_two_backups_under_write_load_restore_equal(tmp_path: Path) -> None:
    backups_restore_equal(tmp_path, 2)


@pytest.mark.slow
def test_twenty_backups_under_write_load_restore_equal(tmp_path: Path) -> None:
    backups_restore_equal(tmp_path, 20)


def backups_restore_equal(tmp_path: Path, times: int) -> None:
    var = tmp_path / "var"
    var.mkdir()
    with new_place(tmp_path, SOURCE) as url:
        with as_default(SOURCE):  # as its owner would: only the default database has its index of places completed
            call_command("migrate", verbosity=0)
        with busy(url, var, tmp_path / "stop"):
            seqs = [backed_up_and_restored(tmp_path / str(number), var) for number in range(times)]
        assert seqs == sorted(seqs)
        assert len(set(seqs)) > times / 2, "the editors stood still"
        last(tmp_path / "last", var)


def backed_up_and_restored(folder: Path, var: Path) -> int:
    """Back up and restore once; return the last publication in it."""
    folder.mkdir()
    with at(var), as_default(SOURCE):
        make(folder / "one.backup", Quiet())
    with Archive(folder / "one.backup") as archive, empty_place(folder) as alias:
        with as_default(alias):
            restored = restore(archive, Quiet())
        assert Dataset.objects.using(alias).get(public_id=NOTED).note == f"publication {restored.seq}"
        with as_default(SOURCE):
            proof = prove(restored.seq, lambda _: None)
        if Head.objects.using(SOURCE).get().redacted == archive.manifest["head"]["redacted"]:
            assert proof == restored.proof
        assert {name.split("/")[0].removesuffix(".zip") for name in tree(folder / "releases")} == set(restored.releases)
    return restored.seq


def last(folder: Path, var: Path) -> None:
    """Once the editors have stopped: every row and every file that readers can have is the same."""
    folder.mkdir()
    with at(var), as_default(SOURCE):
        made = make(folder / "one.backup", Quiet())
    with Archive(folder / "one.backup") as archive, empty_place(folder) as alias:
        with as_default(alias):
            restore(archive, Quiet())
        assert rows(alias) == rows(SOURCE)
        files = tree(var / "releases")
        shown = {name: files[name] for name in files if name.split("/")[0].removesuffix(".zip") in made.releases}
        assert tree(folder / "releases") == shown


@contextmanager
def at(var: Path) -> Iterator[None]:
    """Let releases be where the editors make them."""
    before, settings.VAR_DIR = settings.VAR_DIR, var
    try:
        yield
    finally:
        settings.VAR_DIR = before


@contextmanager
def busy(url: str, var: Path, stop: Path) -> Iterator[None]:
    """Let editors work in a process of their own, from their first edit until the block ends."""
    command = [sys.executable, "-m", "tests.backup.busy", "7", str(stop)]
    editors: Any = subprocess.Popen(
        command, cwd=ROOT, env=environment(url, var), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        began = time.monotonic()
        while Head.objects.using(SOURCE).get().seq < 5 and editors.poll() is None:
            assert time.monotonic() - began < TIMEOUT
            time.sleep(0.1)
        yield
        assert editors.poll() is None, editors.stderr.read()
    finally:
        stop.touch()
        out, err = editors.communicate(timeout=TIMEOUT)
        connections[SOURCE].close()
    assert editors.returncode == 0, out + err
