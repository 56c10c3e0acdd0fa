"""docs/architecture.md names files and packages that exist, and every package."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_file_and_package_that_it_names_exists() -> None:
    named = set(re.findall(r"`(incidents(?:_api)?(?:/[\w/]+)?(?:\.py)?)`", TEXT))
    assert len(named) > 50
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_it_names_every_package_of_incidents() -> None:
    helpers = {"management", "migrations", "static", "templates", "templatetags", "codebook"}
    packages = {path.parent.name for path in (ROOT / "incidents").glob("*/__init__.py")} - helpers
    assert {name for name in packages if f"`incidents/{name}`" not in TEXT} == set()


def test_the_walks_are_there() -> None:
    assert re.findall(r"^## (.*)$", TEXT, re.MULTILINE) == [
        "Packages",
        "A request",
        "A row of a file",
        "An edit",
        "A redaction",
    ]
