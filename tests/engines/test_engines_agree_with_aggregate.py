"""DuckDB and Spark read a release in parts, and count in it what `aggregate` counts on the server.

Spark needs Java and an environment of its own: `make engines` makes that and runs its test, `make test` leaves it out.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents.ledger.models import IncidentEntry
from tests.engines import on_duckdb, on_spark
from tests.engines.questions import QUESTIONS, Row, in_order, told
from tests.loading.files import REAL, load
from tests.releases.making import made

pytestmark = pytest.mark.django_db

SPARK = os.environ.get("SPARK_PYTHON", "")
EXCERPT = Path(__file__).parents[1] / "loading" / "ucdp_excerpt.csv"


@pytest.fixture
def release(settings: Any, tmp_path: Path) -> Path:
    """A release in parts of the seed and of UCDP GED, the excerpt where the whole file is not at hand."""
    from django.core.management import call_command

    settings.VAR_DIR = tmp_path
    call_command("loaddata", "luhansk_2022", verbosity=0)
    load(REAL if REAL.exists() else EXCERPT)
    made("parted", parted_from=1)
    return tmp_path / "releases" / "parted"


def expected(api: APIClient) -> list[list[Row]]:
    """Return what the server answers to every question."""
    answers = [api.get("/api/v1/incidents/aggregate/", question.parameters) for question in QUESTIONS]
    assert [answer.status_code for answer in answers] == [200] * len(QUESTIONS)
    rows = [told(question, answer.json()) for question, answer in zip(QUESTIONS, answers, strict=True)]
    # So that nothing agrees because there is nothing.
    assert rows[0][0][0] == IncidentEntry.objects.count() > 30
    assert [question for question, found in zip(QUESTIONS, rows, strict=True) if not found] == []
    return rows


def agree(found: list[list[Row]], server: list[list[Row]]) -> None:
    """Fail with the first question that has two answers."""
    for question, theirs, ours in zip(QUESTIONS, found, server, strict=True):
        assert theirs == ours, question


def test_duckdb(release: Path, api: APIClient) -> None:
    agree(on_duckdb.answers(release, QUESTIONS), expected(api))


@pytest.mark.skipif(not SPARK, reason="Spark needs Java and its own environment: make engines")
def test_spark(release: Path, api: APIClient) -> None:
    statements = json.dumps([question.sql(on_spark.TABLES) for question in QUESTIONS])
    command = [SPARK, on_spark.__file__, str(release)]
    asked = subprocess.run(command, input=statements, capture_output=True, text=True, timeout=600, check=False)
    assert asked.returncode == 0, asked.stderr[-4000:]
    agree([in_order(rows) for rows in json.loads(asked.stdout)], expected(api))
