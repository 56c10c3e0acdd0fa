"""Documents name files and packages that exist; docs/architecture.md names every package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = ("incidents/aggregate", "incidents/count", "incidents/cite")
"""Paths of the API, which look like packages."""

NAMED = r"`((?:incidents(?:_api)?|tests)/[\w/.-]*)`"

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


DOCUMENTS = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")} - {ROOT / "CHANGELOG.md"})  # which is history
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_and_package_that_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(NAMED, document.read_text(encoding="utf-8")))
    missing = [name for name in sorted(named) if not (ROOT / name).exists() and not name.startswith(ADDRESSES)]
    assert missing == []


def test_the_documents_name_many() -> None:
    assert len(re.findall(r"`incidents(?:_api)?/[\w/]+\.py`", TEXT)) > 30


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_why_what_it_is_measured_by_and_what_follows(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    parts = re.findall(r"^\*\*(Context|Decision|Figures|Consequences)\.\*\*", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Figures", "Consequences"]


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DECISIONS] == re.findall(r"\((0[\w-]+\.md)\)", listed)


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
