"""--complete: what the file lacks is withdrawn, after a question when it is much."""

import io
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.management import CommandError

from incidents.ledger.models import Revision
from incidents.models import Incident
from tests.loading.files import event, events, load, outcome, public, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    outcome(write(path, events(10)))
    return path


def test_what_the_file_lacks_is_withdrawn_with_a_reason(path: Path) -> None:
    rows = [*events(8), event(11)]
    assert outcome(write(path, rows), complete=True) == "added 1, changed 0, withdrawn 2, unchanged 8"
    assert set(public()) == {f"ucdp-ged-{number}" for number in (*range(1, 9), 11)}
    tombstone = Revision.objects.get(record_id="ucdp-ged-9", change="withdrawn")
    assert tombstone.reason == "Not in events.csv, loaded as the whole of ucdp-ged."
    assert Incident.objects.filter(public_id="ucdp-ged-9").exists()


def test_what_comes_back_is_added_again(path: Path) -> None:
    outcome(write(path, events(8)), complete=True)
    assert outcome(write(path, events(10)), complete=True) == "added 2, changed 0, withdrawn 0, unchanged 8"


def test_other_datasets_are_not_touched(path: Path, tmp_path: Path) -> None:
    outcome(write(tmp_path / "other.csv", [event(99)]), dataset="other")
    outcome(write(path, events(9)), complete=True)
    assert "ucdp-ged-99" in public()


def test_more_than_a_fifth_is_asked_about_and_no_answer_writes_nothing(path: Path) -> None:
    write(path, events(7))
    question = "3 of 10 published records (30 %) are not in the file and would be withdrawn. Withdraw them?"
    with pytest.raises(CommandError) as caught:
        load(path, complete=True)
    assert str(caught.value) == f"{question} There is no terminal to answer on; use --yes."
    assert len(public()) == 10
    assert outcome(path, complete=True, yes=True) == "added 0, changed 0, withdrawn 3, unchanged 7"


@pytest.mark.parametrize(("answer", "left"), [("y\n", 7), ("n\n", 10), ("\n", 10)])
def test_the_answer_decides(path: Path, answer: str, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO(answer)
    terminal.isatty = lambda: True  # type: ignore[method-assign]  # a terminal that is none
    monkeypatch.setattr("sys.stdin", terminal)
    write(path, events(7))
    with nullcontext() if left == 7 else pytest.raises(CommandError, match=r"^Nothing was loaded\.$"):
        load(path, complete=True)
    assert len(public()) == left


def test_a_bad_row_that_is_left_out_is_not_withdrawn(path: Path) -> None:
    rows = [*events(9), event(10, best="many")]
    assert outcome(write(path, rows), complete=True, skip_bad=True) == ("added 0, changed 0, withdrawn 0, unchanged 9")
    assert "ucdp-ged-10" in public()


def test_a_bad_row_without_an_id_leaves_the_file_incomplete(path: Path) -> None:
    with pytest.raises(CommandError, match="1 rows were left out whose id cannot be told"):
        load(write(path, [*events(9), event("")]), complete=True, skip_bad=True)
    assert len(public()) == 10
