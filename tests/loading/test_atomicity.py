"""A load that fails, or is killed, leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest

from incidents.ledger.models import Head, Publication, Revision
from incidents.loading.pipeline import writing
from incidents.models import Batch, Dataset, Incident, Location, Report
from tests.loading import kill
from tests.loading.files import events, load, outcome, write

EVERYTHING = (Incident, Location, Dataset, Report, Batch, Revision, Publication)


@pytest.mark.django_db
def test_a_failure_in_the_middle_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save, calls = writing.IncidentWriter._save, 0

    def failing(writer: writing.IncidentWriter, *drafted: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError("the disk is full")
        save(writer, *drafted)

    monkeypatch.setattr(writing.IncidentWriter, "_save", failing)
    path = write(tmp_path / "events.csv", events(1500))
    with pytest.raises(OSError, match="the disk is full"):
        load(path)
    for model in EVERYTHING:
        assert not model._default_manager.exists()
    assert Head.objects.get().seq == 0
    monkeypatch.undo()
    assert outcome(path) == "added 1500, changed 0, withdrawn 0, unchanged 0"


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_nothing_behind(tmp_path: Path) -> None:
    file = write(tmp_path / "events.csv", events(1500))
    database = f"sqlite:///{tmp_path / 'killed.sqlite3'}"
    last = kill.prepare(database, file)
    assert [kill.left_after(database, file, moment) for moment in (last // 2, last - 12, last)] == ["nothing"] * 3
