"""Where editors put a place stays where they put it, however often the file is loaded again."""

from pathlib import Path

import pytest

from incidents import publishing
from incidents.models import Incident, Location
from tests.loading.files import event, events, outcome, public, write

pytestmark = pytest.mark.django_db

CORRECTED = (48.2, 37.9)


def point_of(incident: str) -> tuple[float, float]:
    location = public()[incident]["location"]
    return location["latitude"], location["longitude"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    outcome(write(path, [*events(3), event(4, latitude="48.5")]))
    return path


@pytest.fixture
def town(path: Path) -> Location:
    town: Location = Location.objects.get(name="Streltsau town")
    town.latitude, town.longitude = CORRECTED
    town.save()
    publishing.publish([town])
    return town


def test_loading_again_changes_nothing(path: Path, town: Location) -> None:
    assert point_of("ucdp-ged-1") == CORRECTED
    assert outcome(path) == "added 0, changed 0, withdrawn 0, unchanged 4"
    assert point_of("ucdp-ged-1") == CORRECTED
    assert point_of("ucdp-ged-4") == (48.5, 37.7), "an event with a point of its own keeps it"


def test_an_event_that_a_newer_edition_adds_at_the_old_point_is_there_too(path: Path, town: Location) -> None:
    outcome(write(path, [*events(3), event(4, latitude="48.5"), event(5)]))
    assert point_of("ucdp-ged-5") == CORRECTED


def test_an_event_that_a_newer_edition_moves_goes_there(path: Path, town: Location) -> None:
    last = outcome(write(path, [event(1), event(2, latitude="48.6"), event(3), event(4, latitude="48.5")]))
    assert last == "added 0, changed 1, withdrawn 0, unchanged 3"
    assert point_of("ucdp-ged-2") == (48.6, 37.7)


def test_it_stays_where_the_place_was_merged_into_another(path: Path, town: Location) -> None:
    other = Location.objects.create(
        public_id="streltsau", name="Streltsau", kind="settlement", parent=town.parent, latitude=48.3, longitude=37.8
    )
    publishing.publish([other])
    publishing.merge(town, other, reason="The same.")
    before = public()
    assert outcome(path) == "added 0, changed 0, withdrawn 0, unchanged 4"
    assert public() == before
    assert point_of("ucdp-ged-1") == (48.3, 37.8)
    assert Incident.objects.get(public_id="ucdp-ged-1").location == other
