"""Whatever publishes from the command line names the records that it makes coarser than what is public."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from incidents.ledger.models import Publication, Revision
from tests.exports.files import ONE, Row, edit, save
from tests.exports.files import load as load_export
from tests.fixtures.rows import fixture
from tests.loading.files import event, load, outcome, write

pytestmark = pytest.mark.django_db

WARNING = (
    "warning: made coarser than published before; the earlier values stay readable in revisions/, changes/, earlier "
    "as_of, releases and copies, until reduced or redacted (docs/editing.md)"
)
MONTH = {"date_prec": 4, "date_start": "2014-05-01 00:00:00.000", "date_end": "2014-05-31 00:00:00.000"}


def test_a_file_that_makes_events_coarser_is_loaded_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    outcome(write(path, [event(1), event(2), event(3)]))
    edition = write(
        path, [event(1, **MONTH), event(2, best=3), event(3, date_start="2014-05-01", date_end="2014-05-02")]
    )

    for dry_run in (True, False):
        lines, _ = load(edition, dry_run=dry_run)
        at = lines.index(f"{WARNING}: 1")
        assert lines[at + 1] == "  ucdp-ged-1: date.end"
        assert not lines[at + 2].startswith("  ")
    assert Publication.objects.count() == 2


def test_a_file_that_makes_events_coarser_reduces_their_history_when_asked_to(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    outcome(write(path, [event(1), event(2)]))
    end = Revision.objects.get(record_id="ucdp-ged-1").content()["date"]["end"]
    day = f'"end":"{end}"'
    assert sum(day in row.document for row in Revision.objects.of("incident")) == 2
    lines, _ = load(write(path, [event(1, **MONTH), event(2)]), reduce="A witness is in danger.")

    assert not [line for line in lines if "coarser" in line]
    reduced = Revision.objects.exclude(reduced=None)
    assert {row.record_id for row in reduced} == {each.record_id for each in reduced.filter(change="redacted")}
    assert reduced.get(change="redacted").reason == "A witness is in danger."
    assert sum(day in row.document for row in Revision.objects.of("incident")) == 1


def test_the_first_twenty_are_named(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    outcome(write(path, [event(number) for number in range(1, 24)]))
    lines, _ = load(write(path, [event(number, **MONTH) for number in range(1, 24)]))

    at = lines.index(f"{WARNING}: 23")
    assert lines[at + 21] == "  … and 3 more (--verbosity 2 lists them)"


def test_a_correction_is_loaded_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    outcome(write(path, [event(1)]))
    lines, _ = load(write(path, [event(1, date_start="2014-05-03", date_end="2014-05-03"), event(2, **MONTH)]))

    assert not [line for line in lines if "coarser" in line]


def test_an_edited_export_that_holds_back_is_loaded_with_a_warning(seed: None, tmp_path: Path) -> None:
    def change(row: Row) -> None:
        if row["id"] == ONE:
            row["disclosure_date"] = "year"

    lines, _ = load_export(edit(save(tmp_path, "incidents.csv"), change))

    at = lines.index(f"{WARNING}: 1")
    assert lines[at + 1].startswith(f"  {ONE}: summary, date.start, date.end, ")
    assert " reports.published_not_before, " in lines[at + 1]


def test_a_fixture_that_holds_back_is_loaded_with_a_warning(seed: None, tmp_path: Path) -> None:
    rows = fixture()
    one = next(row for row in rows if row["fields"].get("public_id") == ONE)
    one["fields"]["date_disclosure"] = "month"
    (tmp_path / "some.json").write_text(json.dumps(rows))
    out = StringIO()
    call_command("loaddata", str(tmp_path / "some.json"), stdout=out)

    lines = out.getvalue().splitlines()
    at = lines.index(f"{WARNING}: 1")
    assert lines[at + 1].startswith(f"  {ONE}: summary, date.start, date.end")


def test_edited_names_are_counted_and_only_less_specific_ones_reduced(seed: None, tmp_path: Path) -> None:
    first, second = sorted(Revision.objects.live().of("source").values_list("record_id", flat=True))[:2]
    before = Revision.objects.live().of("source").documents()

    def change(row: Row) -> None:
        if row["id"] == first:
            row["name"] = "News outlet (name withheld)"
        if row["id"] == second:
            row["name"] = "Gazette"

    path = edit(save(tmp_path, "sources.csv"), change)
    lines, _ = load_export(path, "sources", dry_run=True)
    assert lines[lines.index(f"{WARNING}: 1") + 1] == f"  {first}: name"
    note = "note: other names or titles than published before, or fewer actors or reports: 1; the earlier ones stay"
    assert [line for line in lines if line.startswith(note)]

    load_export(path, "sources", reduce="A witness is in danger.")
    names = [document["name"] for _, document in Revision.objects.of("source").with_content().each_document()]
    assert before[first]["name"] not in names
    assert before[second]["name"] in names
