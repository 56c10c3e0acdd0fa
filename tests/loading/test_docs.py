"""docs/loading.md names every key that a profile can have, and no option that the command has not."""

import re
from pathlib import Path

import pytest

from incidents.loading.profiles import keys, profile, syntax
from incidents.management.commands.bad_addresses import Command as Addresses
from incidents.management.commands.load_incidents import Command
from incidents.management.commands.profile import Command as ProfileCommand

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")


def test_every_key_of_a_profile_is_described() -> None:
    tables = [each for module in (keys, syntax) for each in vars(module).values() if isinstance(each, type)]
    known = [each.model_fields for each in tables if issubclass(each, syntax.Keys)]
    asked = {field.alias or name for fields in known for name, field in fields.items()}
    words = set(re.findall(r"\w+", TEXT))
    assert {name for name in asked if name.isidentifier()} - words == set()


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
        "--encoding",
    }
    assert own <= told


@pytest.mark.parametrize("name", sorted(path.stem for path in profile.SHIPPED.glob("*.toml")))
def test_every_shipped_profile_is_named(name: str) -> None:
    assert f"`{name}`" in TEXT
