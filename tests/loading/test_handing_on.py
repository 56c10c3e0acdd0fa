"""What the parts of a load hand on to each other comes out as it went in."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from incidents.ledger.content import Found, Prepared
from incidents.ledger.prepared_rows import Sheets
from incidents.loading.bulk_rows import RecordMaker
from incidents.loading.errors import BadRow, LoadError, RowFault
from incidents.loading.pipeline.calculator import ParsedRows
from incidents.loading.pipeline.chunk import Drafted, RefusedRow
from incidents.loading.pipeline.worker import LARGE, pack, unpack
from incidents.loading.staging.parsed import ActorRole, IncidentFacts, ReportFacts, staged, unstaged
from incidents.models import Report, Source

FIELDS = {
    "date_start": date(2014, 1, 22),
    "date_end": None,
    "summary": "Пожежа “біля” станції\u2028\x1f",
    "killed_low": 0,
    "killed_best": None,
    "figures_as_coded": True,
    "radius_km": 0.1,
    "targets": ["railway"],
    "extra": {"dyad": "Reds – Blues", "deep": {"b": [1, None, 1e300], "a": -0.5}},
}
REPORTS = (
    ReportFacts("report-1", "agency", "Title", "https://example.org/1", "uk", date(2014, 1, 23)),
    ReportFacts("report-2", "post", "", "", "", None),
)


@pytest.mark.parametrize("point", [None, (48.5, 39.25), (0.0, 0.0)])
def test_facts_are_unsealed_as_they_were_sealed(point: tuple[float, float] | None) -> None:
    facts = IncidentFacts(7, "one-7", FIELDS, "town", point, (ActorRole("reds", "side_a", "confirmed"),), REPORTS)
    row = staged(facts)
    assert unstaged(row.facts, facts.id) == facts
    assert list(unstaged(row.facts, facts.id).fields["extra"]) == ["dyad", "deep"]  # in their order too
    assert (row.day, row.actors, row.reports) == (735255, ("reds",), ("report-1", "report-2"))
    assert row.sources == ("agency", "post")


DRAFTED = Drafted(
    records=Sheets([], packed=False),
    made=["report-2"],
    reports={"report-1": [3, "report-1", None]},
    edited=[],
    unpublished=[],
    added=None,
    number=1,
    samples=['{"id":"one"}'],
    prepared=[Prepared("one", 1, "d1", '{"id":"one"}', Found((735255, 735255, False, None, 0.5), "word :n:test"))],
    before={},
    refused=[RefusedRow(7, "one", "a summary that does not tell “Town”")],
    unchanged=4,
)


def test_what_was_drafted_comes_from_another_process_as_it_was_made() -> None:
    got = pickle.loads(pickle.dumps(DRAFTED, 5))
    assert replace(got, records=DRAFTED.records) == DRAFTED
    assert isinstance(got.prepared[0].found, Found)
    assert isinstance(got.refused[0], RefusedRow)


@pytest.mark.parametrize("size", [1, LARGE - 100, LARGE, 3 * LARGE])
def test_a_parcel_holds_what_was_put_into_it_and_leaves_no_file(tmp_path: Path, size: int) -> None:
    value = ["ї" * size, pickle.PickleBuffer(b"b" * size), 1]
    text, buffer, number = unpack(pack(value, str(tmp_path)))
    assert (text, bytes(buffer), number) == ("ї" * size, b"b" * size, 1)
    assert not list(tmp_path.iterdir())
    assert unpack(pack("ї" * size, str(tmp_path))) == "ї" * size


def test_a_directory_without_room_is_told(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"gone does not take the load's temporary files: No such file.* Set TMPDIR"):
        pack("ї" * LARGE, str(tmp_path / "gone"))


@pytest.mark.parametrize("last", [None, BadRow([RowFault(9, "day", "x", "a date")], "nine")])
def test_what_was_planned_comes_from_another_process_as_it_was_made(last: BadRow | None) -> None:
    facts = IncidentFacts(7, "one-7", FIELDS, "town", (48.5, 39.25), (), REPORTS)
    planned = ParsedRows([(staged(facts), "said"), *([last] if last else [])], [("a remark", 7)])
    got: ParsedRows = pickle.loads(pickle.dumps(planned, 5))
    assert (got[0][:1], got[1:]) == (planned[0][:1], planned[1:])
    assert isinstance(got, ParsedRows)
    assert getattr(got.rows[-1], "problems", None) == getattr(last, "problems", None)


def test_a_plain_record_has_every_field_and_its_related_records() -> None:
    source = Source(id=5, public_id="agency")
    report = RecordMaker(Report).make({"id": 3, "title": "Title"}, source=source)
    assert (report.id, report.title, report.source, report.source_id) == (3, "Title", source, 5)
    assert (report.relays, report.relays_id, report.url, report.published_on) == (None, None, "", None)
    assert set(Report().__dict__) - {"_state"} <= set(report.__dict__)
