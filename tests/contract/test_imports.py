"""Code flows one way, and what answers the public sees the ledger alone: in what it imports and in what it reads."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from tests.api.queries import statements
from tests.contract.test_drafts_change_no_public_byte import addresses
from tests.query.world import World, clock

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ("incidents/api", "incidents/query", "incidents/ogc", "incidents/explorer")
WORKING = ("incidents.models", "incidents.admin", "incidents.loading", "incidents.publishing")
HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls", "django.template", "rest_framework")


def imported(folder: str) -> Iterator[tuple[str, str]]:
    """Yield file and module for every import below a folder, those inside functions and for types included."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: a relative import hides where it leads"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                yield str(path.relative_to(ROOT)), name


def breaches(folders: tuple[str, ...], forbidden: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (path, name)
        for folder in folders
        for path, name in imported(folder)
        if any(name == module or name.startswith(f"{module}.") for module in forbidden)
    ]


def test_every_import_contract_is_kept() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert re.search(r"Contracts: [1-9]\d+ kept, 0 broken", run.stdout)


def test_what_answers_the_public_names_no_working_record_anywhere() -> None:
    assert breaches(PUBLIC, WORKING) == []
    assert len(list(imported("incidents/query"))) > 50


def test_models_and_ledger_know_nothing_of_http() -> None:
    assert breaches(("incidents/models", "incidents/ledger"), HTTP) == []


def test_the_manners_of_rest_know_nothing_of_incidents() -> None:
    assert breaches(("incidents_api/rest",), ("incidents", "incidents_api.settings", "incidents_api.urls")) == []


def test_the_ledger_is_written_by_publishing_alone() -> None:
    writers = {path for path, name in imported("incidents") if name.startswith("incidents.ledger.commit.Commit")}
    assert writers == {"incidents/publishing/session.py"}


def test_nothing_that_is_tested_is_imported_by_what_runs() -> None:
    assert breaches(("incidents", "incidents_api"), ("tests", "pytest", "factory", "hypothesis")) == []


@pytest.mark.django_db
def test_every_answer_reads_the_tables_of_the_ledger_alone(api: APIClient) -> None:
    with clock():
        world = World(seed=13)
        publishing.publish([world.incident() for _ in range(30)])
        with statements() as captured:
            for address in addresses(world):
                api.get(f"/api/v1/{address}")
    tables = {
        table
        for sql in captured
        for table in re.findall(r'(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z]\w*)\b(?!\()', sql)
        if not re.search(rf'\bAS "?{table}\b|\b{table} AS (?:MATERIALIZED )?\(', sql)  # names of the statement's own
    }
    assert {"ledger_head", "ledger_revision", "ledger_incidententry", "ledger_locationentry"} <= tables
    assert [table for table in tables if not table.startswith("ledger_")] == []
    assert len(captured) > 300
