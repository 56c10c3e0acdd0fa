"""Editors are told which places of a load no published incident is in any more, and where to withdraw them."""

from __future__ import annotations

import pytest
from django.test import Client

from incidents import publishing
from incidents.ledger.models import Revision
from incidents.models import Incident, Location, PlaceMatch
from tests.admin.pages import act, list_url, messages_of
from tests.factories import IncidentFactory, LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    """An incident at a place that a load made, in an area that a load made, both public."""
    area = LocationFactory(public_id="ruritania", kind="country", name="Ruritania")
    place = LocationFactory(public_id="streltsau", name="Streltsau", parent=area)
    for each in (area, place):
        PlaceMatch.objects.create(key=each.public_id, location=each, how="new")
    made = IncidentFactory(public_id="one", location=place)
    publishing.publish([made])
    return made


def moved(incident: Incident) -> Incident:
    incident.location = LocationFactory(public_id="zenda")
    incident.save()
    return incident


def test_a_place_that_a_publication_empties_is_named_with_a_link(editor: Client, incident: Incident) -> None:
    told = messages_of(act(editor, "publish_selected", moved(incident)))
    offer = next(each for each in told if "No published incident is in" in each)
    assert ">streltsau</a>" in offer
    link = offer.split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert link.startswith(list_url(Location))
    assert "streltsau" in editor.get(link).content.decode()


def test_its_area_is_named_when_the_place_is_withdrawn(editor: Client, incident: Incident) -> None:
    act(editor, "publish_selected", moved(incident))
    place = Location.objects.get(public_id="streltsau")
    told = messages_of(act(editor, "withdraw_selected", place, number=1, reason="Nothing is there."))
    assert any(">ruritania</a>" in each for each in told)
    assert not Revision.objects.live().of("location", ["streltsau"]).exists()


def test_so_it_is_when_the_incident_is_withdrawn_or_merged(editor: Client, incident: Incident) -> None:
    assert publishing.withdraw([incident], reason="Wrong.").emptied == ["streltsau"]


def test_merging_the_last_incident_names_its_place(incident: Incident) -> None:
    other = IncidentFactory(public_id="two", location=LocationFactory(public_id="zenda"), dataset=incident.dataset)
    publishing.publish([other])
    assert publishing.merge(incident, other, reason="The same.").emptied == ["streltsau"]


def test_nothing_is_said_of_places_that_are_shown_or_that_editors_made(incident: Incident) -> None:
    other = IncidentFactory(public_id="two", location=incident.location)
    assert publishing.publish([other]).emptied == []
    assert publishing.publish([moved(other)]).emptied == []
    PlaceMatch.objects.all().delete()
    assert publishing.withdraw([incident], reason="Wrong.").emptied == []


def test_nothing_is_said_where_the_place_is_held_back_from_now_on(incident: Incident) -> None:
    incident.place_disclosure = "country"
    incident.save()
    assert publishing.publish([incident]).emptied == []
