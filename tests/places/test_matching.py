"""The places of a file are those we have, by id, by name in any script, by point; what is ambiguous is told."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from incidents.models import Incident, Location, PlaceMatch
from tests.loading.files import event, load, public
from tests.loading.files import write as write_events
from tests.places.files import LUHANSK, TOWN, load_gazetteer, write

pytestmark = pytest.mark.django_db

IN_LUHANSK: dict[str, Any] = {"country": "Ukraine", "iso3": "UKR", "adm_1": "Luhansk oblast", "adm_2": ""}
DONETSK = LUHANSK | {"geonameid": 7, "name": "Donetsk Oblast", "admin1code": "05", "alternatenames": "Донецька область"}
SEVERODONETSK = TOWN | {
    "geonameid": 691999,
    "name": "Siverskodonetsk",
    "latitude": "48.94414",
    "longitude": "38.48754",
    "alternatenames": "Severodonetsk;Sievierodonetsk;Сєвєродонецьк;Северодонецк;Сіверськодонецьк",
}
IVANIVKA = TOWN | {"name": "Ivanivka", "alternatenames": "Ивановка;Іванівка"}
IVANIVKAS = [
    IVANIVKA | {"geonameid": 31, "latitude": "48.24306", "longitude": "38.945"},
    IVANIVKA | {"geonameid": 32, "latitude": "49.1", "longitude": "39.0"},
    IVANIVKA | {"geonameid": 33, "latitude": "48.70438", "longitude": "37.51691", "admin1code": "05"},
]
PROFILE = Path(__file__).with_name("places.toml")


@pytest.fixture(autouse=True)
def known(tmp_path: Path) -> None:
    load_gazetteer(write(tmp_path / "places.csv", [LUHANSK, DONETSK, TOWN, SEVERODONETSK, *IVANIVKAS]))


def events(tmp_path: Path, *places: dict[str, Any]) -> Path:
    """Write an event at each of these places, without a point unless one is given."""
    nowhere = {"latitude": "", "longitude": ""}
    rows = [event(number, **(IN_LUHANSK | nowhere | place)) for number, place in enumerate(places, start=1)]
    return write_events(tmp_path / "events.csv", rows)


def matched() -> list[int | None]:
    """Return the GeoNames ids of the places of all incidents."""
    places = Incident.objects.order_by("public_id").values_list("location__geonames_id", flat=True)
    return list(places)


def found(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith("places: "))


@pytest.mark.parametrize("region", ["Luhansk Oblast", "Luhansk oblast", "Луганська область", "ЛУГАНСКАЯ ОБЛАСТЬ"])
@pytest.mark.parametrize("name", ["Severodonetsk town", "SIEVIERODONETSK", "Сєвєродонецьк", "Siverskodonets’k"])
def test_a_place_is_found_by_any_of_its_names_in_the_region(tmp_path: Path, region: str, name: str) -> None:
    lines, _ = load(events(tmp_path, {"adm_1": region, "where_coordinates": name}))
    assert matched() == [691999]
    assert "made new 0, ambiguous 0 (made new)" in found(lines)
    assert public()["ucdp-ged-1"]["location"]["admin1"] == "Luhansk Oblast"


def test_a_place_in_another_region_is_another_place(tmp_path: Path) -> None:
    load(events(tmp_path, {"adm_1": "Donetsk Oblast", "where_coordinates": "Severodonetsk"}))
    assert matched() == [None]


def test_what_could_be_two_places_is_neither_and_told(tmp_path: Path) -> None:
    lines, _ = load(events(tmp_path, {"where_coordinates": "Ivanivka village"}))
    assert matched() == [None]
    told = lines.index("note: ambiguous places; each became one of its own, could be: 1")
    assert lines[told + 1] == (
        "  ukr-luhansk-oblast-ivanivka-village (Ivanivka village): "
        "ukr-ivanivka-31 (Ivanivka, Luhansk Oblast, GeoNames 31); "
        "ukr-ivanivka-32 (Ivanivka, Luhansk Oblast, GeoNames 32)"
    )
    again, _ = load(tmp_path / "events.csv")
    assert found(again).endswith("known already 3 (of them 1 ambiguous still)")
    assert again[-1] == "added 0, changed 0, withdrawn 0, unchanged 1"


def test_the_only_one_of_them_that_lies_near_is_it(tmp_path: Path) -> None:
    near = {"latitude": "48.25", "longitude": "38.9"}
    load(events(tmp_path, {"where_coordinates": "Ивановка", **near}))
    assert matched() == [31]
    location = public()["ucdp-ged-1"]["location"]
    assert (location["id"], location["latitude"]) == ("ukr-ivanivka-31", 48.25), "the event keeps the file's own point"


def test_one_of_that_name_far_from_where_the_file_has_it_is_not_it(tmp_path: Path) -> None:
    lines, _ = load(events(tmp_path, {"where_coordinates": "Severodonetsk", "latitude": "49.5", "longitude": "39.5"}))
    assert matched() == [None]
    told = lines.index("note: places like none so named, all too far away; each became one of its own: 1")
    assert "GeoNames 691999, 96." in lines[told + 1]


def test_a_place_that_no_name_tells_is_the_nearest_within_half_a_kilometre(tmp_path: Path) -> None:
    near = {"where_coordinates": "Lisichansk-3", "latitude": "48.946", "longitude": "38.489"}
    further = {"where_coordinates": "Smolyaninovo", "latitude": "48.954", "longitude": "38.489"}
    lines, _ = load(events(tmp_path, near, further))
    assert matched() == [691999, None]
    told = lines.index("note: places matched by their point alone: 1")
    assert "GeoNames 691999, 0.2 km away" in lines[told + 1]


def test_a_place_that_only_a_file_knows_is_found_in_its_very_area_alone(tmp_path: Path) -> None:
    place = {"where_coordinates": "Nove", "adm_2": "A raion"}
    load(events(tmp_path, place))
    elsewhere = place | {"adm_2": ""}
    spelt_otherwise = place | {"where_coordinates": "Нове"}
    load(events(tmp_path, place, elsewhere, spelt_otherwise))
    ids = Incident.objects.order_by("public_id").values_list("location__public_id", flat=True)
    in_raion = "ukr-luhansk-oblast-a-raion-nove"
    assert list(ids) == [in_raion, "ukr-luhansk-oblast-nove", in_raion]


def test_loading_again_gives_the_same_whatever_was_learned_since(tmp_path: Path) -> None:
    path = events(tmp_path, {"where_coordinates": "Severodonetsk"}, {"where_coordinates": "Ivanivka"})
    load(path)
    before = public()
    twin = SEVERODONETSK | {"geonameid": 99, "latitude": "48.95"}
    load_gazetteer(write(tmp_path / "more.csv", [twin]))
    lines, _ = load(path)
    assert lines[-1] == "added 0, changed 0, withdrawn 0, unchanged 2"
    assert public() == before


def test_editors_correct_a_match_and_the_next_load_follows(tmp_path: Path) -> None:
    path = events(tmp_path, {"where_coordinates": "Ivanivka"})
    load(path)
    match = PlaceMatch.objects.get(key="ukr-luhansk-oblast-ivanivka")
    match.location = Location.objects.get(geonames_id=32)
    match.save()
    assert load(path)[0][-1] == "added 0, changed 1, withdrawn 0, unchanged 0"
    assert matched() == [32]


def test_a_place_of_the_gazetteer_moves_into_the_district_that_most_rows_name(tmp_path: Path) -> None:
    here, there = ({"where_coordinates": "Severodonetsk", "adm_2": raion} for raion in ("One raion", "Two raion"))
    path = events(tmp_path, there, here, there)
    lines, _ = load(path)
    assert matched() == [691999] * 3
    assert {each["location"]["admin2"] for each in public().values()} == {"Two raion"}
    assert (
        "note: ukr-siverskodonetsk-691999 is put into ukr-luhansk-oblast-two-raion (2 rows), "
        "though the file also has it in ukr-luhansk-oblast-one-raion (1 rows)"
    ) in lines
    assert load(path)[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 3"
    again, _ = load_gazetteer(tmp_path / "places.csv")
    assert again[-1] == "added 0, enriched 0, unchanged 7, names added 0"


def test_a_place_that_readers_have_seen_does_not_move(tmp_path: Path) -> None:
    load(events(tmp_path, {"where_coordinates": "Severodonetsk"}))
    load(events(tmp_path, {"where_coordinates": "Severodonetsk", "adm_2": "One raion"}))
    assert matched() == [691999]
    assert public()["ucdp-ged-1"]["location"]["admin2"] is None


def own(tmp_path: Path, rows: str, **changes: str) -> list[str]:
    text = PROFILE.read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(f"# {old}", new)
    profile = tmp_path / "places.toml"
    profile.write_text(text, encoding="utf-8")
    path = tmp_path / "rows.csv"
    path.write_text("nr,town,region,gn,wd,own,lat,lon\n" + rows, encoding="utf-8")
    return load(path, profile=str(profile))[0]


def test_an_id_goes_before_any_name(tmp_path: Path) -> None:
    lines = own(
        tmp_path, "1,Ivanivka,Luhansk Oblast,32,,,,\n2,Ivanivka,Luhansk Oblast,31,,,,\n3,X,,,,ukr-bilovodsk-2,,\n"
    )
    assert matched() == [32, 31, 2]
    assert found(lines).startswith("places: matched by id 2, by name 0, by point 0, made new 0, ")


def test_an_id_that_nobody_knows_is_kept_with_the_new_place(tmp_path: Path) -> None:
    own(tmp_path, "1,Nove,Luhansk Oblast,555,Q77,,48.5,38.5\n2,Nove,Luhansk Oblast,556,,,48.6,38.6\n")
    places = Location.objects.filter(name="Nove").order_by("geonames_id")
    assert [(each.geonames_id, each.wikidata_id, each.latitude) for each in places] == [
        (555, "Q77", 48.5),
        (556, "", 48.6),
    ]
    nove = TOWN | {"geonameid": 555, "name": "Nove", "alternatenames": "Нове"}
    lines, _ = load_gazetteer(write(tmp_path / "more.csv", [nove]))
    assert lines[-1] == "added 0, enriched 1, unchanged 0, names added 1"


def test_one_with_another_id_is_another_place_however_alike(tmp_path: Path) -> None:
    own(tmp_path, "1,Belovodsk,Luhansk Oblast,4,,,49.2,39.6\n")
    assert matched() == [4]
    assert Location.objects.get(geonames_id=4).public_id == "ukr-luhansk-oblast-belovodsk-4"


def test_an_id_without_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was loaded: 1 row has errors"):
        own(tmp_path, "1,,Luhansk Oblast,32,,,,\n")


@pytest.mark.parametrize(("match", "expected"), [("none", 0), ("id", 1), ("name", 2), ("point", 3)])
def test_a_profile_says_how_far_to_go(tmp_path: Path, match: str, expected: int) -> None:
    rows = ["1,Other,{},2,,,,", "2,Belovodsk,{},,,,49.2,39.6", "3,Unheard,{},,,,49.21,39.6"]
    text = "".join(f"{row}\n".format("Luhansk Oblast") for row in rows)
    own(tmp_path, text, match=f'match = "{match}"\nmatch_km = 1.5')
    assert Incident.objects.filter(location__public_id="ukr-bilovodsk-2").count() == expected


def test_a_distance_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"incident.place.match_km: has to be a number of kilometres up to 1000"):
        own(tmp_path, "1,A,,,,,,\n", match="match_km = -1")
