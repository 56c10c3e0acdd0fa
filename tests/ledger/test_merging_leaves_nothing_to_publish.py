"""A merger changes working records and what is public alike, so that publishing them again says nothing new."""

from __future__ import annotations

from datetime import date

import pytest

from incidents import publishing
from incidents.models import Monitoring
from incidents.publishing import RefusedError
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.publishing.test_publish import document

pytestmark = pytest.mark.django_db


def point(record_id: str) -> tuple[float, float]:
    location = document("incident", record_id)["location"]
    return location["latitude"], location["longitude"]


def test_an_incident_moves_to_the_point_of_the_place_that_its_own_was_merged_into() -> None:
    old = LocationFactory(public_id="old", latitude=49.0, longitude=39.0)
    new = LocationFactory(public_id="new", latitude=50.0, longitude=40.0)
    shown = IncidentFactory(public_id="shown", location=old)
    own = IncidentFactory(public_id="own", location=old, latitude=49.5, longitude=39.5)
    publishing.publish([shown, own, new])
    publishing.merge(old, new, reason="The same town.")
    assert (point("shown"), point("own")) == ((50.0, 40.0), (49.5, 39.5))
    assert publishing.publish([shown, own]).seq is None


def test_what_lies_in_a_merged_region_lies_in_its_target() -> None:
    country = LocationFactory(public_id="country", kind="country")
    old = LocationFactory(public_id="old", kind="admin1", name="Old region", parent=country)
    new = LocationFactory(public_id="new", kind="admin1", name="New region", parent=country)
    town = LocationFactory(public_id="town", parent=old)
    incident = IncidentFactory(public_id="one", location=town)
    publishing.publish([incident, new])
    publishing.merge(old, new, reason="The same region.")
    assert document("location", "town")["within"] == ["new", "country"]
    assert document("incident", "one")["location"]["admin1"] == "New region"
    town.refresh_from_db()
    assert publishing.publish([incident, town, new, country]).seq is None


def test_a_place_cannot_go_into_one_that_lies_in_it() -> None:
    region = LocationFactory(public_id="region", kind="admin1")
    town = LocationFactory(public_id="town", parent=region)
    publishing.publish([town])
    with pytest.raises(RefusedError, match=r"town is within region\. Move it out first"):
        publishing.merge(region, town, reason="No.")


def test_a_dataset_watches_the_source_that_another_was_merged_into() -> None:
    old, new, dataset = SourceFactory(public_id="old"), SourceFactory(public_id="new"), DatasetFactory(public_id="data")
    for source, start in ((old, date(2021, 1, 1)), (old, date(2022, 1, 1)), (new, date(2022, 1, 1))):
        Monitoring.objects.create(dataset=dataset, source=source, start=start)
    publishing.publish([dataset])
    with pytest.raises(RefusedError, match="source old cannot be withdrawn: data still shows it"):
        publishing.withdraw([old], reason="Closed.")
    publishing.merge(old, new, reason="The same outlet.")
    watched = [(each["source"], each["start"]) for each in document("dataset", "data")["coverage"]["sources"]]
    assert watched == [("new", "2021-01-01"), ("new", "2022-01-01")]
    assert publishing.publish([dataset]).seq is None


def test_a_source_that_relays_itself_after_a_merger_is_one_source() -> None:
    old, new = SourceFactory(public_id="old"), SourceFactory(public_id="new")
    incident = IncidentFactory(public_id="one", reports=[ReportFactory(source=old, relays=new)])
    publishing.publish([incident])
    publishing.merge(old, new, reason="The same outlet.")
    report = document("incident", "one")["reports"][0]
    assert (report["source"]["id"], report["relays"]["id"]) == ("new", "new")
    assert publishing.publish([incident]).seq is None


def test_a_merger_into_what_is_not_public_changes_nothing() -> None:
    old, new = LocationFactory(public_id="old"), LocationFactory(public_id="new")
    incident = IncidentFactory(public_id="one", location=old)
    publishing.publish([incident])
    with pytest.raises(RefusedError, match="location new is not public, so nothing can be merged into it"):
        publishing.merge(old, new, reason="The same town.")
    incident.refresh_from_db()
    assert (incident.location, document("incident", "one")["location"]["id"]) == (old, "old")


def test_a_merged_record_cannot_be_published_again() -> None:
    old, new = IncidentFactory(public_id="old"), IncidentFactory(public_id="new")
    publishing.publish([old, new])
    publishing.merge(old, new, reason="Told twice.")
    old.editorial_status = "ready"
    old.save()
    with pytest.raises(RefusedError, match=r"incident old was merged into new\. Publish that record instead"):
        publishing.publish([old])
