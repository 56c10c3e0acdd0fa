"""The form of an incident: what it keeps, what it explains, how its parts are put in order."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents.models import Claim, Incident, IncidentReport, Relation
from tests.admin.pages import add_url, change_url, errors_of, fields_of, messages_of, send
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory, ReportFactory

pytestmark = pytest.mark.django_db


def claim_rows(incident: Incident, **fields: Any) -> dict[str, Any]:
    row = {"field": "killed", "value": "2", "stance": "asserts", "position": "", **fields}
    rows = {f"claims-0-{name}": value for name, value in row.items()}
    return {"claims-TOTAL_FORMS": "1", "claims-INITIAL_FORMS": "0", "claims-0-incident": incident.pk, **rows}


def test_saving_a_form_that_nobody_touched_changes_nothing(editor: Client) -> None:
    incident = IncidentFactory(
        targets=["vehicle", "occupation_official"],
        tags=["railway-war", "with, comma"],
        extra={"origin": [1, None, "ї"]},
        reports=[ReportFactory()],
    )
    Claim.objects.create(incident=incident, report=ReportFactory(), field="count", value="12")
    before = Incident.objects.values().get(), list(Claim.objects.values())
    response = send(editor, change_url(incident))
    assert response.status_code == 302, errors_of(response)
    assert (Incident.objects.values().get(), list(Claim.objects.values())) == before


def test_an_incident_is_added_with_everything_that_has_no_id_yet(editor: Client) -> None:
    dataset, place = DatasetFactory(public_id="data"), LocationFactory()
    data: dict[str, Any] = {
        "dataset": dataset.pk,
        "summary": "Something happened.",
        "event_type": "explosion",
        "date_start": "2022-08-04",
        "date_end": "2022-08-04",
        "date_precision": "day",
        "location": place.pk,
        "location_precision": "settlement",
        "targets": ["railway", "vehicle"],
        "tags": "Railway-War, leaflets",
        "extra": '{"code": 7}',
        "injured_best": "0",
    }
    response = send(editor, add_url(Incident), **data)
    assert response.status_code == 302, errors_of(response)
    made = Incident.objects.get()
    assert (made.public_id, made.targets, made.tags, made.extra) == (
        "data-0001",
        ["railway", "vehicle"],
        ["railway-war", "leaflets"],
        {"code": 7},
    )
    assert (made.killed_best, made.injured_best) == (None, 0)


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"date_start": "04/08/2022"}, "date_start", "Enter a date as year-month-day, for example 2022-08-04."),
        (
            {"date_start": "2022-08-05", "date_end": "2022-08-04"},
            "date_end",
            "The end is before the start (2022-08-05)",
        ),
        ({"date_start": "", "date_end": ""}, "date_precision", "Without a date the precision must be “Unknown”."),
        ({"event_subtype": "leaflets"}, "event_subtype", "is a kind of threat"),
        ({"killed_low": "3", "killed_best": "2"}, "killed_best", "killed_best (2) is less than killed_low (3)"),
        ({"extra": "[1]"}, "extra", "Enter an object"),
        ({"latitude": "91", "longitude": "1"}, "latitude", "less than or equal to 90"),
        ({"latitude": "49"}, "longitude", "Enter both latitude"),
    ],
    ids=lambda each: str(each)[:30],
)
def test_a_mistake_is_explained_where_it_can_be_mended(
    editor: Client, changes: dict[str, str], field: str, told: str
) -> None:
    incident = IncidentFactory()
    response = send(editor, change_url(incident), **changes)
    assert response.status_code == 200
    found = errors_of(response)
    assert told in found[field][0]
    assert sum(len(texts) for texts in found.values()) == 1


def test_targets_keep_their_order_and_new_ones_come_behind(editor: Client) -> None:
    incident = IncidentFactory(targets=["vehicle", "energy", "official"])
    send(editor, change_url(incident), targets=["official", "railway", "vehicle"])
    assert Incident.objects.get().targets == ["vehicle", "official", "railway"]


def test_a_target_that_the_vocabulary_has_not_is_shown_and_can_be_taken_out(editor: Client) -> None:
    incident = IncidentFactory(targets=["old_code", "vehicle"])
    assert fields_of(editor.get(change_url(incident)))["targets"] == ["old_code", "vehicle"]
    assert errors_of(send(editor, change_url(incident)))["targets"][0].startswith("Unknown: old_code")
    assert send(editor, change_url(incident), targets=["vehicle"]).status_code == 302


def test_claims_of_one_report_on_one_field_stand_one_after_the_other(editor: Client) -> None:
    report = ReportFactory()
    incident = IncidentFactory(reports=[report])
    Claim.objects.create(incident=incident, report=report, field="killed", value=1, position=4)
    new: dict[str, Any] = {
        f"claims-{row}-{key}": value
        for row in (1, 2)
        for key, value in {
            "report": report.pk,
            "field": "killed",
            "value": str(row),
            "stance": "asserts",
            "position": "",
        }.items()
    }
    response = send(editor, change_url(incident), **{**new, "claims-TOTAL_FORMS": "3"})
    assert response.status_code == 302, errors_of(response)
    assert list(Claim.objects.order_by("position").values_list("position", "value")) == [(4, 1), (5, 1), (6, 2)]


def test_the_report_of_a_claim_becomes_evidence_and_the_editor_is_told(editor: Client) -> None:
    incident, report = IncidentFactory(), ReportFactory(title="The report")
    response = send(editor, change_url(incident), **claim_rows(incident, report=report.pk))
    assert response.status_code == 302, errors_of(response)
    assert list(IncidentReport.objects.values_list("incident", "report")) == [(incident.pk, report.pk)]
    assert "“The report” was added to the reports, because a claim refers to it." in messages_of(response)


def test_a_change_of_a_part_is_a_change_of_the_incident(editor: Client) -> None:
    incident = IncidentFactory()
    edited = Incident.objects.get().edited
    send(editor, change_url(incident), **claim_rows(incident, report=ReportFactory().pk))
    assert Incident.objects.get().edited > edited


def test_relations_that_others_name_are_shown_from_this_side(editor: Client) -> None:
    whole, part = IncidentFactory(public_id="whole"), IncidentFactory(public_id="part-7")
    Relation.objects.create(incident=part, related=whole, relation="part_of")
    page = editor.get(change_url(whole)).content.decode()
    assert "part-7" in page
    assert "Has part" in page
    assert send(editor, change_url(whole)).status_code == 302
