"""Spellings of one place, reports in numbered columns, lines that are no rows: read as what they are."""

import tomllib
from pathlib import Path

import pytest

from incidents import world
from incidents.loading.errors import LoadError
from incidents.loading.inspection.inspect import inspect
from incidents.loading.staging.parsed import most_frequent
from incidents.models import Location
from tests.loading.files import load, public
from tests.loading.proposing import proposal_of, written
from tests.loading.small import loaded, said

PLACE = """
[incident.place]
country = "country"
admin1 = "region"
name = "town"
kind = { constant = "settlement" }
precision = { constant = "settlement" }
"""
SPELT = [
    "1,2024-01-02,Libya,,Tripoli",
    "2,2024-01-02,Лівія,,Tripoli",
    "3,2024-01-02,ليبيا,,Trípoli",
    "4,2024-01-02,Lebanon,,Tripoli",
    "5,2024-01-02,Україна,Луганская область,Щастя",
    "6,2024-01-02,Ukraine,Луганська обл.,ЩАСТЯ",
    "7,2024-01-02,Ukraine,Kyiv Oblast,Щастя",
]


@pytest.mark.django_db
@pytest.mark.parametrize("order", [1, -1])
def test_spellings_of_a_country_and_of_a_region_are_one_and_so_is_what_lies_in_them(tmp_path: Path, order: int) -> None:
    text = "\n".join(["n,day,country,region,town", *SPELT[::order], ""])
    found = loaded(tmp_path, text, rest=PLACE)
    places = {number: document["location"]["id"] for number, document in found.items()}
    assert places["1"] == places["2"] == places["3"] != places["4"]
    assert places["5"] == places["6"] != places["7"]
    assert Location.objects.filter(country_code__in=("LBY", "UKR"), kind="country").count() == 2
    assert {found[number]["location"]["country"] for number in "123"} == {"LBY"}
    assert places == {number: each["location"]["id"] for number, each in loaded(tmp_path, text, rest=PLACE).items()}


def test_of_spellings_as_frequent_the_one_in_capitals_does_not_win() -> None:
    assert most_frequent({"ЛУГАНСКАЯ ОБЛАСТЬ": 1, "Луганская область": 1}.items()) == "Луганская область"
    assert most_frequent({"ЛУГАНСКАЯ ОБЛАСТЬ": 2, "Луганская область": 1}.items()) == "ЛУГАНСКАЯ ОБЛАСТЬ"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("RD Congo", "COD"),
        ("DR Congo (Zaire)", "COD"),
        ("Birmania", "MMR"),
        ("Russia (Soviet Union)", "RUS"),
        ("Yemen (North Yemen)", "YEM"),
        ("EEUU", "USA"),
        ("Белоруссия", "BLR"),
        ("السعودية", "SAU"),
        ("قطاع غزة", "PSE"),
    ],
)
def test_countries_by_former_names_and_abbreviations(name: str, code: str) -> None:
    country = world.country_of(name)
    assert country
    assert country.alpha3 == code


@pytest.mark.parametrize("name", ["Луганская обл.", "обл. Луганська", "Luhanska obl.", "ЛУГАНСЬКА ОБЛ"])
def test_regions_by_abbreviations_of_their_kind(name: str) -> None:
    region = world.region_called("UKR", name)
    assert region
    assert region.code == "UA-09"


@pytest.mark.django_db
def test_reports_in_numbered_columns_are_all_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["Consecutivo", "Fecha", "Lugar", "Relato", "Fuente 1", "Enlace 1", "Fuente 2", "Enlace 2"],
        *[
            [number, "2020-02-01", "Cali", f"Quemaron un autobús en la vía, caso {number}", *cells]
            for number, cells in (
                ("1", ["El Diario", "https://example.org/a", "La Hora", "https://example.org/b"]),
                ("2", ["El Diario", "https://example.org/c", "", ""]),
                ("3", ["", "", "La Hora", "https://example.org/d"]),
                ("4", ["", "https://example.org/e", "La Hora", ""]),
                ("5", ["", "", "", ""]),
            )
        ],
    )
    _, text, trial = proposal_of(path)
    assert trial.bad == 0
    (tmp_path / "mine.toml").write_text(text)
    load(path, profile=str(tmp_path / "mine.toml"))
    told = {
        document["id"][-1]: sorted((each["source"]["name"], each["url"]) for each in document["reports"])
        for document in public().values()
    }
    assert told == {
        "1": [("El Diario", "https://example.org/a"), ("La Hora", "https://example.org/b")],
        "2": [("El Diario", "https://example.org/c")],
        "3": [("La Hora", "https://example.org/d")],
        "4": [("La Hora", None), ("Not told", "https://example.org/e")],
        "5": [],
    }


@pytest.mark.django_db
def test_lists_in_json_are_reports(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": 1, "date": "2020-01-01", "text": "A depot burnt down at night", "where": {"name": "Aville"}, '
        '"sources": [{"name": "X", "url": "https://example.org/1"}, {"name": "Y", "url": null}]}\n'
        '{"id": 2, "date": "2020-01-02", "text": "A mill burnt down at night", "sources": []}\n'
    )
    (tmp_path / "mine.toml").write_text(proposal_of(path)[1])
    load(path, profile=str(tmp_path / "mine.toml"))
    assert [(each["source"]["name"], each["url"]) for each in public()["a-1"]["reports"]] == [
        ("X", "https://example.org/1"),
        ("Y", None),
    ]
    assert public()["a-2"]["reports"] == []
    assert public()["a-2"]["extra"] == {}


def test_the_shape_of_a_feature_is_no_kind_of_event(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": '
        '[37.9, 48.5]}, "properties": {"id": 1, "date": "2020-01-01", "text": "A depot burnt down at night"}}]}'
    )
    document = tomllib.loads(proposal_of(path)[1])
    assert document["incident"]["event_type"] == {"constant": "unknown"}
    assert document["file"]["ignored"] == ["geometry.type"]


def test_marks_within_an_address_part_no_lists(tmp_path: Path) -> None:
    links = ["https://example.org/a,b(c);d?x=1|2", "HTTPS://EXAMPLE.ORG/z", "https://example.org/b"]
    path = written(
        tmp_path,
        ["id", "date", "what", "link"],
        *[[str(n), "2024-01-02", f"A fire {n}", link] for n, link in enumerate(links)],
    )
    _, text, trial = proposal_of(path)
    assert "separator" not in tomllib.loads(text)["incident"]["reports"]["lists"][0]
    assert trial.bad == 0


@pytest.mark.django_db
def test_a_headline_alone_is_one_report_whatever_marks_it_has(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "what", "outlets", "links", "headlines"],
        ["1", "2024-01-02", "A fire at a mill", "X; Y", "https://example.org/1; https://example.org/2", "One; Two"],
        ["2", "2024-01-03", "A fire at a shop", "", "", "A headline; with a mark"],
    )
    (tmp_path / "mine.toml").write_text(proposal_of(path)[1])
    load(path, profile=str(tmp_path / "mine.toml"))
    assert [each["title"] for each in public()["a-1"]["reports"]] == ["One", "Two"]
    assert [each["title"] for each in public()["a-2"]["reports"]] == ["A headline; with a mark"]


def test_a_line_of_sums_without_a_word_is_skipped(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "town", "killed", "what"],
        ["1", "2024-01-02", "A", "2", "A fire at a mill"],
        ["2", "2024-01-03", "", "5", ""],
        ["", "", "", "7", ""],
    )
    plan, text, trial = proposal_of(path)
    assert [line for line, _ in plan.seen.lone] == [4]
    assert tomllib.loads(text)["file"]["skip"][0]["when"] == dict.fromkeys(("id", "date", "town", "what"), "^$")
    assert (trial.bad, trial.rows, trial.incidents) == (0, 3, 2)


def test_two_lines_below_the_data_are_skipped_in_a_short_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "Fecha", "Lugar", "Muertos", "Relato"],
        ["1", "2024-01-02", "A", "2", "Quemaron un molino"],
        ["2", "2024-01-03", "B", "3", "Quemaron un molino"],
        ["", "", "TOTAL", "5", ""],
        ["Fuente: elaboración propia", "", "", "", ""],
    )
    assert [line for line, _ in proposal_of(path)[0].seen.lone] == [4, 5]


def test_a_file_without_names_of_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,2020-01-01,Aville,2,A fire at a mill\n2,2020-01-02,Bville,3,A fire at a shop\n")
    with pytest.raises(LoadError, match="the first line holds values and no names of columns"):
        inspect(path)


def test_nobody_takes_part_where_nobody_is_known(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "what", "perpetrator"],
        ["1", "2024-01-02", "A fire at a mill", "Blue Army"],
        ["2", "2024-01-03", "A fire at a shop", "Unknown"],
    )
    actor = tomllib.loads(proposal_of(path)[1])["incident"]["actors"][0]
    assert actor["name"] == {"column": "perpetrator", "missing": ["Unknown"]}


@pytest.mark.django_db
def test_a_place_that_its_id_tells_keeps_its_name_and_the_other_one_is_told(tmp_path: Path) -> None:
    place = """[incident.place]
name = "town"
geonames_id = "number"
kind = { constant = "settlement" }
precision = { constant = "settlement" }"""
    loaded(tmp_path, "n,day,town,number\n1,2024-01-02,Poltava,696643\n", rest=place)
    told = said(tmp_path, "n,day,town,number\n1,2024-01-02,Another,696643\n2,2024-01-02,POLTAVA,696643\n", rest=place)
    assert "places that the file gives by their ids and calls otherwise: 1" in told
    assert "poltava-696643 (Poltava): Another" in told
    assert {each["location"]["name"] for each in public().values()} == {"Poltava"}


@pytest.mark.django_db
def test_a_nested_point_of_geojson_has_the_longitude_first(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": 1, "date": "2020-01-01", "text": "A depot burnt down at night", "place": {"label": "Aville", "point": '
        '{"type": "Point", "coordinates": [37.9, 48.5]}}}\n'
    )
    (tmp_path / "mine.toml").write_text(proposal_of(path)[1])
    load(path, profile=str(tmp_path / "mine.toml"))
    location = public()["a-1"]["location"]
    assert (location["latitude"], location["longitude"]) == (48.5, 37.9)


FAR = """
[incident.place]
name = "town"
kind = { constant = "settlement" }
latitude = "latitude"
longitude = "longitude"
point_of = "POINT_OF"
precision = { constant = "settlement" }
"""


@pytest.mark.django_db
@pytest.mark.parametrize("point_of", ["event", "place"])
def test_rows_of_one_name_that_are_far_apart_are_told(tmp_path: Path, point_of: str) -> None:
    rows = ["1,2024-01-02,Córdoba,-31.42,-64.18", "2,2024-01-02,Córdoba,37.88,-4.77", "3,2024-01-02,Vigo,42.2,-8.7"]
    text = "\n".join(["n,day,town,latitude,longitude", *rows, "4,2024-01-02,Vigo,42.3,-8.6", ""])
    lines = said(tmp_path, text, rest=FAR.replace("POINT_OF", point_of)).splitlines()
    at = next(number for number, line in enumerate(lines) if "more than 100 km apart" in line)
    assert lines[at + 1].strip() == "cordoba (Córdoba): between -31.42, -64.18 and 37.88, -4.77, 9,863 km"
    assert "Vigo" not in "".join(lines)
