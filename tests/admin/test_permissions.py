"""Whoever may only look is offered nothing to do, and can do nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from incidents import publishing
from incidents.ledger.models import Revision
from incidents.models import Batch, Dataset, Incident, Location, Source
from tests.admin.conftest import LogIn
from tests.admin.pages import act, change_url, list_url
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db
ACTIONS = (
    "mark_as_ready",
    "publish_selected",
    "withdraw_selected",
    "merge_selected",
    "redact_selected",
    "delete_selected",
)


@pytest.mark.parametrize("model", [Incident, Location, Source, Dataset])
def test_a_viewer_sees_no_action(viewer: Client, model: type[Incident]) -> None:
    IncidentFactory()
    page = viewer.get(list_url(model))
    assert page.status_code == 200
    assert 'name="action"' not in page.content.decode()


@pytest.mark.parametrize("action", ACTIONS)
def test_a_viewer_who_sends_an_action_all_the_same_does_nothing(viewer: Client, action: str) -> None:
    incident = IncidentFactory(editorial_status="draft")
    act(viewer, action, incident, number=1, reason="No.", post="yes")
    assert not Revision.objects.exists()
    assert Incident.objects.get().editorial_status == "draft"


def test_a_viewer_sees_the_panel_and_the_comparison_but_no_button(viewer: Client) -> None:
    incident = IncidentFactory()
    publishing.publish([incident])
    page = viewer.get(change_url(incident)).content.decode()
    assert "public r1" in page
    assert "_publish" not in page
    assert "withdraw_selected" not in page
    assert viewer.get(reverse("admin:incidents_incident_compare", args=[incident.pk])).status_code == 200
    assert viewer.post(change_url(incident), {"_publish": "1"}).status_code == 403


def test_whoever_may_not_see_incidents_may_not_compare_them(log_in: LogIn) -> None:
    incident = IncidentFactory()
    url = reverse("admin:incidents_incident_compare", args=[incident.pk])
    assert log_in("nobody").get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_only_a_superuser_is_offered_a_redaction(editor: Client, superuser: Client) -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident])
    assert "redact_selected" not in editor.get(list_url(Incident)).content.decode()
    act(editor, "redact_selected", incident, number=1, reason="No.")
    assert not Revision.objects.filter(change="redacted").exists()
    assert "redact_selected" in superuser.get(list_url(Incident)).content.decode()
    assert "redact_selected" in superuser.get(change_url(incident)).content.decode()


def test_whoever_may_add_but_not_change_saves_and_does_not_publish(log_in: LogIn) -> None:
    adder = log_in("adder", "add", "view")
    url = reverse("admin:incidents_location_add")
    assert "_publish" not in adder.get(url).content.decode()
    assert adder.post(url, {"name": "Town", "kind": "settlement", "_publish": "1"}).status_code in (200, 403)
    assert not Revision.objects.exists()


def test_batches_and_publications_are_read_only_even_for_superusers(superuser: Client) -> None:
    incident = IncidentFactory()
    publishing.publish([incident])
    batch = Batch.objects.create(
        dataset=incident.dataset, file_name="f.csv", profile="p", counts={"added": 1}, publication=1
    )
    for url in (change_url(batch), reverse("admin:ledger_publication_change", args=[1])):
        page = superuser.get(url)
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert superuser.post(url, {}).status_code == 403
        assert superuser.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert superuser.get(reverse("admin:ledger_publication_add")).status_code == 403
