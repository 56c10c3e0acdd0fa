"""What a profile can say of values: fingerprints, replacements, decimal commas, JSON lists, wider dates, codes."""

from pathlib import Path
from typing import Any

import pytest

from incidents.loading.errors import ProfileError
from incidents.loading.profiles.cell_types import COUNTRY, LATITUDE, TEXT
from incidents.loading.profiles.profile import load as load_profile
from incidents.vocabulary.countries import three_letters
from tests.loading.files import load, outcome, public
from tests.loading.test_values import read, wrong

PROFILE = """
title = "t"
[file]
decimal = ","
missing = ["NA"]
[dataset]
id = "d"
name = "D"
licence = "CC0-1.0"
[cells]
said = { fingerprint = ["day", "town", "lat"] }
[incident]
id = "d-{said}"
repeated = "REPEATED"
summary = { column = "text", replace = { '"+' = "'", "  *$" = "" } }
event_type = { constant = "protest" }
tags = { column = "tags", separator = "json" }
[incident.date]
start = "day"
formats = ["%d.%m.%Y"]
precision = { column = "how", values = { d = "day", w = "week", m = "month", y = "year" } }
widen = { week = 6, month = "month", year = "year" }
[incident.place]
name = "town"
kind = { constant = "settlement" }
country_code = "country"
latitude = "lat"
longitude = "lon"
point_of = "event"
precision = [{ when = { lat = "." }, constant = "exact" }, { constant = "settlement" }]
[[incident.reports.lists]]
columns = { url = "urls", by = "by" }
separator = "|"
repeat = true
[incident.reports.report]
identity = "{by}{url}"
url = "url"
[incident.reports.source]
id = "{by}"
name = "by"
kind = { constant = "unknown" }
"""
HEADER = "day;how;town;country;lat;lon;text;tags;urls;by"
ROW = '4.8.2022;d;Ružin;UA;48,36;17,5;""" x "" ";"[""a, b"", ""c""]";http://a|http://b;X'

pytestmark = pytest.mark.django_db


def write(folder: Path, *rows: str, repeated: str = "refuse") -> tuple[Path, str]:
    (folder / "p.toml").write_text(PROFILE.replace("REPEATED", repeated))
    path = folder / "f.csv"
    path.write_text("\n".join([HEADER, *rows]))
    return path, str(folder / "p.toml")


def loaded(folder: Path, row: str) -> dict[str, Any]:
    path, profile = write(folder, row)
    outcome(path, profile=profile)
    [incident] = public().values()
    return incident


def test_all_of_it_arrives(tmp_path: Path) -> None:
    incident = loaded(tmp_path, ROW)
    assert (incident["location"]["latitude"], incident["location"]["country"]) == (48.36, "UKR")
    assert incident["summary"] == "' x '"
    assert incident["tags"] == ["a, b", "c"]
    assert [(each["url"], each["source"]["id"]) for each in incident["reports"]] == [
        ("http://a", "x"),
        ("http://b", "x"),
    ]


def test_a_condition_does_not_see_what_is_missing(tmp_path: Path) -> None:
    incident = loaded(tmp_path, ROW.replace("48,36;17,5", "NA;NA"))
    assert incident["location"]["precision"] == "settlement"


@pytest.mark.parametrize(
    ("how", "start", "end"),
    [
        ("d", "2022-08-04", "2022-08-04"),
        ("w", "2022-07-29", "2022-08-10"),
        ("m", "2022-08-01", "2022-08-31"),
        ("y", "2022-01-01", "2022-12-31"),
    ],
)
def test_a_date_that_stands_for_longer_is_widened(tmp_path: Path, how: str, start: str, end: str) -> None:
    date = loaded(tmp_path, ROW.replace(";d;", f";{how};"))["date"]
    assert (date["start"], date["end"]) == (start, end)


def test_a_fingerprint_does_not_change_with_what_editions_differ_in() -> None:
    cells = {"a": "Some  Town", "b": "48.10"}
    spec = {"fingerprint": ["a", "b"]}
    assert read(spec, cells) == read(spec, {"a": "some town", "b": "48.1"})
    assert read(spec, cells) != read(spec, {"a": "some town", "b": "48.2"})
    assert read(spec, {"a": "x", "b": ""}) != read(spec, {"a": "", "b": "x"})


def test_equal_rows_are_refused_numbered_or_taken_once(tmp_path: Path) -> None:
    other = ROW.replace("|http://b", "")
    path, profile = write(tmp_path, ROW, ROW, other)
    _, err = load(path, profile=profile, skip_bad=True, dry_run=True)
    assert [line.split(":")[0] for line in err.splitlines()] == ["line 3, said", "line 4, said"]
    path, profile = write(tmp_path, ROW, ROW, ROW, other, repeated="once")
    lines, err = load(path, profile=profile, skip_bad=True, dry_run=True)
    assert "note: rows that say what another row says, in every column; left out: 2, on lines 3, 4" in lines
    assert err.startswith("line 5, said: ")
    path, profile = write(tmp_path, ROW, ROW, ROW, repeated="number")
    lines, _ = load(path, profile=profile)
    told = (
        "note: rows that say what another row says, in every column; each is an incident of its own: 2, on lines 3, 4"
    )
    assert told in lines
    first, *others = sorted(public())
    assert others == [f"{first}-2", f"{first}-3"]
    assert outcome(path, profile=profile) == "added 0, changed 0, withdrawn 0, unchanged 3"


def test_countries_are_known_by_any_code() -> None:
    assert [read("a", {"a": code}, COUNTRY) for code in ("ukr", "UA", "804", "4", "XKX")] == [
        "UKR",
        "UKR",
        "UKR",
        "AFG",
        "XKX",
    ]
    assert wrong("a", {"a": "999"}, COUNTRY)[2] == "a code of ISO 3166-1, for example UKR, UA or 804"
    assert three_letters("uk") is None


def test_a_comma_is_no_decimal_comma_unless_the_profile_says_so() -> None:
    assert wrong("a", {"a": "48,1"}, LATITUDE)[1] == "48,1"


def test_a_list_that_is_no_json_is_one_item() -> None:
    assert read({"column": "a", "replace": {"x": "y"}}, {"a": "axa"}, TEXT) == "aya"


def test_wrong_keys_are_told(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    text = PROFILE.replace("REPEATED", "often").replace("week = 6", 'wek = 6, days = "long"')
    path.write_text(text.replace("repeat = true", 'repeat = "yes"').replace("'\"+' =", "'(' ="))
    with pytest.raises(ProfileError) as caught:
        load_profile(str(path))
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()[1:]] == [
        "incident.repeated",
        "incident.summary.replace.(",
        "incident.date.widen.wek",
        "incident.date.widen.days",
        "incident.reports.lists.1.repeat",
    ]
