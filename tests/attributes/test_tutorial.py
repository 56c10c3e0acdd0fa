"""docs/own-fields.md, as it is written: tables and profiles are loaded, and the requests find what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.attributes.conftest import Asking
from tests.loading.files import load
from tests.loading.test_shared_files import PIRATES

pytestmark = pytest.mark.django_db

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "own-fields.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?:table|profile) as `([\w.]+)`.*?```(?:csv|toml)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = re.findall(r"manage.py load_incidents (\w+\.csv) --profile (\w+\.toml)\n", TEXT)
REQUESTS = re.findall(r"^\| `/api/v1/(\S+)` \| (\S+) \|$", TEXT, re.MULTILINE)


@pytest.fixture
def loaded(tmp_path: Path) -> None:
    """Save the files of the page, and run its commands."""
    for name, content in BLOCKS:
        (tmp_path / name).write_text(content, encoding="utf-8")
    for file, profile in COMMANDS:
        load(tmp_path / file, profile=str(tmp_path / profile))


def test_the_page_has_two_tables_with_their_profiles() -> None:
    assert [name for name, _ in BLOCKS] == ["press.csv", "press.toml", "flights.csv", "flights.toml"]
    assert COMMANDS == [("press.csv", "press.toml"), ("flights.csv", "flights.toml")]
    assert len(REQUESTS) == 8


@pytest.mark.usefixtures("loaded")
def test_every_request_finds_what_the_page_says(ask: Asking) -> None:
    for request, found in REQUESTS:
        assert [each["id"] for each in ask(request)["results"]] == [found], request
    groups = ask("incidents/aggregate/?by=attr.charge&sum=attr.days_held&dataset=press")["results"]
    assert {each["attr.charge"]: each["sums"]["attr.days_held"]["sum"] for each in groups} == {
        "insult": None,
        "protest": 2,
        None: 1,
    }
    assert ask("incidents/flights-2/")["date"]["time_zone"] == "Europe/Kyiv"
    assert {field["name"] for field in ask("codebook/datasets/flights/")["fields"]} == {"kind", "killed_civilians"}


@pytest.mark.skipif(not PIRATES.exists(), reason="the shared file is not beside the project")
def test_the_shared_piracy_file_has_own_fields(tmp_path: Path, ask: Asking) -> None:
    lines = PIRATES.read_text(encoding="utf-8").splitlines(keepends=True)
    part = tmp_path / "pirates.csv"
    part.write_text("".join(lines[:1] + lines[3000:3200]), encoding="utf-8")
    call_command("load_incidents", str(part), profile="pirates", verbosity=0)
    hijacked = ask("incidents/count/?attr.attack=hijacked")["count"]
    assert hijacked == ask("incidents/count/", event_subtype="hijacking")["count"] > 0
    groups = ask("incidents/aggregate/", by="attr.attack")["results"]
    assert sum(each["count"] for each in groups) == 200
