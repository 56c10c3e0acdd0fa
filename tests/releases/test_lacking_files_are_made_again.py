"""Files of releases that a machine lacks are made again, the same bytes or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents.ledger.models import Release
from incidents.releasing.release import stale
from tests.releases.making import contents, made

pytestmark = pytest.mark.django_db


def cut(below: Path) -> None:
    file = below / "all-1" / "incidents.csv"
    file.write_bytes(file.read_bytes()[:-1])


def change(below: Path) -> None:
    file = below / "all-1.zip"
    file.write_bytes(b"?" + file.read_bytes()[1:])


def delete(below: Path) -> None:
    (below / "all-1" / "CITATION.cff").unlink()


@pytest.mark.parametrize("harm", [shutil.rmtree, cut, change, delete])
@pytest.mark.parametrize("names", [["all-1"], []])
def test_what_is_lacking_or_damaged_comes_back_to_the_byte(
    world: Any, var: Path, harm: Callable[[Path], None], names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    made("all-1")
    made("other-1", dataset="data-1")
    before, row = contents(var), Release.objects.values().get(name="all-1")
    harm(var / "releases")
    assert "all-1" in stale()
    call_command("release", *names, refresh=True)
    assert "all-1: rebuilt, as released;" in capsys.readouterr().out
    after = contents(var)
    assert {path: after[path] for path in before if path.startswith("all-1")} == {
        path: content for path, content in before.items() if path.startswith("all-1")
    }
    assert Release.objects.values().get(name="all-1") == row
    if not names:
        assert (after, stale()) == (before, [])


def test_what_would_be_another_file_is_not_put_in_its_place(world: Any, var: Path, settings: Any) -> None:
    made("all-1")
    delete(var / "releases")
    before = contents(var)
    settings.PUBLIC_URL = "https://elsewhere.example.org"
    with pytest.raises(CommandError, match=r"all-1: CITATION\.\w+ would differ from the released file"):
        call_command("release", "all-1", refresh=True)
    assert contents(var) == before
