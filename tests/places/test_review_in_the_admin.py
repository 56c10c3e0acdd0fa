"""Editors find the places that a load made for want of a better one, and correct what one was taken to be."""

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Location, PlaceMatch
from tests.admin.pages import list_url
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db


def test_places_are_listed_by_how_sure_it_is_which_they_are(admin_client: Client) -> None:
    for how in ("new", "ambiguous", "name"):
        PlaceMatch.objects.create(key=f"x-{how}", location=LocationFactory(public_id=how), how=how)
    LocationFactory(public_id="listed", geonames_id=7)
    found = PlaceMatch.objects.create(key="y", location=LocationFactory(public_id="since", geonames_id=8), how="new")
    shown = {
        state: sorted(
            row.public_id for row in admin_client.get(list_url(Location), {"identity": state}).context["cl"].result_list
        )
        for state in ("listed", "new", "ambiguous")
    }
    assert shown == {"listed": ["listed", "since"], "new": ["new"], "ambiguous": ["ambiguous"]}
    page = admin_client.get(reverse("admin:incidents_location_change", args=[found.location.pk]))
    assert f"placematch/?location__id__exact={found.location.pk}" in page.content.decode()
    matches = admin_client.get(list_url(PlaceMatch), {"location__id__exact": found.location.pk})
    assert [row.key for row in matches.context["cl"].result_list] == ["y"]


def test_a_match_is_corrected_there(admin_client: Client) -> None:
    match = PlaceMatch.objects.create(key="x", location=LocationFactory(), how="name")
    better = LocationFactory()
    address = reverse("admin:incidents_placematch_change", args=[match.pk])
    assert admin_client.get(address).status_code == 200
    assert admin_client.post(address, {"location": better.pk}).status_code == 302
    match.refresh_from_db()
    assert match.location == better
