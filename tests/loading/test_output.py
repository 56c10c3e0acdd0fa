"""What a load says: plain lines where nobody watches, a bar on a terminal, and always the same last line."""

import io
from pathlib import Path

import pytest

from incidents.ledger.models import Publication, Revision
from incidents.loading import load_report as reports
from incidents.loading.load_report import LoadReport, Progress
from incidents.models import Batch, Dataset, Incident, Location
from tests.loading.files import event, events, load, write


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "events.csv", events(3), tags=True)


@pytest.mark.django_db
def test_lines_are_plain_where_there_is_no_terminal(path: Path) -> None:
    lines, err = load(path)
    assert err == ""
    assert lines[0] == "note: line 2 is a row of HXL tags, no data"
    assert lines[1].startswith("read 3 rows in ")
    assert lines[2].startswith("places: matched by id 0, by name 0, by point 0, made new 4, ")
    assert lines[3].startswith("wrote 3 rows in ")
    assert lines[4:] == ["added 3, changed 0, withdrawn 0, unchanged 0"]


@pytest.mark.django_db
def test_a_dry_run_shows_everything_and_writes_nothing(path: Path) -> None:
    lines, _ = load(path, dry_run=True)
    assert lines[-2:] == ["dry run: nothing was written", "added 3, changed 0, withdrawn 0, unchanged 0"]
    assert sum(line.startswith("ucdp-ged-") for line in lines) == 3
    lines, _ = load(path, dry_run=True, verbosity=2)
    assert sum('"id": "ucdp-ged-' in line for line in lines) == 3
    for model in (Incident, Location, Dataset, Batch, Revision, Publication):
        assert not model._default_manager.exists()


@pytest.mark.django_db
def test_a_dry_run_of_an_edition_tells_what_it_would_change(path: Path) -> None:
    load(path)
    lines, _ = load(write(path, [event(1, best=3)]), dry_run=True, complete=True)
    assert lines[-1] == "added 0, changed 1, withdrawn 2, unchanged 0"
    assert Revision.objects.live().of("incident").count() == 3


def test_a_terminal_gets_a_bar_with_rate_and_time_left() -> None:
    terminal = Terminal()
    progress = Progress(terminal, "writing", 1000, " rows")
    progress.reach(500)
    progress.close()
    assert "writing:   0%" in terminal.getvalue()
    assert "rows/s" in terminal.getvalue()


def test_a_problem_does_not_tear_the_bar() -> None:
    from incidents.loading.errors import RowFault

    terminal = Terminal()
    report = LoadReport(io.StringIO(), terminal)
    with report.progress("reading", 10):
        report.problem(RowFault(3, "best", "x", "a number"))
    assert 'line 3, best: "x", expected a number\n' in terminal.getvalue()


def test_without_a_terminal_a_line_is_written_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "QUIET_SECONDS", 0)
    stream = io.StringIO()
    progress = Progress(stream, "writing", 1000, " rows")
    progress.reach(250)
    assert stream.getvalue() == "writing: 25 %, about 0 s left\n"


def test_remarks_name_some_lines_or_all_that_are_asked_for() -> None:
    for every_line, told in ((False, "20 and 10 more (--verbosity 2 names them)"), (True, "29, 30")):
        out = io.StringIO()
        report = LoadReport(out, io.StringIO(), every_line=every_line)
        for line in range(1, 31):
            report.note("rows that rhyme", line)
        report.write_remarks()
        assert out.getvalue().startswith("note: rows that rhyme: 30, on lines 1, 2, ")
        assert out.getvalue().endswith(f", {told}\n")
