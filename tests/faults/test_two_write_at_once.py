"""Two loads at once, and a publication during a load: one waits for the other, and both are there as a whole."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.test_loads_are_killed import given_database
from tests.loading.files import event, write
from tests.schema.server import ROOT

ROWS = 400
PUBLISH = """
import django; django.setup()
from incidents import publishing
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory
data, place = DatasetFactory(public_id="by-hand"), LocationFactory(public_id="by-hand-place")
publishing.publish([IncidentFactory(public_id="by-hand-1", dataset=data, location=place)])
"""
LOOK = """
import django; django.setup()
from collections import Counter
from incidents.ledger.models import Head, Publication, Revision
from incidents.models import Incident
incidents = Counter(Revision.objects.filter(kind="incident").values_list("seq", flat=True))
print(sorted(incidents.values()), list(Publication.objects.order_by("seq").values_list("seq", flat=True)),
      Head.objects.get().seq, Incident.objects.count())
"""


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with given_database(tmp_path) as made:
        yield made


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def load(environment: dict[str, str], folder: Path, name: str, first: int) -> subprocess.Popen[str]:
    file = write(folder / f"{name}.csv", [event(number) for number in range(first, first + ROWS)])
    return start(environment, "manage.py", "load_incidents", str(file), "--profile", "ucdp-ged", "--dataset", name)


@pytest.mark.slow
def test_two_loads_at_once_are_both_there(environment: dict[str, str], tmp_path: Path) -> None:
    loads = [load(environment, tmp_path, "one", 1), load(environment, tmp_path, "two", 10_001)]
    results = [ended(each) for each in loads]

    assert [code for code, _ in results] == [0, 0], results
    assert ended(start(environment, "-c", LOOK)) == (0, f"[{ROWS}, {ROWS}] [1, 2] 2 {2 * ROWS}\n")


@pytest.mark.slow
def test_two_loads_of_one_file_at_once_add_its_records_once(environment: dict[str, str], tmp_path: Path) -> None:
    loads = [load(environment, tmp_path, "one", 1) for _ in range(2)]
    results = [ended(each) for each in loads]

    codes = [code for code, _ in results]
    assert 0 in codes
    assert not any("Traceback" in told for _, told in results), results
    assert ended(start(environment, "-c", LOOK)) == (0, f"[{ROWS}] [1] 1 {ROWS}\n")


@pytest.mark.slow
def test_a_publication_during_a_load_and_the_load_are_both_there(environment: dict[str, str], tmp_path: Path) -> None:
    loading = load(environment, tmp_path, "one", 1)
    time.sleep(1)
    publishing = start(environment, "-c", PUBLISH)
    results = [ended(loading), ended(publishing)]

    assert [code for code, _ in results] == [0, 0], results
    assert ended(start(environment, "-c", LOOK)) == (0, f"[1, {ROWS}] [1, 2] 2 {ROWS + 1}\n")
