"""Places that are one are listed until they are merged."""

import io

import pytest
from django.core.management import call_command

from incidents import publishing
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db


def listed() -> list[str]:
    out = io.StringIO()
    call_command("duplicate_places", stdout=out)
    return out.getvalue().splitlines()


def test_places_of_one_id_or_one_name_are_listed_until_they_are_merged() -> None:
    one = LocationFactory(public_id="bakhmut", name="Bakhmut", geonames_id=713174)
    other = LocationFactory(public_id="artemivsk", name="Artemivsk town", geonames_id=713174)
    LocationFactory(public_id="artemivsk-2", name="Артемівськ", parent=None)
    LocationFactory(public_id="elsewhere", name="Artemivsk", parent=one)
    assert listed() == [
        "the same GeoNames id 713174: artemivsk (Artemivsk town), bakhmut (Bakhmut)",
        "the same name in the same area: artemivsk (Artemivsk town), artemivsk-2 (Артемівськ)",
        "groups of possible duplicates: 2",
    ]
    publishing.publish([one, other])
    publishing.merge(other, one, reason="Renamed in 2016.")
    assert listed() == ["groups of possible duplicates: 0"]
