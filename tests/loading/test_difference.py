"""What a trial says of the difference to what is published: a digest, and all of it in a file."""

from pathlib import Path

import orjson
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError

from incidents.ledger.models import Publication
from incidents.models import Batch
from tests.loading.files import event, events, load, outcome, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.csv"


def test_every_change_is_told_with_its_fields(path: Path, tmp_path: Path) -> None:
    outcome(write(path, events(20)))
    edition = [event(1, best=3), *(event(number, low=1) for number in range(2, 16)), event(30)]
    file = tmp_path / "diff.ndjson"
    lines, _ = load(write(path, edition), dry_run=True, complete=True, diff=file)
    assert "added 1: ucdp-ged-30" in lines
    assert "withdrawn 5: ucdp-ged-16, ucdp-ged-17, ucdp-ged-18, ucdp-ged-19, ucdp-ged-20" in lines
    assert "changed 15, by field: casualties.killed.low 14, summary 1, casualties.killed.best 1" in lines
    at = lines.index("  ucdp-ged-1")
    assert lines[at + 2] == "    casualties.killed.best: 2 → 3"
    assert "  and 5 more (--diff FILE writes all)" in lines
    written = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    assert [each["change"] for each in written].count("changed") == 15
    assert {"change": "changed", "id": "ucdp-ged-7", "fields": {"casualties.killed.low": [2, 1]}} in written
    assert {"change": "withdrawn", "id": "ucdp-ged-20"} in written
    assert Publication.objects.count() == 1


def test_a_sample_can_be_read(path: Path) -> None:
    lines, _ = load(write(path, events(1)), dry_run=True)
    at = lines.index("ucdp-ged-1: organised_violence / state_based, 2014-05-01 (day)")
    assert lines[at + 2] == (
        "  place    Streltsau town, Streltsau district, Northern Province, RUR (48.1, 37.7; settlement)"
    )
    assert "  killed   low 2, best 2, high 3" in lines
    assert not [line for line in lines if line.startswith("  injured")]


def test_a_load_writes_its_difference_too(path: Path, tmp_path: Path) -> None:
    load(write(path, events(2)), diff=tmp_path / "d")
    assert len((tmp_path / "d").read_bytes().splitlines()) == 2


def test_who_loads_is_in_the_batch_and_the_publication(path: Path) -> None:
    User.objects.create_user("ada")
    load(write(path, events(1)), user="ada")
    publication = Publication.objects.get()
    assert str(Batch.objects.get().loaded_by) == publication.author == "ada"
    assert publication.message == "Load events.csv into ucdp-ged with profile ucdp-ged"
    with pytest.raises(CommandError, match="--user bob: there is no such user"):
        load(path, user="bob")
