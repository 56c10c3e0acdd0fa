"""Reports in columns that run in step: a row with the outlet, with the link, or with both has its report."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.loading.files import load, public
from tests.loading.small import REPORTS, loaded, profile, rows, said

pytestmark = pytest.mark.django_db

ALONE = REPORTS.format(lists="")
LISTS = REPORTS.format(lists='separator = ";"')
REPEATED = REPORTS.format(lists='separator = ";"\nrepeat = true')


def pairs(incident: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(each["source"]["name"], each["url"]) for each in incident["reports"]]


def test_a_row_with_the_outlet_or_the_link_alone_keeps_its_report(tmp_path: Path) -> None:
    text = "n,day,outlet,url\n1,2024-01-02,,https://example.org/a\n2,2024-01-03,Daily B,\n"
    text += "3,2024-01-04,Daily B,https://example.org/c\n4,2024-01-05,,\n"
    found = loaded(tmp_path, text, rest=ALONE)
    assert pairs(found["1"]) == [("Not told", "https://example.org/a")]
    assert pairs(found["2"]) == [("Daily B", None)]
    assert pairs(found["3"]) == [("Daily B", "https://example.org/c")]
    assert pairs(found["4"]) == []


def test_the_same_holds_for_a_file_without_one_of_the_columns_filled(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        "n,day,outlet,url\n1,2024-01-02,A;B,\n2,2024-01-03,,https://a.example/1;https://a.example/2\n",
        rest=LISTS,
    )
    assert pairs(found["1"]) == [("A", None), ("B", None)]
    assert pairs(found["2"]) == [("Not told", "https://a.example/1"), ("Not told", "https://a.example/2")]


def test_a_column_that_is_repeated_may_be_empty_too(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        "n,day,outlet,url\n1,2024-01-02,A,https://a.example/1;https://a.example/2\n2,2024-01-03,A;B,\n",
        rest=REPEATED,
    )
    assert pairs(found["1"]) == [("A", "https://a.example/1"), ("A", "https://a.example/2")]
    assert pairs(found["2"]) == [("A", None), ("B", None)]


def test_two_rows_that_name_an_outlet_alone_do_not_mean_one_document(tmp_path: Path) -> None:
    text = "n,day,outlet,url\n1,2024-01-02,A,\n2,2024-01-03,A,\n3,2024-01-03,A,https://a.example/1\n4,2024-01-03,A,https://a.example/1\n"
    found = loaded(tmp_path, text, rest=ALONE)
    ids = [found[number]["reports"][0]["id"] for number in "1234"]
    assert len(set(ids)) == 3
    assert ids[2] == ids[3]
    assert "unchanged 4" in said(tmp_path, text, rest=ALONE)


def test_texts_that_mean_missing_make_no_report(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, "n,day,outlet,url\n1,2024-01-02,NA,NA\n2,2024-01-02,A,NA\n", file='missing = ["NA"]', rest=ALONE
    )
    assert pairs(found["1"]) == []
    assert pairs(found["2"]) == [("A", None)]


def test_lists_that_cannot_be_matched_are_all_kept_as_text(tmp_path: Path) -> None:
    text = "n,day,outlet,url\n1,2024-01-02,A;B,https://a.example/1;https://a.example/2;https://a.example/3\n"
    path, own = rows(tmp_path, text), profile(tmp_path, rest=LISTS)
    lines, _ = load(path, profile=own)
    assert any("cannot be told apart" in line for line in lines)
    assert public()["small-1"]["extra"] == {
        "url": "https://a.example/1;https://a.example/2;https://a.example/3",
        "outlet": "A;B",
    }


def test_the_profile_for_features_takes_what_a_feature_gives(tmp_path: Path) -> None:
    given = {"1": {"url": "https://example.org/a"}, "2": {"source": "Daily B"}}
    features = [
        {"type": "Feature", "geometry": None, "properties": {"id": key, "title": "A fire", "date": "2024-01-02"} | each}
        for key, each in given.items()
    ]
    path = rows(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "f.geojson")
    load(path, profile="geojson")
    assert {key: pairs(each) for key, each in public().items()} == {
        "feature-1": [("Not told", "https://example.org/a")],
        "feature-2": [("Daily B", None)],
    }


def test_several_outlets_with_one_link_are_told_and_never_one_outlet_in_silence(tmp_path: Path) -> None:
    text = "n,day,outlet,url\n1,2024-01-02,A;B,https://a.example/1\n2,2024-01-02,A,https://a.example/2\n"
    lines = said(tmp_path, text, rest=LISTS)
    assert "where one column lists several reports and another one only; taken as one report" in lines
    assert "1, on line 2" in lines


FOUR = """
[[incident.reports.lists]]
columns = { link = "url", outlet = "outlet", title = "headline" }
separator = ";"
[[incident.reports.lists]]
columns = { link = "url", outlet = "outlet" }
separator = ";"
repeat = true
[incident.reports.report]
identity = "{outlet}|{link}|{title}"
url = "link"
title = "title"
[incident.reports.source]
id = '{outlet|"not-told"}'
name = [{ when = { outlet = "." }, column = "outlet" }, { constant = "Not told" }]
kind = { constant = "unknown" }
"""


def test_another_list_of_the_profile_is_taken_where_it_fits_and_loses_nothing(tmp_path: Path) -> None:
    text = "n,day,outlet,url,headline\n"
    text += "1,2024-01-02,A;B,https://a.example/1,\n"  # the second list fits, and has all that the row says
    text += "2,2024-01-02,A;B,https://a.example/2,One\n"  # neither: one report, as it is, and told
    text += "3,2024-01-02,A;B,https://a.example/3;https://a.example/4,One;Two;Three\n"  # the headlines are kept
    text += "4,2024-01-02,A,https://a.example/5,One; two\n"  # a title may hold a separator
    own, path = profile(tmp_path, rest=FOUR), rows(tmp_path, text)
    lines, _ = load(path, profile=own)
    found = {key.removeprefix("small-"): each for key, each in public().items()}
    assert pairs(found["1"]) == [("A", "https://a.example/1"), ("B", "https://a.example/1")]
    assert [each["title"] for each in found["2"]["reports"]] == ["One"]
    assert pairs(found["3"]) == [("A", "https://a.example/3"), ("B", "https://a.example/4")]
    assert found["3"]["extra"] == {"headline": "One;Two;Three"}
    assert [each["title"] for each in found["4"]["reports"]] == ["One; two"]
    told = [line for line in lines if line.startswith("note: rows w")]
    assert [line.rpartition("on line ")[2] for line in sorted(told)] == ["3", "4"]


def test_lists_of_json_in_features_are_lists(tmp_path: Path) -> None:
    given: dict[str, dict[str, Any]] = {
        "1": {"source": ["A", "B"]},
        "2": {"source": ["A"], "url": "https://a.example/2"},
        "3": {"url": ["https://a.example/3"]},
        "4": {"source": "A", "url": ["https://a.example/4", "https://a.example/5"]},
        "5": {"source": ["A", "B"], "url": ["https://a.example/6", "https://b.example/6"]},
    }
    features = [
        {"type": "Feature", "geometry": None, "properties": {"id": key, "title": "A fire", "date": "2024-01-02"} | each}
        for key, each in given.items()
    ]
    load(
        rows(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "f.geojson"), profile="geojson"
    )
    assert {key.removeprefix("feature-"): sorted(pairs(each), key=str) for key, each in public().items()} == {
        "1": [("A", None), ("B", None)],
        "2": [("A", "https://a.example/2")],
        "3": [("Not told", "https://a.example/3")],
        "4": [("A", "https://a.example/4"), ("A", "https://a.example/5")],
        "5": [("A", "https://a.example/6"), ("B", "https://b.example/6")],
    }
