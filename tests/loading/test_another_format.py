"""A format that differs from UCDP's in every way: the loader learns all of it from the profile."""

from pathlib import Path
from typing import Any

import pytest

from incidents.models import Location
from tests.loading.files import load, outcome, public, write

pytestmark = pytest.mark.django_db

PROFILE = str(Path(__file__).with_name("own_format.toml"))
ROW: dict[str, Any] = {
    "row": 1,
    "nr": "A 17",
    "status": "checked",
    "kind": "fire",
    "text": "A signal box burns",
    "hit": "train|car|train",
    "words": "night, railway",
    "y": 2022,
    "m": 8,
    "d": 4,
    "town": "Ružindol",
    "iso": "SVK",
    "lat": "48.36",
    "lon": "17.48",
    "hurt": "NA",
    "wounded": 2,
    "by": "persons unknown",
    "sure": "no",
    "url": "https://example.org/1",
    "paper": "The Paper",
    "printed": "05.08.2022",
    "mood": "0.5",
}


def loaded(path: Path, **cells: Any) -> dict[str, Any]:
    outcome(write(path, [ROW | cells], columns=list(ROW), delimiter=";"), profile=PROFILE)
    return public()["mon-a-17"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.csv"


def test_all_of_it_arrives(path: Path) -> None:
    incident = loaded(path)
    assert (incident["event_type"], incident["event_subtype"]) == ("sabotage", "arson")
    assert (incident["summary"], incident["targets"], incident["tags"]) == (
        "A signal box burns.",
        ["railway", "vehicle"],
        ["night", "railway"],
    )
    assert incident["casualties"]["injured"] == {"low": None, "best": 2, "high": None}
    assert incident["casualties"]["killed"] == {"low": None, "best": None, "high": None}
    assert [(each["id"], each["certainty"]) for each in incident["actors"]] == [("mon-persons-unknown", "suspected")]
    [report] = incident["reports"]
    assert (report["url"], report["published"], report["source"]["name"]) == (
        "https://example.org/1",
        "2022-08-05",
        "The Paper",
    )
    assert incident["extra"] == {"status": "checked", "mood": 0.5}
    assert public("dataset")["monitor"]["coverage"]["start"] == "2020-01-01"


def test_the_point_of_an_event_is_not_the_point_of_its_place(path: Path) -> None:
    location = loaded(path)["location"]
    assert (location["latitude"], location["precision"], location["id"]) == (48.36, "exact", "svk-ruzindol")
    assert Location.objects.get(public_id="svk-ruzindol").latitude is None


@pytest.mark.parametrize(
    ("parts", "start", "end", "precision"),
    [
        ({"m": 8, "d": 4}, "2022-08-04", "2022-08-04", "day"),
        ({"m": 2, "d": 0}, "2022-02-01", "2022-02-28", "month"),
        ({"m": 0, "d": 0}, "2022-01-01", "2022-12-31", "year"),
        ({"m": "-9", "d": "-9"}, "2022-01-01", "2022-12-31", "year"),
    ],
)
def test_what_is_unknown_of_a_date_widens_it(
    path: Path, parts: dict[str, Any], start: str, end: str, precision: str
) -> None:
    date = loaded(path, **parts)["date"]
    assert (date["start"], date["end"], date["precision"], date["remark"]) == (start, end, precision, None)


def test_a_day_that_is_not_in_the_calendar_is_told(path: Path) -> None:
    rows = [ROW, ROW | {"nr": 2, "m": 2, "d": 30}]
    _, err = load(write(path, rows, columns=list(ROW), delimiter=";"), profile=PROFILE, skip_bad=True)
    assert err == 'line 3, d: "2022-2-30", expected a day that is in the calendar\n'


def test_rows_that_the_profile_leaves_out_are_told(path: Path) -> None:
    rows = [ROW, ROW | {"nr": 2, "status": "Retracted"}]
    lines, _ = load(write(path, rows, columns=list(ROW), delimiter=";"), profile=PROFILE)
    assert lines[-2:] == [
        "note: rows left out by the profile: retracted: 1, on line 3",
        "added 1, changed 0, withdrawn 0, unchanged 0",
    ]


def test_an_item_of_a_list_that_is_not_known_is_told(path: Path) -> None:
    _, err = load(
        write(path, [ROW, ROW | {"nr": 2, "hit": "car|moon"}], columns=list(ROW), delimiter=";"),
        profile=PROFILE,
        skip_bad=True,
    )
    assert err == 'line 3, hit: "moon", expected one of train, car\n'
