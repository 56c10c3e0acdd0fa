"""Rows of GTD and VIINA that leave open what most rows say, and days that are in no calendar."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.exports.files import load
from tests.loading.files import public

ATTACK = {
    "eventid": "199900000001",
    "iyear": "1999",
    "imonth": "2",
    "iday": "0",
    "country_txt": "Ukraine",
    "provstate": "Ruritania",
    "city": "Streltsau",
    "latitude": "",
    "longitude": "",
    "specificity": "",
    "attacktype1": "3",
    "attacktype1_txt": "Bombing/Explosion",
    "targtype1": "4",
    "gname": "Unknown",
}
MENTION = {
    "viina_version": "2",
    "event_id": "1",
    "event_id_1pd": "1",
    "date": "20220301",
    "time": "10:00",
    "geonameid": "",
    "feature_code": "PPL",
    "asciiname": "Streltsau",
    "ADM1_NAME": "",
    "ADM1_CODE": "",
    "ADM2_NAME": "",
    "ADM2_CODE": "",
    "longitude": "39.3",
    "latitude": "48.57",
    "GEO_PRECISION": "",
    "GEO_API": "",
    "location": "",
    "address": "",
    "report_id": "1",
    "source": "unian",
    "url": "https://example.org/1",
    "text": "An invented report.",
    "lang": "ua",
}


def written(path: Path, row: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    return path


@pytest.mark.django_db
@pytest.mark.parametrize(("profile", "row"), [("gtd", ATTACK), ("viina-event-info", MENTION)])
def test_a_place_of_which_nothing_is_said_how_precise_it_is(tmp_path: Path, profile: str, row: dict[str, str]) -> None:
    lines, _ = load(written(tmp_path / "rows.csv", row), profile=profile)
    assert lines[-1] == "added 1, changed 0, withdrawn 0, unchanged 0"
    [incident] = public().values()
    assert incident["location"]["precision"] == "unknown"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("month", "day", "said"),
    [("2", "30", 'line 2, iday: "1999-2-30"'), ("13", "0", 'line 2, imonth: "13", expected a month from 1 to 12')],
)
def test_a_day_that_is_in_no_calendar_is_told_by_its_column(tmp_path: Path, month: str, day: str, said: str) -> None:
    path = written(tmp_path / "rows.csv", ATTACK | {"imonth": month, "iday": day})
    with pytest.raises(CommandError) as refused:
        load(path, profile="gtd")
    assert said in "".join(refused.value.__notes__)
