"""What a row becomes: an incident with its place, actors and reports, in working records and in the ledger."""

from pathlib import Path
from typing import Any

import pytest

from incidents.ledger.models import Publication
from incidents.models import Batch, Dataset, Incident, Location, Report
from tests.loading.files import event, events, load, outcome, public, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.csv"


def loaded(path: Path, **cells: Any) -> dict[str, Any]:
    outcome(write(path, [event(1, **cells)]))
    return public()["ucdp-ged-1"]


def test_a_row_becomes_a_public_incident(path: Path) -> None:
    incident = loaded(path)
    assert incident["dataset"] == "ucdp-ged"
    assert (incident["event_type"], incident["event_subtype"]) == ("organised_violence", "state_based")
    assert incident["date"] == {
        "start": "2014-05-01",
        "end": "2014-05-01",
        "precision": "day",
        "remark": None,
        "time": None,
        "time_zone": None,
    }
    assert incident["casualties"] == {
        "killed": {"low": 2, "best": 2, "high": 3},
        "injured": {"low": None, "best": None, "high": None},
    }
    assert incident["summary"] == (
        "Government of Ruritania – Blues, state-based conflict. Deaths, best estimate: 2. "
        "Place: the market of Streltsau."
    )
    assert [(each["source"]["id"], each["published"], each["title"]) for each in incident["reports"]] == [
        ("agency", "2014-05-02", "Two die in Streltsau")
    ]
    assert incident["extra"]["relid"] == "UKR-2014-1-1-1"
    assert incident["extra"]["deaths_civilians"] == 0
    assert incident["licence"] == "CC-BY-4.0"


def test_the_place_lies_in_its_district_region_and_country(path: Path) -> None:
    location = loaded(path)["location"]
    assert location["id"] == "rur-northern-province-streltsau-district-streltsau-town"
    assert (location["admin1"], location["admin2"]) == ("Northern Province", "Streltsau district")
    assert (location["country"], location["kind"]) == ("RUR", "settlement")
    assert (location["latitude"], location["longitude"]) == (48.1, 37.7)
    assert (location["precision"], location["radius_km"]) == ("settlement", 5.0)
    assert location["as_reported"] == "the market of Streltsau"
    assert set(public("location")) == {
        "rur",
        "rur-northern-province",
        "rur-northern-province-streltsau-district",
        "rur-northern-province-streltsau-district-streltsau-town",
    }


@pytest.mark.parametrize(
    ("cells", "place", "precision"),
    [
        ({"where_prec": 3, "where_coordinates": "Streltsau District"}, "admin2", "admin2"),
        ({"where_prec": 4, "adm_2": "", "where_coordinates": "Northern province"}, "admin1", "admin1"),
        ({"where_prec": 5, "adm_1": "", "adm_2": "", "where_coordinates": "The Basin"}, "landscape", "landscape"),
        ({"where_prec": 6, "adm_1": "", "adm_2": "", "where_coordinates": "Ruritania"}, "country", "country"),
        ({"where_prec": 7, "adm_1": "", "adm_2": "", "where_coordinates": "off the coast"}, "sea", "international"),
        ({"where_prec": 2, "where_coordinates": "Streltsau airport"}, "facility", "near_settlement"),
    ],
)
def test_a_coarse_place_is_the_area_itself(path: Path, cells: dict[str, Any], place: str, precision: str) -> None:
    location = loaded(path, **cells)["location"]
    assert (location["kind"], location["precision"]) == (place, precision)


def test_the_sides_are_actors_with_their_parts(path: Path) -> None:
    actors = [(each["id"], each["kind"], each["role"], each["certainty"]) for each in loaded(path)["actors"]]
    assert actors == [
        ("ucdp-actor-61", "government", "belligerent", "coded"),
        ("ucdp-actor-62", "rebel_group", "belligerent", "coded"),
    ]


def test_one_sided_violence_has_a_direction(path: Path) -> None:
    incident = loaded(path, type_of_violence=3, side_b="Civilians", side_b_new_id=9999)
    assert [(each["kind"], each["role"]) for each in incident["actors"]] == [
        ("government", "alleged_perpetrator"),
        ("civilians", "target"),
    ]
    assert incident["targets"] == ["civilians"]


def test_figures_out_of_order_are_kept_as_they_are_coded_and_told(path: Path) -> None:
    lines, _ = load(write(path, [event(1), event(2, low=3), event(3, high=1)]))
    assert "note: rows whose low, best and high are not in order; kept as they are coded: 2, on lines 3, 4" in lines
    assert public()["ucdp-ged-2"]["casualties"]["killed"] == {"low": 3, "best": 2, "high": 3}
    assert set(Incident.objects.filter(figures_as_coded=True).values_list("public_id", flat=True)) == {
        "ucdp-ged-2",
        "ucdp-ged-3",
    }


def test_equal_rows_with_ids_of_their_own_are_incidents_of_their_own(path: Path) -> None:
    assert outcome(write(path, events(5))) == "added 5, changed 0, withdrawn 0, unchanged 0"
    assert Report.objects.count() == 1


def test_a_place_takes_the_point_most_rows_give_it_and_events_keep_theirs(path: Path) -> None:
    rows = [event(1, latitude="48.2"), event(2), event(3)]
    outcome(write(path, rows))
    place = Location.objects.get(name="Streltsau town")
    assert (place.latitude, place.longitude) == (48.1, 37.7)
    assert [public()[f"ucdp-ged-{number}"]["location"]["latitude"] for number in (1, 2, 3)] == [48.2, 48.1, 48.1]
    assert Incident.objects.get(public_id="ucdp-ged-1").latitude == 48.2
    assert Incident.objects.get(public_id="ucdp-ged-2").latitude is None


def test_working_records_hold_what_the_ledger_shows(path: Path) -> None:
    outcome(write(path, events(2)))
    incident = Incident.objects.get(public_id="ucdp-ged-1")
    incident.full_clean()
    assert incident.editorial_status == "ready"
    assert [each.actor.public_id for each in incident.participations.all()] == ["ucdp-actor-61", "ucdp-actor-62"]
    assert [each.report.title for each in incident.evidence.all()] == ["Two die in Streltsau"]
    assert incident.extra["dyad_name"] == "Government of Ruritania - Blues"


def test_a_load_leaves_a_batch_and_a_publication_that_names_the_file(path: Path) -> None:
    outcome(write(path, events(2)))
    batch, publication = Batch.objects.get(), Publication.objects.latest("seq")
    assert (batch.file_name, batch.profile, batch.publication) == ("events.csv", "ucdp-ged", publication.seq)
    assert batch.counts == {"added": 2, "changed": 0, "withdrawn": 0, "unchanged": 0, "skipped": 0}
    assert publication.origin == {
        "file": "events.csv",
        "sha256": batch.file_hash.removeprefix("sha256:"),
        "profile": "ucdp-ged",
    }


def test_the_dataset_is_made_as_the_profile_says_under_the_id_that_is_asked_for(path: Path) -> None:
    outcome(write(path, events(1)), dataset="ruritania")
    dataset = Dataset.objects.get()
    assert (dataset.public_id, dataset.licence) == ("ruritania", "CC-BY-4.0")
    assert "Sundberg" in dataset.citation
    assert public()["ucdp-ged-1"]["dataset"] == "ruritania"


def test_an_existing_dataset_is_left_as_it_is(path: Path) -> None:
    Dataset.objects.create(public_id="ucdp-ged", name="Ours", licence="CC-BY-4.0")
    outcome(write(path, events(1)))
    assert Dataset.objects.get().name == "Ours"
    assert public("dataset")["ucdp-ged"]["name"] == "Ours"


def test_an_existing_country_is_found_by_its_code(path: Path) -> None:
    Location.objects.create(public_id="ruritania", name="Ruritanien", kind="country", country_code="RUR")
    outcome(write(path, events(1)))
    assert Location.objects.get(kind="admin1").parent == Location.objects.get(public_id="ruritania")
    assert set(public("location")) >= {"ruritania"}


def test_an_existing_place_of_that_name_in_that_area_is_that_place(path: Path) -> None:
    country = Location.objects.create(public_id="rur", name="Ruritania", kind="country", country_code="RUR")
    Location.objects.create(public_id="the-north", name="NORTHERN province", kind="admin1", parent=country)
    outcome(write(path, events(1)))
    assert public()["ucdp-ged-1"]["location"]["admin1"] == "NORTHERN province"
    assert not Location.objects.filter(public_id="rur-northern-province").exists()
