"""The ledger and the loads can be read by staff."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents import publishing
from incidents.ledger.models import Publication
from incidents.models import Batch, Incident
from tests.admin.pages import change_url, list_url
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory

pytestmark = pytest.mark.django_db


def test_a_publication_lists_its_revisions_with_links_to_what_can_be_edited(viewer: Client) -> None:
    town = LocationFactory(public_id="town")
    incident = IncidentFactory(public_id="one", location=town)
    publishing.publish([incident])
    publishing.withdraw([incident], reason="Wrong.")
    Incident.objects.all().delete()
    first, second = (viewer.get(reverse("admin:ledger_publication_change", args=[seq])) for seq in (1, 2))
    urls = {row.record_id: url for row, url in first.context["revisions"]}
    assert urls["town"] == change_url(town)
    assert urls["one"] is None
    assert "“Wrong.”" in second.content.decode()


def test_a_large_publication_shows_some_and_counts_the_rest(viewer: Client, django_assert_max_num_queries: Any) -> None:
    publishing.publish([LocationFactory() for _ in range(230)])
    url = reverse("admin:ledger_publication_change", args=[1])
    viewer.get(url)
    with django_assert_max_num_queries(10):
        page = viewer.get(url)
    assert (len(page.context["revisions"]), page.context["more"]) == (200, 30)


def test_publications_are_listed_with_what_they_did(viewer: Client) -> None:
    publishing.publish([LocationFactory()], author="ann", message="First places")
    page = viewer.get(list_url(Publication), {"q": "places"}).content.decode()
    assert "location: 1 added" in page


def test_batches_are_listed_with_what_they_did(viewer: Client) -> None:
    Batch.objects.create(
        dataset=DatasetFactory(), file_name="f.csv", profile="p", counts={"added": 3, "skipped": 0}, publication=7
    )
    page = viewer.get(list_url(Batch)).content.decode()
    assert "3 added" in page
    assert "skipped" not in page
    assert reverse("admin:ledger_publication_change", args=[7]) in page


def test_times_are_told_with_their_zone_and_days_as_they_are_written(viewer: Client) -> None:
    publishing.publish([IncidentFactory()])
    Publication.objects.update(published_at=datetime(2026, 11, 24, 21, 7, tzinfo=UTC))

    assert "2026-11-24 21:07 UTC" in viewer.get(list_url(Publication)).content.decode()
