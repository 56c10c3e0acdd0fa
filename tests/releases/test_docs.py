"""docs/releases.md names every option of the command and every file of a release, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class
from django.core.management.base import BaseCommand

from incidents.admin.releases import MADE_HERE_AT_MOST
from incidents.api.page import LONGEST_LINK
from incidents.query.differences import COUNTED_UP_TO
from incidents.query.release_lookup import NAME_LENGTH
from incidents.releasing.tables import PARTED_FROM
from tests.releases.making import made

NOTES = (Path(__file__).resolve().parents[2] / "docs/releases.md").read_text(encoding="utf-8")
INHERITED = {option for action in BaseCommand().create_parser("", "")._actions for option in action.option_strings}


def first_cells(heading: str) -> set[str]:
    section = NOTES.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return {name.split(" ")[0] for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_option_is_explained() -> None:
    parser = load_command_class("incidents", "release").create_parser("manage.py", "release")
    options = {option for action in parser._actions for option in action.option_strings} - INHERITED
    assert first_cells("Making one") == options


@pytest.mark.django_db
def test_every_file_is_explained(world: Any, var: Path) -> None:
    assert first_cells("What is in it") == {file["path"] for file in made("all-1").files if file["path"] != "all-1.zip"}


def test_limits_are_as_the_notes_say() -> None:
    for number in (MADE_HERE_AT_MOST, PARTED_FROM, COUNTED_UP_TO, LONGEST_LINK, NAME_LENGTH):
        assert f"{number:,}" in NOTES
