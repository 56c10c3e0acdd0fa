"""What README shows is what the server answers."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.worlds import world

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVER = "http://127.0.0.1:8000"

PAIRS = re.findall(r"```sh\n(curl [^\n]+)\n```\n\n```json\n(.*?)```", README, re.DOTALL)


@world
def seed() -> None:
    """Load what `make run` loads."""
    call_command("loaddata", "luhansk_2022", verbosity=0)


def test_every_request_of_the_tour_has_an_answer() -> None:
    assert len(PAIRS) == README.count("```sh\ncurl ") >= 5


@pytest.mark.parametrize(("command", "shown"), PAIRS)
def test_the_tour_shows_what_the_server_answers(seed: None, command: str, shown: str) -> None:
    (address,) = shlex.split(command)[1:]
    answer: Any = Client(headers={"host": "127.0.0.1:8000"}).get(address.removeprefix(SERVER)).json()
    assert answer == json.loads(shown)


def test_every_linked_file_exists() -> None:
    targets = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z-]+)", re.sub(r"and `make` is", "", README)))
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)} == set()
