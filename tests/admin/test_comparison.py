"""What is published against what is being edited, saved or not; looking changes nothing."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.admin.models import LogEntry
from django.db import OperationalError
from django.test import Client
from django.urls import path, reverse
from django.views.generic import View

from incidents import publishing
from incidents.admin.published_differences import compare
from incidents.ledger.models import Head, Publication, Revision
from incidents.models import Claim, Incident
from incidents_api import urls as site_urls
from tests.admin.pages import add_url, change_url, list_url, messages_of, send
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory, ReportFactory

pytestmark = pytest.mark.django_db

urlpatterns = [*site_urls.urlpatterns, path("api/v1/incidents/<str:id>/", View.as_view(), name="incident-detail")]


def compare_url(record: Any) -> str:
    return reverse(f"admin:incidents_{record._meta.model_name}_compare", args=[record.pk])


def changed(response: Any) -> dict[str, tuple[list[str], list[str]]]:
    return {
        row.label: ([line.text for line in row.published], [line.text for line in row.working])
        for row in response.context["changed"]
    }


def test_fields_that_differ_stand_side_by_side(editor: Client) -> None:
    report = ReportFactory()
    incident = IncidentFactory(public_id="one", tags=["a", "b"], reports=[report])
    publishing.publish([incident])
    Incident.objects.update(killed_best=2, tags=["b", "c"], injured_low=0)
    Claim.objects.create(incident=incident, report=report, field="killed", value=2)
    claim = (
        f"field: killed; value: 2; stance: asserts; source: {report.source.public_id}; "
        f"report: {report.public_id}; adopted: no"
    )
    response = editor.get(compare_url(incident))
    assert changed(response) == {
        "casualties › killed › best": ([], ["2"]),
        "casualties › injured › low": ([], ["0"]),
        "claims": ([], [claim]),
        "tags": (["a", "b"], ["b", "c"]),
    }
    tags = next(row for row in response.context["changed"] if row.label == "tags")
    assert [line.only_here for line in (*tags.published, *tags.working)] == [True, False, False, True]


def test_looking_writes_nothing(editor: Client) -> None:
    incident = IncidentFactory(editorial_status="draft")
    page = editor.get(compare_url(incident)).content.decode()
    assert "Not published yet." in page
    assert "Its editorial status is not “Ready”" in page
    assert (Head.objects.get().seq, Revision.objects.count(), Publication.objects.count()) == (0, 0, 0)


def test_what_did_not_change_is_said_to_be_the_same(editor: Client) -> None:
    incident = IncidentFactory()
    publishing.publish([incident])
    assert "No differences: the published record is up to date." in editor.get(compare_url(incident)).content.decode()


def test_what_cannot_be_published_says_why(editor: Client) -> None:
    incident = IncidentFactory(public_id="one", event_subtype="leaflets")
    page = editor.get(compare_url(incident)).content.decode()
    assert "one – event_subtype: “Leaflets or posters” is a kind of threat, not of armed_attack." in page


def test_a_preview_of_unsaved_words_saves_nothing(editor: Client) -> None:
    incident = IncidentFactory(public_id="one", summary="Old.", editorial_status="draft")
    response = send(editor, change_url(incident), "_preview", summary="New.")
    assert changed(response)["summary"] == ([], ["New."])
    assert Incident.objects.get().summary == "Old."
    assert not Revision.objects.exists()
    assert not LogEntry.objects.exists()
    assert messages_of(response) == []


def test_a_preview_of_a_new_record_adds_nothing(editor: Client) -> None:
    data = {
        "dataset": DatasetFactory(public_id="data").pk,
        "summary": "New.",
        "event_type": "explosion",
        "date_precision": "unknown",
        "location_precision": "unknown",
    }
    response = send(editor, add_url(Incident), "_preview", **data)
    assert changed(response)["summary"] == ([], ["New."])
    assert not Incident.objects.exists()


def test_while_somebody_publishes_the_page_says_to_try_again(editor: Client) -> None:
    incident = IncidentFactory()
    with patch("incidents.publishing.preview", side_effect=OperationalError("locked")):
        response = editor.get(compare_url(incident), {"part": ""})
    assert response.status_code == 503
    assert "probably because somebody is publishing" in response.content.decode()


def test_the_panel_tells_the_history_with_reasons_and_links(editor: Client) -> None:
    incident = IncidentFactory(public_id="one")
    assert "Not published yet." in editor.get(change_url(incident)).content.decode()
    publishing.publish([incident], author="ann")
    publishing.withdraw([incident], reason="Wrong place.", author="ben")
    page = editor.get(change_url(incident)).content.decode()
    assert "Wrong place." in page
    assert reverse("admin:ledger_publication_change", args=[2]) in page
    rows = editor.get(change_url(incident)).context["panel"].revisions
    assert [(row["number"], row["change"], row["author"]) for row in rows] == [
        (2, "withdrawn", "ben"),
        (1, "added", "ann"),
    ]
    assert "withdraw_selected" not in page


@pytest.mark.urls(__name__)
def test_the_panel_links_to_the_public_record_once_the_api_has_it(editor: Client) -> None:
    incident = IncidentFactory(public_id="one")
    assert "/api/v1/incidents/one/" not in editor.get(change_url(incident)).content.decode()
    publishing.publish([incident])
    assert "/api/v1/incidents/one/" in editor.get(change_url(incident)).content.decode()


def test_a_long_history_is_shown_in_part_and_in_full_on_the_other_page(editor: Client) -> None:
    place = LocationFactory()
    for number in range(13):
        place.name = f"Name {number}"
        place.save()
        publishing.publish([place])
    panel = editor.get(change_url(place)).context["panel"]
    assert ([row["number"] for row in panel.revisions], panel.earlier) == (list(range(13, 3, -1)), 3)
    assert len(editor.get(compare_url(place)).context["revisions"]) == 13


def test_lists_go_to_where_a_record_plays_a_part(editor: Client) -> None:
    place = LocationFactory()
    incident = IncidentFactory(location=place)
    page = editor.get(change_url(place))
    text, url = page.context["lists"][0]
    assert (text, url) == ("Incidents here", f"{list_url(Incident)}?location__id__exact={place.pk}")
    assert [row.pk for row in editor.get(url).context["cl"].result_list] == [incident.pk]


def test_lines_in_another_order_are_said_to_be_so() -> None:
    rows = compare({"tags": ["a", "b"], "targets": ["x"]}, {"tags": ["b", "a"], "targets": []})
    assert [(row.label, row.differs, row.reordered) for row in rows] == [
        ("tags", True, True),
        ("targets", True, False),
    ]


def test_an_object_that_is_gone_is_a_row_of_its_own() -> None:
    rows = compare({"parent": {"id": "a", "name": "A"}}, {"parent": None})
    assert [(row.label, row.differs) for row in rows] == [
        ("parent", False),
        ("parent › id", True),
        ("parent › name", True),
    ]
