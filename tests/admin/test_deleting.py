"""What readers see cannot be deleted; it has to be withdrawn first, with a reason."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from incidents import publishing
from incidents.models import Incident, Location
from tests.admin.pages import act, messages_of
from tests.factories import IncidentFactory, LocationFactory

pytestmark = pytest.mark.django_db


def test_a_public_record_is_not_deleted_and_the_message_says_what_to_do(editor: Client) -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident])
    url = reverse("admin:incidents_incident_delete", args=[incident.pk])
    for response in (editor.get(url), editor.post(url, {"post": "yes"})):
        assert messages_of(response)[-1] == (
            "Not deleted: one is public. Withdraw it first, so that readers see the reason."
        )
    assert Incident.objects.filter(pk=incident.pk).exists()


def test_a_withdrawn_record_can_be_deleted(editor: Client) -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident])
    publishing.withdraw([incident], reason="Wrong.")
    editor.post(reverse("admin:incidents_incident_delete", args=[incident.pk]), {"post": "yes"})
    assert not Incident.objects.exists()


def test_one_public_record_among_the_selected_keeps_all_of_them(editor: Client) -> None:
    public, draft = IncidentFactory(public_id="public"), IncidentFactory(public_id="draft")
    publishing.publish([public])
    response = act(editor, "delete_selected", public, draft, post="yes")
    assert messages_of(response) == ["Nothing was deleted, because these are public: public. Withdraw them first."]
    assert Incident.objects.count() == 2


def test_unpublished_records_are_deleted_after_a_confirmation(editor: Client) -> None:
    draft = IncidentFactory()
    assert "Are you sure" in act(editor, "delete_selected", draft).content.decode()
    act(editor, "delete_selected", draft, post="yes")
    assert not Incident.objects.exists()


def test_a_place_that_an_incident_needs_is_protected(editor: Client) -> None:
    place = LocationFactory()
    IncidentFactory(location=place)
    page = editor.get(reverse("admin:incidents_location_delete", args=[place.pk])).content.decode()
    assert "protected related objects" in page
    assert Location.objects.filter(pk=place.pk).exists()
