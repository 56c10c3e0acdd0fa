"""What an incident hides: its place, the places between it and what is shown, and those around."""

from __future__ import annotations

from datetime import date

import pytest

from incidents.models import Location, PlaceName
from incidents.publishing.revealing_text import Hidden, RevealingText, hidden_by
from tests.factories import IncidentFactory, LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Location:
    """A town in a district of a region, with places around it."""
    region = LocationFactory(name="Region", kind="admin1", latitude=48.9, longitude=38.9)
    district = LocationFactory(name="District", kind="admin2", parent=region, latitude=49.5, longitude=39.5)
    made = LocationFactory(name="Secretville", parent=district, wikidata_id="Q1003")
    PlaceName.objects.create(location=made, name="Секретвіль", language="uk")
    PlaceName.objects.create(location=region, name="Область", language="uk")
    LocationFactory(name="Oldmarket", parent=made, kind="neighbourhood", latitude=None, longitude=None)
    LocationFactory(name="Farwood", parent=district, latitude=50.5)
    LocationFactory(name="Closeham", parent=region, latitude=49.2)
    LocationFactory(name="Distantia", parent=region, latitude=49.4)
    return made


def named(hidden: Hidden, *, nearby: bool) -> set[str]:
    return {each.name for each in hidden.names if each.nearby is nearby}


def test_names_of_the_place_and_of_the_places_around_are_hidden(town: Location) -> None:
    incident = IncidentFactory(location=town, location_as_reported="Sekrettown", place_disclosure="admin1")
    hidden = hidden_by(incident)
    assert named(hidden, nearby=False) == {"Secretville", "Секретвіль", "District", "Sekrettown"}
    assert named(hidden, nearby=True) == {"Oldmarket", "Farwood", "Closeham"}
    assert hidden.public_names == ("Region", "Область")
    assert set(hidden.points) == {(49.0, 39.0), (49.5, 39.5)}
    assert "Q1003" in hidden.codes
    assert (hidden.place, hidden.date, hidden.days) == ("admin1", "full", ())


def test_the_spelling_as_reported_and_the_own_point_are_hidden_without_a_place() -> None:
    incident = IncidentFactory(
        location=None, location_as_reported="Secretville", latitude=49.1, longitude=39.1, place_disclosure="country"
    )
    LocationFactory(name="Closeham")
    hidden = hidden_by(incident)
    assert named(hidden, nearby=False) == {"Secretville"}
    assert named(hidden, nearby=True) == {"Closeham"}
    assert hidden.points == ((49.1, 39.1),)


def test_only_days_are_hidden_if_the_place_is_shown(town: Location) -> None:
    hidden = hidden_by(IncidentFactory(location=town, date_disclosure="month"))
    assert hidden == Hidden(date="month", days=(date(2022, 8, 4), date(2022, 8, 4)))


def test_a_text_is_searched_for_all_of_it(town: Location) -> None:
    incident = IncidentFactory(location=town, place_disclosure="admin1", date_disclosure="year")
    text = "On 4 August, near Closeham in Secretville (Q1003, 49.0, 39.0), Region."
    found = [(each.kind, each.words) for each in RevealingText(hidden_by(incident)).find(text)]
    assert found == [
        ("day", "4 August"),
        ("name", "Closeham"),
        ("name", "Secretville"),
        ("code", "Q1003"),
        ("coordinate", "49.0, 39.0"),
    ]
