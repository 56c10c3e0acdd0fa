"""Our own exports and incidents that are held back: what stands for withheld values is never written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from incidents import publishing
from incidents.ledger.models import Revision
from incidents.models import Actor, Incident, IncidentReport, Relation, Report, Source
from tests.exports.files import Row, edit, load, rows, save
from tests.factories import ReportFactory
from tests.loading.files import public
from tests.publishing.held_back import hidden_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def held_back() -> Incident:
    incident = hidden_incident()
    incident.place_disclosure, incident.date_disclosure = "admin1", "month"
    incident.save()
    publishing.publish([incident])
    return incident


def working(incident: Incident) -> list[Any]:
    """Return what the working records say of an incident, and how many records there are."""
    incident.refresh_from_db()
    fields = {name: value for name, value in incident.__dict__.items() if name not in ("_state", "edited")}
    parts: list[Any] = [sorted(each.values_list()) for each in (incident.participations, incident.evidence)]
    parts.append(sorted(map(str, incident.claims.values_list())))
    return [fields, *parts, Report.objects.count(), Source.objects.count(), Actor.objects.count()]


@pytest.mark.parametrize("ending", ["csv", "ndjson", "geojson", "parquet", "xlsx"])
def test_an_export_that_was_not_edited_writes_nothing(held_back: Incident, tmp_path: Path, ending: str) -> None:
    before, count = working(held_back), Revision.objects.count()
    lines, _ = load(save(tmp_path, f"incidents.{ending}"))
    assert lines[-1] == "added 0, changed 0, withdrawn 0, unchanged 1"
    assert (working(held_back), Revision.objects.count()) == (before, count)


def test_a_cell_that_is_published_as_it_is_can_be_edited(held_back: Incident, tmp_path: Path) -> None:
    before = working(held_back)
    load(edit(save(tmp_path, "incidents.csv"), lambda row: row.update(killed_best="3")))
    assert public()["one"]["casualties"]["killed"]["best"] == 3
    after = working(held_back)
    assert after[1:] == before[1:]
    assert after[0] == before[0] | {"killed_best": 3}


CELLS = {
    "summary": "In other words.",
    "date_start": "2022-08-02",
    "date_remark": "By hand",
    "location_id": "country",
    "location_as_reported": "there",
    "latitude": "48.9",
    "radius_km": "20",
    "location_remark": "By hand",
    "tags": "night",
    "actors": "[]",
    "reports": "[]",
    "claims": "[]",
    "related": '[{"id": "one", "relation": "part_of"}]',
    "extra": '{"a": 1}',
}


@pytest.mark.parametrize("column", CELLS)
def test_a_cell_that_is_published_otherwise_than_recorded_is_refused(
    held_back: Incident, tmp_path: Path, column: str
) -> None:
    before = working(held_back)
    path = edit(save(tmp_path, "incidents.csv"), lambda row: row.update({column: CELLS[column]}))
    with pytest.raises(CommandError) as refused:
        load(path)
    assert f"line 2, {column}: " in refused.value.__notes__[0]
    assert "no edit here: the incident's place or date is coarsened" in refused.value.__notes__[0]
    assert working(held_back) == before


def test_a_cell_of_what_is_in_full_can_be_edited(held_back: Incident, tmp_path: Path) -> None:
    held_back.date_disclosure = "full"
    held_back.save()
    publishing.publish([held_back])
    load(edit(save(tmp_path, "incidents.csv"), lambda row: row.update(date_end="2022-08-06")))
    assert public()["one"]["date"]["end"] == "2022-08-06"


def test_a_row_cannot_lift_a_level_and_write_what_stood_for_the_rest(held_back: Incident, tmp_path: Path) -> None:
    change = {"disclosure_place": "full", "disclosure_date": "full", "summary": "In other words."}
    with pytest.raises(CommandError):
        load(edit(save(tmp_path, "incidents.csv"), lambda row: row.update(change)))
    before = working(held_back)
    load(edit(save(tmp_path, "incidents.csv"), lambda row: row.update(disclosure_place="full", disclosure_date="full")))
    assert public()["one"]["summary"] == "Shots in the hills."
    assert working(held_back)[1:] == before[1:]


def test_a_row_cannot_hold_back_and_edit_what_is_withheld_then(tmp_path: Path) -> None:
    incident = hidden_incident()
    publishing.publish([incident])
    before = working(incident)
    change = {"disclosure_date": "year", "tags": "night"}
    with pytest.raises(CommandError) as refused:
        load(edit(save(tmp_path, "incidents.csv"), lambda row: row.update(change)))
    assert "line 2, tags: " in refused.value.__notes__[0]
    assert working(incident) == before


def test_a_generalised_row_is_no_new_record(held_back: Incident, tmp_path: Path) -> None:
    def change(row: Row) -> None:
        row.update(id="two", revision="", related="")

    path = edit(save(tmp_path, "incidents.csv"), change)
    with pytest.raises(CommandError) as refused:
        load(path)
    assert 'line 2, disclosure_place: "admin1", expected full' in refused.value.__notes__[0]
    assert not Incident.objects.filter(public_id="two").exists()
    assert not Report.objects.filter(public_id="report-1").exists()


def test_an_edit_of_relations_keeps_those_to_incidents_that_are_held_back(held_back: Incident, tmp_path: Path) -> None:
    others = [
        Incident.objects.create(
            public_id=name, dataset=held_back.dataset, summary="Shots.", event_type="battle", editorial_status="ready",
            date_precision="unknown", location_precision="unknown",
        )
        for name in ("two", "three")
    ]  # fmt: skip
    IncidentReport.objects.create(incident=others[0], report=ReportFactory())
    for other in (held_back, others[1]):
        Relation.objects.create(incident=others[0], related=other, relation="part_of")
    publishing.publish(others)
    path = save(tmp_path, "incidents.csv", "?id=two")
    assert '"three"' in rows(path.read_bytes())[0]["related"]
    load(edit(path, lambda row: row.update(related="")))
    assert [each.related.public_id for each in Relation.objects.all()] == ["one"]
