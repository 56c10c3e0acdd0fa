"""A document is the same on every database, to the byte: nothing in it is in the order that a database prefers."""

from __future__ import annotations

from datetime import date

import pytest

from incidents import publishing
from incidents.models import Membership, Monitoring, PlaceName
from tests.factories import DatasetFactory, LocationFactory, SourceFactory
from tests.publishing.test_publish import document

pytestmark = pytest.mark.django_db


def test_names_and_memberships_of_a_place_are_in_one_order() -> None:
    place = LocationFactory(public_id="place")
    for name, language in (("b", ""), ("B", ""), ("a", "uk"), ("Z", "en"), ("é", "en"), ("_", "")):
        PlaceName.objects.create(location=place, name=name, language=language)
    for area, start in (("b", date(2022, 1, 1)), ("a", None), ("B", None), ("c", date(1991, 8, 24))):
        Membership.objects.create(location=place, area=area, claimed_by="Somebody", start=start)
    publishing.publish([place])
    shown = document("location", "place")
    assert [each["name"] for each in shown["names"]] == ["B", "_", "b", "Z", "é", "a"]
    assert [each["area"] for each in shown["memberships"]] == ["B", "a", "c", "b"]


def test_watched_sources_of_a_dataset_are_in_one_order() -> None:
    dataset, one, two = DatasetFactory(public_id="data"), SourceFactory(public_id="one"), SourceFactory(public_id="two")
    for source, start in ((two, None), (one, date(2022, 1, 1)), (one, None), (two, date(2020, 1, 1))):
        Monitoring.objects.create(dataset=dataset, source=source, start=start)
    publishing.publish([dataset])
    watched = [(each["source"], each["start"]) for each in document("dataset", "data")["coverage"]["sources"]]
    assert watched == [("one", None), ("one", "2022-01-01"), ("two", None), ("two", "2020-01-01")]
