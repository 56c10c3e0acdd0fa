"""Files that are made again after a reduction are consistent: what their incidents show is in them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from incidents import publishing
from incidents.ledger.models import Head
from incidents.models import Incident, Location
from incidents.query.release_lookup import reached
from incidents.releasing.paths import lacking
from incidents.releasing.release import refresh
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory
from tests.releases.making import Quiet, contents, made

pytestmark = pytest.mark.django_db

REASON = "For the safety of people."


@pytest.fixture(params=["", "data"], ids=["everything", "one dataset"])
def name(request: pytest.FixtureRequest, var: Path) -> Any:
    """A release with an incident that is reduced later to an area and an actor that were published after it."""
    data = DatasetFactory(public_id="data")
    town = LocationFactory(public_id="town", name="Town")
    incident = IncidentFactory(public_id="one", dataset=data, location=town)
    elsewhere = IncidentFactory(public_id="other", location=LocationFactory(public_id="village", name="Village"))
    publishing.publish([incident, elsewhere])
    made("first", dataset=request.param)
    country = LocationFactory(public_id="country", name="Country", kind="country")
    region = LocationFactory(public_id="region", name="Region", kind="admin1", parent=country)
    town.parent = region
    town.save()
    publishing.publish([IncidentFactory(public_id="unrelated", location=LocationFactory(public_id="later"))])
    band = ActorFactory(public_id="band", name="Band", safe_when_generalised=True)
    incident.participations.create(actor=band, role="target", certainty="claimed")
    incident.place_disclosure = "admin1"
    incident.save()
    publishing.publish([incident], reduce_because=REASON)
    publishing.publish([LocationFactory(public_id="last", name="Last")])
    return "first"


def table(var: Path, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(contents(var)[f"first/{file}.csv"].decode())))


def ids(var: Path, file: str) -> list[str]:
    return [row["id"] for row in table(var, file)]


def test_areas_and_actors_that_reduced_incidents_show_are_in_the_files(name: str, var: Path) -> None:
    assert refresh(name, Quiet())
    assert ids(var, "locations")[-2:] == ["country", "region"]
    assert not {"later", "last"} & set(ids(var, "locations"))
    assert ids(var, "actors") == ["band"]
    places = set(ids(var, "locations"))
    assert {row["location_id"] for row in table(var, "incidents")} - {""} <= places
    assert {row["parent_id"] for row in table(var, "locations")} - {""} <= places
    drawn = json.loads(contents(var)["first/locations.geojson"])["features"]
    assert {feature["properties"]["id"] for feature in drawn} == places


def test_the_description_names_what_was_added(name: str, var: Path) -> None:
    refresh(name, Quiet())
    said = "published later (locations.csv: country, region; actors.csv: band); they are at the end of their files."
    package = json.loads(contents(var)["first/datapackage.json"])
    assert said in package["description"]
    assert said in contents(var)["first/README.md"].decode()
    assert f"| locations | {len(ids(var, 'locations'))} |" in contents(var)["first/README.md"].decode()


def test_a_release_without_reduced_records_says_nothing_of_it(world: Any, var: Path) -> None:
    made("first")
    assert "published later" not in contents(var)["first/README.md"].decode()


def test_rebuilt_files_are_made_again_byte_for_byte(name: str, var: Path) -> None:
    refresh(name, Quiet())
    before = contents(var)
    region = Location.objects.get(public_id="region")
    region.wikidata_id = "Q1"
    region.save()
    publishing.publish([region])
    for path in (var / "releases" / name).glob("*.csv"):
        path.unlink()
    assert refresh(name, Quiet())
    assert contents(var) == before


@pytest.mark.parametrize("how", ["reduced", "published"])
def test_a_reduction_of_an_added_area_reaches_the_files(name: str, var: Path, how: str) -> None:
    refresh(name, Quiet())
    region = Location.objects.get(public_id="region")
    region.wikidata_id = "Q1"
    region.save()
    if how == "reduced":
        publishing.reduce([region], reason=REASON)
    else:
        publishing.publish([region])
    assert refresh(name, Quiet()) == (how == "reduced")
    assert (b"Q1" in contents(var)["first/locations.csv"]) == (how == "reduced")


def test_a_reduction_of_what_the_files_lack_leaves_them_alone(name: str, var: Path) -> None:
    refresh(name, Quiet())
    publishing.reduce([Location.objects.get(public_id="last")], reason=REASON)
    assert not refresh(name, Quiet())


def test_a_release_as_of_before_a_reduction_is_consistent_too(name: str, var: Path) -> None:
    release = made("again", as_of=1)
    assert release.counts["location"] == 4
    assert not lacking("again", release.files)
    assert reached(release) is None
    assert Head.objects.get().redacted == release.redacted
    assert Incident.objects.count() == 3
