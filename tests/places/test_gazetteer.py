"""A gazetteer makes places or enriches those there are; what editors corrected stays, and nothing is published."""

import gzip
from pathlib import Path

import pytest
from django.core.management import CommandError

from incidents import publishing
from incidents.ledger.models import Publication, Revision
from incidents.models import Incident, Location, PlaceName
from tests.loading.files import event, outcome
from tests.loading.files import write as write_events
from tests.places.files import LUHANSK, PLACES, REGIONS, TOWN, load_gazetteer, needs_places, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "places.csv", [LUHANSK, TOWN])


def names(place: Location) -> set[str]:
    return set(place.names.values_list("name", flat=True))


def test_places_are_made_with_their_names_and_what_holds_them(path: Path) -> None:
    lines, _ = load_gazetteer(path)
    assert lines[-1] == "added 3, enriched 0, unchanged 0, names added 4"
    town = Location.objects.get(geonames_id=2)
    assert (town.public_id, town.name, town.kind, town.country_code) == (
        "ukr-bilovodsk-2",
        "Bilovods'k",
        "settlement",
        "UKR",
    )
    assert (town.latitude, town.longitude) == (49.2, 39.6)
    assert names(town) == {"Belovodsk", "Біловодськ"}
    assert town.parent
    assert town.parent.parent
    assert (town.parent.public_id, town.parent.kind) == ("ukr-luhansk-oblast", "admin1")
    assert (town.parent.parent.public_id, town.parent.parent.name) == ("ukr", "Ukraine")
    assert not Publication.objects.exists()


def test_loading_again_changes_nothing(path: Path) -> None:
    load_gazetteer(path)
    before = list(Location.objects.order_by("pk").values()), list(PlaceName.objects.order_by("pk").values())
    lines, _ = load_gazetteer(path)
    assert lines[-1] == "added 0, enriched 0, unchanged 2, names added 0"
    assert before == (list(Location.objects.order_by("pk").values()), list(PlaceName.objects.order_by("pk").values()))


def test_what_editors_corrected_stays_and_what_they_took_away_does_not_come_back(path: Path, tmp_path: Path) -> None:
    load_gazetteer(path)
    town = Location.objects.get(geonames_id=2)
    town.name, town.latitude = "Bilovodsk", 49.3
    town.save()
    town.names.filter(name="Belovodsk").delete()
    newer = TOWN | {"latitude": "49.25", "alternatenames": "Belovodsk;Біловодськ;Беловодск"}
    region = LUHANSK | {"name": "Luhanshchyna"}
    lines, _ = load_gazetteer(write(tmp_path / "newer.csv", [region, newer]))
    town.refresh_from_db()
    assert (town.name, town.latitude) == ("Bilovodsk", 49.3)
    assert names(town) == {"Біловодськ", "Беловодск"}
    assert Location.objects.get(geonames_id=1).name == "Luhanshchyna"
    assert lines[-1] == "added 0, enriched 2, unchanged 0, names added 1"
    assert lines[lines.index("note: changed since the gazetteer was last loaded: 1") + 1] == (
        "  ukr-luhansk-oblast: name Luhansk Oblast, the file has Luhanshchyna"
    )
    kept = lines[lines.index("note: kept, because loads or editors have changed them: 1") + 1]
    assert kept == "  ukr-bilovodsk-2: latitude and longitude 49.3, 39.6, the file has 49.25, 39.6"


def test_a_dry_run_tells_and_writes_nothing(path: Path) -> None:
    lines, _ = load_gazetteer(path, dry_run=True)
    assert lines[-2:] == ["dry run: nothing was written", "added 3, enriched 0, unchanged 0, names added 4"]
    assert not Location.objects.exists()


def test_bad_rows_are_told_with_line_and_column_and_stop_the_load(tmp_path: Path) -> None:
    rows = [
        LUHANSK,
        TOWN | {"latitude": "95"},
        TOWN | {"geonameid": "x", "name": ""},
        TOWN | {"countrycode": "QQ"},
        TOWN | {"longitude": ""},
        LUHANSK,
        TOWN | {"geonameid": "9"},
    ]
    path = write(tmp_path / "places.csv", rows)
    with pytest.raises(CommandError, match="Nothing was loaded: 5 rows have errors"):
        load_gazetteer(path)
    assert not Location.objects.exists()
    lines, err = load_gazetteer(path, skip_bad=True)
    assert err.splitlines() == [
        'line 3, latitude: "95", expected degrees from -90 to 90',
        'line 4, geonameid: "x", expected a whole number from 1',
        "line 4, name: nothing, expected a name of at most 200 characters",
        'line 5, countrycode: "QQ", expected the two letters of ISO 3166-1, for example UA',
        "line 6, latitude: nothing, expected both latitude and longitude, or neither",
        'line 7, geonameid: "1", expected an id once; line 2 has it',
    ]
    assert lines[-2:] == ["skipped 5 invalid rows", "added 3, enriched 0, unchanged 0, names added 4"]


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    path.write_text("geonameid,nam,latitude\n1,A,2\n")
    with pytest.raises(CommandError, match=r"lacks columns of a gazetteer: name; did you mean nam.*longitude"):
        load_gazetteer(path)


DUMP = (
    "{id}\t{name}\t{name}\t{other}\t{lat}\t{lon}\t{cls}\t{code}\tUA\t\t{admin1}\t{admin2}\t\t\t5\t\t12\t"
    "Europe/Kyiv\t2024-01-01\n"
)


def dump(path: Path) -> Path:
    rows = [
        {"id": 690791, "name": "Ukraine", "cls": "A", "code": "PCLI", "admin1": "00"},
        {"id": 10, "name": "Kherson", "cls": "A", "code": "ADM1", "admin1": "08"},
        {"id": 11, "name": "Old Kherson", "cls": "A", "code": "ADM1H", "admin1": "08"},
        {"id": 20, "name": 'Beryslav "raion"', "cls": "A", "code": "ADM2", "admin1": "08", "admin2": "6502"},
        {
            "id": 30,
            "name": "Tavriisk",
            "cls": "P",
            "code": "PPL",
            "admin1": "08",
            "admin2": "6502",
            "other": "Таврійськ,Tavriysk",
        },
        {"id": 40, "name": "Dnipro", "cls": "H", "code": "STM", "admin1": "08"},
        {"id": 50, "name": "Balka", "cls": "P", "code": "PPL", "admin1": "99"},
    ]
    text = "".join(DUMP.format(**({"other": "", "lat": 46.6, "lon": 32.6, "admin2": ""} | row)) for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["UA.txt", "UA.txt.gz"])
def test_a_dump_of_geonames_is_read_as_it_is(tmp_path: Path, name: str) -> None:
    admin1 = tmp_path / "admin1CodesASCII.txt"
    admin1.write_text("UA.08\tKherson Oblast\tKherson Oblast\t10\nUA.14\tLuhansk\tLuhansk\t702657\nPL.01\tX\tX\t7\n")
    more = tmp_path / "alternateNamesV2.txt"
    more.write_text(
        "1\t30\tuk\tТаврійськ\t1\t\t\t\t\t\n2\t30\tru\tТаврийск\t\t\t\t1\t\t\n3\t30\tlink\thttps://x\t\t\t\t\t\t\n"
        "4\t30\twkdt\tQ42\t\t\t\t\t\t\n5\t999\tuk\tІнше\t\t\t\t\t\t\n"
    )
    lines, _ = load_gazetteer(dump(tmp_path / name), admin1=admin1, names=more, country=["UKR"])
    assert "note: left out, feature class H: 1" in lines
    assert "note: left out, feature code ADM1H: 1" in lines
    assert "note: areas that no file names, their places stand in what holds them: UA.99 (1)" in lines
    town = Location.objects.get(geonames_id=30)
    chain = [town, *(step for step in (town.parent, town.parent and town.parent.parent) if step)]
    assert [(each.name, each.kind) for each in chain] == [
        ("Tavriisk", "settlement"),
        ('Beryslav "raion"', "admin2"),
        ("Kherson", "admin1"),
    ]
    assert set(town.names.values_list("name", "language", "kind")) == {
        ("Таврійськ", "uk", "variant"),
        ("Таврийск", "ru", "former"),
        ("Tavriysk", "", "variant"),
    }
    assert town.wikidata_id == "Q42"
    assert Location.objects.get(geonames_id=702657).parent == Location.objects.get(kind="country")
    assert Location.objects.get(geonames_id=50).parent == Location.objects.get(kind="country")
    again, _ = load_gazetteer(dump(tmp_path / name), admin1=admin1, names=more, country=["UKR"])
    assert again[-1] == "added 0, enriched 0, unchanged 6, names added 0"


def test_enriching_a_public_place_changes_no_public_byte(path: Path) -> None:
    region = Location.objects.create(public_id="luhansk", name="Luhansk oblast", kind="admin1", country_code="UKR")
    country = Location.objects.create(public_id="ukraine", name="Україна", kind="country", country_code="UKR")
    region.parent = country
    region.save()
    publishing.publish([region])
    before = list(Revision.objects.order_by("pk").values())
    lines, _ = load_gazetteer(path)
    assert list(Revision.objects.order_by("pk").values()) == before
    assert "recognised 1 existing places without a GeoNames id" in lines
    assert any(
        line.startswith("note: 1 of the enriched places are public; readers see the changes when") for line in lines
    )
    region.refresh_from_db()
    assert region.geonames_id == 1
    result = publishing.publish([region])
    assert result.total("changed") == 1


def test_places_of_an_earlier_load_are_recognised_and_get_no_twins(tmp_path: Path) -> None:
    kyiv = {"country": "Ukraine", "iso3": "UKR", "adm_1": "Луганська область", "adm_2": ""}
    belovodsk = kyiv | {"where_coordinates": "Belovodsk town", "latitude": "49.21", "longitude": "39.59"}
    events = write_events(
        tmp_path / "events.csv", [event(1, **belovodsk), event(2, **belovodsk | {"adm_2": "A raion"})]
    )
    outcome(events)
    made = Location.objects.count()
    far = TOWN | {"geonameid": 3, "latitude": "48.1"}
    lines, _ = load_gazetteer(write(tmp_path / "places.csv", [LUHANSK, TOWN, far]))
    towns = Location.objects.filter(geonames_id=2).order_by("pk")
    assert [each.name for each in towns] == ["Belovodsk town", "Belovodsk town"]
    assert Location.objects.count() == made + 1, "the one far away is new"
    assert lines[lines.index("note: several of our places are duplicates; merge them: 1") + 1].startswith(
        "  GeoNames 2 "
    )
    assert outcome(events) == "added 0, changed 0, withdrawn 0, unchanged 2"
    first, second = towns
    publishing.merge(second, first, reason="The same.")
    lines, _ = load_gazetteer(tmp_path / "places.csv")
    assert lines[-1] == "added 0, enriched 0, unchanged 3, names added 0"


def test_a_place_that_could_be_two_of_the_gazetteer_is_neither(tmp_path: Path) -> None:
    region = {"country": "Ukraine", "iso3": "UKR", "adm_1": "Luhansk oblast", "adm_2": ""}
    there = region | {"where_coordinates": "Belovodsk town", "latitude": "49.22", "longitude": "39.6"}
    outcome(write_events(tmp_path / "events.csv", [event(1, **there)]))
    other = TOWN | {"geonameid": 3, "latitude": "49.24"}
    lines, _ = load_gazetteer(write(tmp_path / "places.csv", [LUHANSK, TOWN, other]))
    assert Location.objects.get(name="Belovodsk town").geonames_id is None
    unsure = lines.index("note: ambiguous: several places in the gazetteer match, so none was used: 1")
    assert lines[unsure + 1].endswith("belovodsk-town (Belovodsk town): GeoNames 2, 3")


@pytest.mark.slow
@needs_places
def test_the_real_gazetteer_is_loaded_whole() -> None:
    lines, _ = load_gazetteer(REGIONS, PLACES)
    assert lines[-1].startswith("added 5516, enriched 0, unchanged 0")
    assert Location.objects.filter(name="Ivanivka", kind="settlement").count() == 16
    assert not Location.objects.filter(parent=None).exclude(kind="country").exists()
    capitals = {702658: "Luhansk Oblast", 709717: "Donetsk Oblast", 703448: "Kyiv City", 694423: "Sevastopol City"}
    found = Location.objects.filter(geonames_id__in=capitals).values_list("geonames_id", "parent__name")
    assert dict(found) == capitals
    again, _ = load_gazetteer(REGIONS, PLACES)
    assert again[-1] == "added 0, enriched 0, unchanged 5516, names added 0"


def test_kyiv_alone_is_neither_the_city_nor_the_oblast_around_it(tmp_path: Path) -> None:
    load_gazetteer(REGIONS)
    regions = ("Kiev", "Kiev City", "Kiev Special Republican city", "Київська область", "Kyiv oblast")
    rows = [
        event(number, country="Ukraine", iso3="UKR", adm_1=region, adm_2="", where_coordinates="")
        for number, region in enumerate(regions, start=1)
    ]
    outcome(write_events(tmp_path / "events.csv", rows))
    found = dict(Incident.objects.values_list("public_id", "location__geonames_id"))
    city, oblast = 703447, 703446
    assert found == {
        "ucdp-ged-1": None,
        "ucdp-ged-2": city,
        "ucdp-ged-3": city,
        "ucdp-ged-4": oblast,
        "ucdp-ged-5": oblast,
    }
