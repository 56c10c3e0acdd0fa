"""docs/loading.md names every key that a profile can have, and no option that the command has not."""

import re
from pathlib import Path

import pytest

from incidents.loading.profiles import profile
from incidents.loading.profiles.config_reader import Keys
from incidents.management.commands.bad_addresses import Command as Addresses
from incidents.management.commands.load_incidents import Command
from incidents.management.commands.profile import Command as ProfileCommand

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")


def test_every_key_of_a_profile_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    take = Keys.take

    def noting(keys: Keys, name: str, *, required: bool = False) -> object:
        asked.add(name)
        return take(keys, name, required=required)

    monkeypatch.setattr(Keys, "take", noting)
    profile.load("ucdp-ged")
    monkeypatch.undo()
    own = {"violence", "office", "date", "headline", "where_coordinates"}  # names that the profile itself gives
    words = set(re.findall(r"\w+", TEXT))
    assert {name for name in asked if name.isidentifier()} - own - words == set()


def test_every_option_is_described_and_is_one() -> None:
    parsers = [each.create_parser("manage.py", "x") for each in (Command(), ProfileCommand(), Addresses())]
    known = {option for parser in parsers for action in parser._actions for option in action.option_strings}
    told = set(re.findall(r"--[a-z][a-z-]+", TEXT))
    assert told <= known
    own = {
        "--profile",
        "--dataset",
        "--dry-run",
        "--diff",
        "--user",
        "--skip-bad",
        "--complete",
        "--yes",
        "--output",
        "--sheet",
        "--header-line",
    }
    assert own <= told


@pytest.mark.parametrize("name", sorted(path.stem for path in profile.SHIPPED.glob("*.toml")))
def test_every_shipped_profile_is_named(name: str) -> None:
    assert f"`{name}`" in TEXT
