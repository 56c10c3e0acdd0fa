"""Rows are taken many at once, and one at a time where an id is there twice; what comes of it is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from incidents.ledger.models import Revision
from incidents.loading.staging.staging_file import StagingFile
from tests.loading.files import events, load, write


def test_ids_are_noted_together_or_not_at_all() -> None:
    with StagingFile() as staging:
        assert staging.add_ids([("a", 2, "x"), ("b", 3, "y")])
        assert not staging.add_ids([("c", 4, "z"), ("b", 5, "y")])
        assert staging.add_id("c", 4) is None
        assert staging.add_id("b", 5) == (3, "y")  # what was noted first stays
        assert not staging.add_ids([("d", 6, ""), ("d", 7, "")])
        assert staging.add_id("d", 6) is None
        assert staging.add_ids([])


@pytest.mark.django_db
@pytest.mark.parametrize("again", [3, 700])
def test_an_id_that_comes_again_in_another_part_of_the_file_is_told_with_its_line(tmp_path: Path, again: int) -> None:
    rows = events(1200)
    rows[again]["id"] = rows[1]["id"]
    lines, err = load(write(tmp_path / "events.csv", rows), skip_bad=True)
    assert err.splitlines() == [
        f'line {again + 2}, id: "ucdp-ged-2", expected an id that no other row has; line 3 has it too'
    ]
    assert lines[-1] == "added 1199, changed 0, withdrawn 0, unchanged 0"
    assert Revision.objects.filter(kind="incident").count() == 1199
