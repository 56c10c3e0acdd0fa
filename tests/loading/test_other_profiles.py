"""ACLED, GTD, VIINA's event_info and GeoJSON, with rows made up here: nobody's data but ours."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.loading.files import load, outcome, public

pytestmark = pytest.mark.django_db

ACLED = (  # noqa: SIM905 - as it is in the file
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,"
    "longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
).split(",")
BATTLE = dict(
    zip(
        ACLED,
        [
            "RUR1", "04 August 2022", "2022", "1", "Political violence", "Battles", "Armed clash", "Army of Ruritania",
            "", "State forces", "Blues", "Greens; Reds", "2", "12", "", "804", "Europe", "Ruritania", "North",
            "Streltsau", "", "Streltsau", "48.1", "37.7", "1", "Agency; The Paper", "National", "Two sides fired.", "3",
            "crowd size=no report; local", "1659600000",
        ],
        strict=True,
    )
)  # fmt: skip
VIINA = (  # noqa: SIM905 - likewise
    "viina_version,event_id,event_id_1pd,date,time,geonameid,feature_code,asciiname,ADM1_NAME,ADM1_CODE,ADM2_NAME,"
    "ADM2_CODE,longitude,latitude,GEO_PRECISION,GEO_API,location,address,report_id,source,url,text,lang"
).split(",")
GTD = {
    "eventid": "197001000001", "iyear": "1970", "imonth": "1", "iday": "0", "approxdate": "", "extended": "0",
    "country": "999", "country_txt": "Ukraine", "region": "9", "region_txt": "Europe", "provstate": "Unknown",
    "city": "Unknown", "latitude": "", "longitude": "", "specificity": "5", "vicinity": "-9", "summary": "",
    "attacktype1": "3", "attacktype1_txt": "Bombing/Explosion", "suicide": "1", "targtype1": "19",
    "gname": "Blues", "guncertain1": "1", "claimed": "-9", "nkill": "-99", "nwound": "0", "mood": "x",
}  # fmt: skip


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def test_a_battle_of_acled(path: Path) -> None:
    lines, _ = load(write(path, [BATTLE]), profile="acled")
    assert not [line for line in lines if "not loaded" in line]
    incident = public()["acled-rur1"]
    assert (incident["event_type"], incident["event_subtype"]) == ("battle", "armed_clash")
    assert incident["date"]["start"] == incident["date"]["end"] == "2022-08-04"
    assert incident["location"]["country"] == "UKR"
    assert [(each["name"], each["role"]) for each in incident["actors"]] == [
        ("Army of Ruritania", "belligerent"),
        ("Blues", "belligerent"),
    ]
    assert [each["source"]["name"] for each in incident["reports"]] == ["Agency", "The Paper"]
    assert incident["casualties"]["killed"] == {"low": None, "best": 3, "high": None}
    assert incident["tags"] == ["crowd size=no report", "local"]
    assert {actor["name"]: actor["kind"] for actor in public("actor").values()} == {
        "Army of Ruritania": "state_forces",
        "Blues": "rebel_group",
    }


@pytest.mark.parametrize(
    ("event_type", "sub", "ours"),
    [
        ("Explosions/Remote violence", "Air/drone strike", ("strike", "air_strike")),
        ("Explosions/Remote violence", "Remote explosive/landmine/IED", ("explosion", None)),
        ("Violence against civilians", "Attack", ("violence_against_civilians", None)),
        ("Violence against civilians", "Abduction/forced disappearance", ("coercion", "abduction")),
        ("Strategic developments", "Looting/property destruction", ("coercion", "looting")),
        ("Strategic developments", "Agreement", ("other", None)),
        ("Protests", "Peaceful protest", ("protest", "peaceful_protest")),
        ("Riots", "Mob violence", ("riot", "mob_violence")),
    ],
)
def test_types_of_acled(path: Path, event_type: str, sub: str, ours: tuple[str, str | None]) -> None:
    row = BATTLE | {"event_type": event_type, "sub_event_type": sub, "civilian_targeting": "Civilian targeting"}
    outcome(write(path, [row]), profile="acled")
    incident = public()["acled-rur1"]
    assert (incident["event_type"], incident["event_subtype"]) == ours
    assert [each["role"] for each in incident["actors"]] == ["alleged_perpetrator", "target"]
    assert incident["targets"] == ["civilians"]
    assert incident["extra"]["sub_event_type"] == sub


def test_a_type_that_acled_does_not_have_is_told(path: Path) -> None:
    _, err = load(
        write(path, [BATTLE, BATTLE | {"event_id_cnty": "2", "event_type": "War"}]), profile="acled", skip_bad=True
    )
    assert err.startswith('line 3, event_type: "War", expected one of battles')


def test_an_attack_of_gtd_on_an_unknown_day(path: Path) -> None:
    lines, _ = load(write(path, [GTD]), profile="gtd")
    assert "note: columns that the profile does not know, not loaded: mood" in lines
    incident = public()["gtd-197001000001"]
    assert incident["date"] == {
        "start": "1970-01-01",
        "end": "1970-01-31",
        "precision": "month",
        "remark": None,
        "time": None,
        "time_zone": None,
    }
    assert (incident["event_type"], incident["event_subtype"]) == ("explosion", "suicide_bombing")
    assert incident["casualties"]["killed"]["best"] is None
    assert incident["casualties"]["injured"]["best"] == 0
    assert (incident["location"]["country"], incident["location"]["precision"]) == ("UKR", "country")
    assert [each["certainty"] for each in incident["actors"]] == ["suspected"]
    assert incident["summary"] == "Bombing or explosion"


def test_a_report_of_viina(path: Path) -> None:
    row = dict.fromkeys(VIINA, "") | {
        "event_id": "7", "date": "20220804", "geonameid": "692118", "asciiname": "Svatove", "ADM1_NAME": "Luhans'k",
        "ADM2_NAME": "Svativs'kyi", "longitude": "38.16", "latitude": "49.4", "GEO_PRECISION": "ADM3",
        "source": "unian",
        "url": "https://example.org/1", "text": 'Щось про ""Сватове""', "lang": "uk",
    }  # fmt: skip
    lines, _ = load(write(path, [row]), profile="viina-event-info")
    assert not [line for line in lines if "not loaded" in line]
    incident = public()["viina-event-7"]
    assert incident["summary"] == 'Щось про "Сватове"'
    assert incident["reports"][0]["title"] == 'Щось про "Сватове"'
    assert incident["location"]["precision"] == "settlement"


def test_features_with_usual_names(tmp_path: Path) -> None:
    path = tmp_path / "f.geojson"
    properties = {"title": "A", "event_type": "protest", "date": "2022-08-04", "tags": ["x", "y"], "mood": 1}
    point = {"type": "Point", "coordinates": [37.7, 48.1]}
    features = [
        {"type": "Feature", "id": 1, "properties": properties, "geometry": point},
        {"type": "Feature", "properties": {"date": "2022-08-04T05:06:07Z"}, "geometry": None},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    lines, _ = load(path, profile="geojson", dataset="mine")
    assert "note: columns that the profile does not know, not loaded: properties.mood" in lines
    incident = public()["feature-1"]
    assert (incident["dataset"], incident["tags"], incident["location"]["latitude"]) == ("mine", ["x", "y"], 48.1)
    [other] = [each for name, each in public().items() if name != "feature-1"]
    assert (other["event_type"], other["summary"], other["date"]["start"]) == ("unknown", "No text.", "2022-08-04")
