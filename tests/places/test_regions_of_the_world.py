"""A region is one place, however files spell it and whichever of its names our record has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from incidents import publishing
from incidents.models import Location
from tests.factories import LocationFactory
from tests.loading.files import event, load, public
from tests.loading.files import write as write_events
from tests.places.files import LUHANSK, load_gazetteer, write

pytestmark = pytest.mark.django_db

ZAPORIZHZHIA = LUHANSK | {"geonameid": 5, "name": "Zaporizhzhia Oblast", "admin1code": "26", "alternatenames": ""}


def events(tmp_path: Path, *places: dict[str, Any], first: int = 1) -> Path:
    """Write an event in each of these regions, without a point."""
    plain = {"country": "Ukraine", "iso3": "UKR", "adm_2": "", "where_coordinates": "", "latitude": "", "longitude": ""}
    rows = [event(number, **(plain | place)) for number, place in enumerate(places, start=first)]
    return write_events(tmp_path / f"events-{first}.csv", rows)


def regions() -> list[str]:
    return list(Location.objects.filter(kind="admin1").order_by("name").values_list("name", flat=True))


def codes() -> set[str]:
    return {document["location"]["admin1"] for document in public().values()}


def test_spellings_of_one_file_are_one_region(tmp_path: Path) -> None:
    spelt = ("Donetsk oblast", "Donets'k", "Донецька область", "Донецкая область")
    load(events(tmp_path, *({"adm_1": name} for name in spelt)))
    assert len(regions()) == 1
    assert len(codes()) == 1


def test_spellings_of_two_files_are_one_region(tmp_path: Path) -> None:
    load(events(tmp_path, {"adm_1": "Zaporizhzhya"}))
    load(events(tmp_path, {"adm_1": "Запорожская область"}, {"adm_1": "Kherson"}, first=5))
    assert regions() == ["Kherson", "Zaporizhzhya"]


@pytest.mark.parametrize("gazetteer_first", [True, False])
def test_a_region_of_a_gazetteer_is_that_of_a_file(tmp_path: Path, *, gazetteer_first: bool) -> None:
    gazetteer, file = write(tmp_path / "regions.csv", [ZAPORIZHZHIA]), events(tmp_path, {"adm_1": "Zaporizhzhya"})
    if gazetteer_first:
        load_gazetteer(gazetteer)
    load(file)
    if not gazetteer_first:
        load_gazetteer(gazetteer)
    (region,) = Location.objects.filter(kind="admin1")
    assert region.geonames_id == 5


def test_a_town_with_a_name_of_a_region_is_no_region(tmp_path: Path) -> None:
    """A further name of a town is one of the names that the region is looked for by."""
    town = LUHANSK | {"geonameid": 9, "name": "Bakhmutivka", "featureclass": "P", "featurecode": "PPL"}
    load_gazetteer(write(tmp_path / "towns.csv", [ZAPORIZHZHIA, town | {"alternatenames": "Донецк;Donets'k"}]))
    load(events(tmp_path, {"adm_1": "Донецкая область"}))
    assert len(regions()) == 2


def test_the_city_and_the_oblast_around_it_stay_two(tmp_path: Path) -> None:
    load(events(tmp_path, {"adm_1": "Kiev City"}, {"adm_1": "Kyivska oblast"}, {"adm_1": "Kyiv Oblast"}))
    assert len(regions()) == 2


def test_a_country_that_is_named_has_its_code(tmp_path: Path) -> None:
    load(events(tmp_path, {"iso3": "", "country": "Україна", "adm_1": "Kherson"}))
    (country,) = Location.objects.filter(kind="country")
    assert country.country_code == "UKR"
    (document,) = public().values()
    assert document["location"]["country"] == "UKR"


def test_a_country_that_was_there_without_a_code_gets_it(tmp_path: Path) -> None:
    file = events(tmp_path, {"iso3": "", "country": "Ukraine", "adm_1": "Kherson"})
    load(file)
    Location.objects.update(country_code="")
    publishing.publish(Location.objects.all())
    assert [each["location"]["country"] for each in public().values()] == [None]
    lines, _ = load(events(tmp_path, {"iso3": "", "country": "Ukraine", "adm_1": "Odesa"}, first=7))
    assert any("had no code and has UKR now" in line for line in lines)
    assert {each["location"]["country"] for each in public().values()} == {"UKR"}


def test_a_name_without_a_country_that_places_in_several_have_is_ambiguous(tmp_path: Path) -> None:
    for code in ("LBN", "LBY"):
        country = LocationFactory(kind="country", name=f"Land {code}", country_code=code)
        LocationFactory(public_id=f"tripoli-{code.lower()}", name="Tripoli", parent=country, country_code=code)
    file = events(tmp_path, {"country": "", "iso3": "", "adm_1": "", "where_coordinates": "Tripoli"})
    lines, _ = load(file)
    assert "ambiguous 1 (made new)" in next(line for line in lines if line.startswith("places: "))
    (document,) = public().values()
    assert document["location"]["id"] not in ("tripoli-lbn", "tripoli-lby")
