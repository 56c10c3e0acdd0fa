"""A file that corrects the area of a place moves it; a place that no incident shows any more is not public."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from incidents import publishing
from incidents.ledger.models import Head, Revision
from incidents.models import Incident, Location, PlaceMatch
from tests.loading.files import load, outcome, public
from tests.loading.small import loaded, profile, rows, said

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parents[3] / "shared" / "cases" / "loading"

PLACE = """
[incident.place]
name = "town"
geonames_id = "number"
kind = { constant = "settlement" }
admin1 = "region"
admin2 = "district"
country_code = { constant = "UKR" }
precision = { constant = "settlement" }
"""
HEADER = "n,day,town,number,region,district\n"
NORTH = "1,2024-01-02,Town A,900001,North,Upper\n"
SOUTH = "1,2024-01-02,Town A,900001,South,Lower\n"
OTHER = "2,2024-01-03,Town B,900002,West,Middle\n"


def names() -> set[str]:
    return {each["name"] for each in public("location").values()} - {"UKR"}


def told(folder: Path, text: str, **parts: str) -> str:
    return said(folder, HEADER + text, rest=PLACE, **parts)


def incidents(folder: Path, text: str) -> dict[str, dict[str, Any]]:
    return loaded(folder, HEADER + text, rest=PLACE)


def assert_all_places_are_shown() -> None:
    places = public("location")
    shown = {each["location"]["id"] for each in public().values() if each["location"]["id"]}
    assert set(places) == shown.union(*(places[each]["within"] for each in shown))


def test_a_corrected_area_changes_the_incident_and_leaves_no_place_behind(tmp_path: Path) -> None:
    before = incidents(tmp_path, NORTH + OTHER)
    text = told(tmp_path, SOUTH + OTHER)
    assert text.splitlines()[-1] == "added 0, changed 1, withdrawn 0, unchanged 1"
    after = public()["small-1"]
    assert (after["location"]["admin1"], after["location"]["admin2"]) == ("South", "Lower")
    assert after["location"]["id"] == before["1"]["location"]["id"]
    assert names() == {"Town A", "South", "Lower", "Town B", "West", "Middle"}
    assert "they moved there: 1\n  ukr-north-upper-town-a-900001 (Town A): ukr-south-lower (Lower)" in text
    assert "no published incident is in them any more: 2\n  ukr-north-upper (Upper)\n  ukr-north (North)" in text
    tombstone = Revision.objects.get(record_id="ukr-north", change="withdrawn")
    assert tombstone.reason == "No published incident is in this place any more."
    assert Location.objects.filter(name="Upper").exists()
    assert outcome(rows(tmp_path, HEADER + SOUTH + OTHER), profile=profile(tmp_path, rest=PLACE)).startswith(
        "added 0, changed 0, withdrawn 0"
    )


def test_a_place_moves_back_and_its_area_is_public_again(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    incidents(tmp_path, SOUTH)
    assert incidents(tmp_path, NORTH)["1"]["location"]["admin2"] == "Upper"
    assert names() == {"Town A", "North", "Upper"}


def test_the_area_is_public_again_with_any_incident_in_it(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    incidents(tmp_path, SOUTH)
    incidents(tmp_path, SOUTH + "3,2024-01-02,Town C,900003,North,Upper\n")
    assert names() == {"Town A", "South", "Lower", "Town C", "North", "Upper"}


def test_editors_publish_a_withdrawn_area_with_an_incident(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    incidents(tmp_path, SOUTH)
    incident = Incident.objects.get(public_id="small-1")
    incident.location = Location.objects.get(name="Upper")
    incident.save()
    publishing.publish([incident])
    assert {"Upper", "North"} <= names()


def test_a_place_that_another_row_still_names_stays_public(tmp_path: Path) -> None:
    second = "2,2024-01-02,Town B,900002,North,Upper\n"
    incidents(tmp_path, NORTH + second)
    incidents(tmp_path, SOUTH + second)
    assert names() == {"Town A", "South", "Lower", "Town B", "North", "Upper"}


def test_the_place_that_a_row_left_is_withdrawn(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    text = told(tmp_path, OTHER.replace("2,", "1,", 1))
    assert names() == {"Town B", "West", "Middle"}
    assert (
        "any more: 3\n  ukr-north-upper-town-a-900001 (Town A)\n  ukr-north-upper (Upper)\n  ukr-north (North)" in text
    )


def test_places_of_withdrawn_incidents_are_withdrawn(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH + OTHER)
    path = rows(tmp_path, HEADER + OTHER)
    assert outcome(path, profile=profile(tmp_path, rest=PLACE), complete=True, yes=True) == (
        "added 0, changed 0, withdrawn 1, unchanged 1"
    )
    assert names() == {"Town B", "West", "Middle"}
    assert_all_places_are_shown()


def test_incidents_of_other_files_move_with_the_place(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH + "2,2024-01-03,Town A,900001,North,Upper\n")
    incidents(tmp_path, SOUTH)
    assert {each["location"]["admin1"] for each in public().values()} == {"South"}
    assert_all_places_are_shown()


def test_the_area_that_most_rows_give_wins(tmp_path: Path) -> None:
    second = "2,2024-01-03,Town A,900001,North,Upper\n"
    incidents(tmp_path, NORTH + second)
    text = told(tmp_path, SOUTH + second)
    assert public()["small-1"]["location"]["admin1"] == "North"
    assert "in ukr-north-upper (Upper); in ukr-south-lower (Lower) by the file; most rows or as many have it" in text
    assert_all_places_are_shown()


def test_a_coarser_area_moves_nothing(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    assert "another area" not in told(tmp_path, "1,2024-01-02,Town A,900001,North,\n")
    assert public()["small-1"]["location"]["admin2"] == "Upper"


def test_a_place_that_editors_moved_stays(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH + OTHER)
    town = Location.objects.get(name="Town A")
    town.parent = Location.objects.get(name="Middle")
    town.save()
    text = told(tmp_path, SOUTH)
    assert "in ukr-west-middle (Middle); in ukr-south-lower (Lower) by the file; editors put it there" in text
    town.refresh_from_db()
    assert town.parent is not None
    assert town.parent.name == "Middle"
    assert public()["small-1"]["location"]["admin1"] == "North"  # the edit is not published by the load
    assert "South" not in names()


def test_an_unpublished_edit_of_a_moved_place_stays_unpublished(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    Location.objects.filter(name="Town A").update(remark="Not yet.")
    incidents(tmp_path, SOUTH)
    assert public("location")["ukr-north-upper-town-a-900001"]["remark"] != "Not yet."


def test_a_place_of_another_dataset_stays(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    path = rows(tmp_path, HEADER + SOUTH.replace("1,", "9,", 1))
    lines, _ = load(path, profile=profile(tmp_path, rest=PLACE), dataset="second")
    assert "a file of dataset small put it there" in "\n".join(lines)
    assert {each["location"]["admin1"] for each in public().values()} == {"North"}
    assert_all_places_are_shown()


@pytest.mark.parametrize("edited", [False, True])
def test_a_place_of_an_earlier_version_moves_unless_it_was_edited(tmp_path: Path, *, edited: bool) -> None:
    incidents(tmp_path, NORTH)
    PlaceMatch.objects.update(said={})
    if edited:
        town = Location.objects.get(name="Town A")
        town.created = town.created.replace(year=2020)
        town.save()
    incidents(tmp_path, SOUTH)
    assert public()["small-1"]["location"]["admin1"] == ("North" if edited else "South")


def test_a_place_that_a_gazetteer_lists_stays_and_is_not_withdrawn(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    PlaceMatch.objects.create(key="geonames:900001", location=Location.objects.get(name="Town A"), how="gazetteer")
    assert "no load made it, or a gazetteer lists it" in told(tmp_path, SOUTH)
    PlaceMatch.objects.filter(location__name="Upper").delete()
    text = told(tmp_path, OTHER.replace("2,", "1,", 1))
    assert names() == {"Town B", "West", "Middle", "North", "Upper"}
    assert "withdraw them yourself: 1\n  ukr-north-upper (Upper)" in text


def test_places_inside_a_place_move_with_it(tmp_path: Path) -> None:
    area = PLACE.replace('"settlement"', '"admin2"').replace('admin2 = "district"\n', "")
    loaded(tmp_path, HEADER + "5,2024-01-02,Upper,900005,North,\n", rest=area)
    incidents(tmp_path, NORTH)
    loaded(tmp_path, HEADER + "5,2024-01-02,Upper,900005,South,\n", rest=area)
    documents = public()
    assert {each["location"]["admin1"] for each in documents.values()} == {"South"}
    assert public("location")[documents["small-1"]["location"]["id"]]["within"][1:2] == ["ukr-south"]
    assert_all_places_are_shown()


def test_a_trial_tells_it_and_changes_nothing(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH)
    before, head = names(), Head.objects.get().seq
    lines, _ = load(rows(tmp_path, HEADER + SOUTH), profile=profile(tmp_path, rest=PLACE), dry_run=True)
    text = "\n".join(lines)
    assert "they moved there: 1" in text
    assert "any more: 2" in text
    assert "locations withdrawn 2" in text
    assert (names(), Head.objects.get().seq) == (before, head)
    town = Location.objects.get(name="Town A")
    assert town.parent is not None
    assert town.parent.name == "Upper"


def test_a_load_that_fails_moves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    incidents(tmp_path, NORTH)
    before = names()

    def refuse(*_: object, **__: object) -> None:
        raise publishing.RefusedError("Not today.")

    monkeypatch.setattr(publishing.PublishingSession, "withdraw", refuse)
    with pytest.raises(CommandError, match="Not today"):
        told(tmp_path, SOUTH)
    assert names() == before
    assert not Location.objects.filter(name="South").exists()


def hold_back(number: int, level: str = "admin1") -> None:
    Incident.objects.filter(public_id=f"small-{number}").update(place_disclosure=level)


def test_a_public_place_does_not_move_with_an_incident_that_is_held_back(tmp_path: Path) -> None:
    second = "2,2024-01-02,Town A,900001,{}\n"
    incidents(tmp_path, NORTH + second.format("North,Upper"))
    hold_back(2)
    publishing.publish(Incident.objects.filter(public_id="small-2"))
    text = told(tmp_path, SOUTH + second.format("South,Lower"))
    assert {each["location"]["admin1"] for each in public().values()} == {"North"}
    assert "some hold their place back" in text
    assert "South" not in names()


def test_a_row_that_is_held_back_moves_no_public_place(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH + OTHER)
    hold_back(2)
    publishing.publish(Incident.objects.filter(public_id="small-2"))
    before = public("location")["ukr-north-upper-town-a-900001"]
    incidents(tmp_path, SOUTH.replace("1,", "2,", 1))
    assert public("location")["ukr-north-upper-town-a-900001"] == before


def test_a_row_that_is_left_out_moves_no_public_place(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH + OTHER)
    publishing.withdraw([Incident.objects.get(public_id="small-2")], reason="No incident.")
    before = public("location")["ukr-north-upper-town-a-900001"]
    incidents(tmp_path, SOUTH.replace("1,", "2,", 1))
    assert public("location")["ukr-north-upper-town-a-900001"] == before


def test_the_place_of_an_incident_that_is_held_back_from_now_on_is_not_withdrawn(tmp_path: Path) -> None:
    incidents(tmp_path, NORTH + OTHER)
    hold_back(1)
    text = told(tmp_path, NORTH + OTHER)
    assert public()["small-1"]["location"]["name"] == "North"
    assert {"Town A", "Upper"} <= names()
    assert "withdraw them yourself: 1\n  ukr-north-upper-town-a-900001 (Town A)" in text


@pytest.mark.parametrize("secret", ["Town A", "Upper", "North"])
def test_what_an_incident_holds_back_decides_nothing(tmp_path: Path, secret: str) -> None:
    """A place that only its working record has goes as if it had another; the area that it shows stays."""
    incidents(tmp_path, NORTH + "2,2024-01-02,,,North,\n")
    hidden = Incident.objects.get(public_id="small-2")
    hidden.location, hidden.place_disclosure = Location.objects.get(name=secret), "admin1"
    hidden.save()
    publishing.publish([hidden])
    incidents(tmp_path, OTHER.replace("2,", "1,", 1))
    assert names() == {"Town B", "West", "Middle", "North"}
    assert_all_places_are_shown()


@pytest.mark.skipif(not (CASES / "orphan_a.csv").exists(), reason="the cases of use are not there")
def test_a_corrected_region_of_viina(tmp_path: Path) -> None:
    for name, last in (
        ("orphan_a.csv", "added 1, changed 0, withdrawn 0, unchanged 0"),
        ("orphan_b.csv", "added 0, changed 1, withdrawn 0, unchanged 0"),
    ):
        shutil.copy(CASES / name, tmp_path / name)
        assert outcome(tmp_path / name, profile="viina") == last
        assert_all_places_are_shown()
    assert {each["location"]["admin1"] for each in public().values()} == {"Cherkasy"}
