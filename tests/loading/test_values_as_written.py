"""What a file says stays as it says it: numbers written as decimals, paragraphs, blanks, zeros, addresses."""

from pathlib import Path
from typing import Any

import pytest

from incidents.loading.profiles.cell_types import BOOLEAN, COUNTRY, FIGURE, LONG, code_text, coded
from incidents.models import Report
from incidents.vocabulary import DATE_PRECISIONS
from tests.loading.files import load, public
from tests.loading.small import REPORTS, loaded, profile, rows, said
from tests.loading.test_values import read, wrong

UNCHANGED = "unchanged 1"


def test_a_whole_number_written_as_a_decimal_one_is_the_same_value() -> None:
    listed = {"column": "a", "values": {"1": "day", "2": "week"}}
    for text in ("1", "1.0", "1.00"):
        assert read(listed, {"a": text}, coded(DATE_PRECISIONS)) == "day"
        assert read("a", {"a": text}, BOOLEAN) is True
    assert read("a", {"a": "804.0"}, COUNTRY) == "UKR"
    assert read("a", {"a": "696643.0"}, code_text(20)) == "696643"
    assert wrong(listed, {"a": "1.5"}, coded(DATE_PRECISIONS))[1] == "1.5"


def test_the_same_holds_for_texts_that_mean_missing() -> None:
    assert read({"column": "a", "missing": ["-9"]}, {"a": "-9.0"}, FIGURE) is None
    assert read({"column": "a", "missing": ["-9"]}, {"a": "-9.0"}) == ""


def test_the_same_holds_for_conditions_templates_and_fingerprints() -> None:
    rules = [{"when": {"a": "^1$"}, "constant": "one"}, {"constant": "other"}]
    assert [read(rules, {"a": text}) for text in ("1", "1.0", "10.0")] == ["one", "one", "other"]
    assert read([{"when": {"a": r"^2\.0$"}, "constant": "version"}], {"a": "2.0"}) == "version"
    assert read({"template": "{a} of {b}"}, {"a": "101.0", "b": "Map 2.0"}) == "101 of Map 2.0"
    assert len({read({"fingerprint": ["a"]}, {"a": text}) for text in ("101", "101.0")}) == 1


def test_zeros_that_begin_a_code_and_text_columns_stay_as_they_are() -> None:
    assert read("a", {"a": "007"}, code_text(20)) == "007"
    assert read("a", {"a": "2.0"}, LONG) == "2.0"
    assert read({"template": "{a}"}, {"a": "007"}) == "007"


@pytest.mark.django_db
def test_ids_and_codes_of_a_file_with_decimals_are_those_of_the_file_without(tmp_path: Path) -> None:
    parts = {
        "rest": '[incident.killed]\nbest = "killed"',
        "incident": 'tags = { column = "kind", values = { 1 = "one", 2 = "two" } }',
    }
    loaded(tmp_path, "n,day,kind,killed\n101,2024-01-02,1,2\n", **parts)
    assert UNCHANGED in said(tmp_path, "n,day,kind,killed\n101.0,2024-01-02,1.0,2.0\n", **parts)


@pytest.mark.django_db
def test_the_same_holds_for_decimal_commas(tmp_path: Path) -> None:
    found = loaded(tmp_path, 'n,day\n"101,0",2024-01-02\n', file='decimal = ","')
    assert set(found) == {"101"}


@pytest.mark.django_db
def test_paragraphs_and_runs_of_blanks_stay(tmp_path: Path) -> None:
    text = 'n,day,text,more\n1,2024-01-02,"First line.\r\n\r\nSecond  paragraph.","Line one\n- a\n- b"\n'
    parts = {"summary": '"text"', "rest": '[incident.extra]\ntext = ["more"]'}
    found = loaded(tmp_path, text, **parts)["1"]
    assert found["summary"] == "First line.\n\nSecond  paragraph."
    assert found["extra"]["more"] == "Line one\n- a\n- b"
    assert UNCHANGED in said(tmp_path, text.replace("\r\n\r\nSecond  ", " Second "), **parts)


def test_a_template_of_one_field_is_a_text_and_in_a_sentence_a_field_is_one_line() -> None:
    assert read({"template": '{a|"none"}'}, {"a": "one\n\n two"}, LONG) == "one\n\n two"
    assert read({"template": "At {a}."}, {"a": "one\n\n two"}, LONG) == "At one two."


def links(incident: dict[str, Any]) -> list[str]:
    return [each["url"] for each in incident["reports"]]


@pytest.mark.django_db
def test_addresses_that_differ_by_letter_case_are_two(tmp_path: Path) -> None:
    text = "n,day,outlet,url\n1,2024-01-02,A,https://a.example/Ab\n2,2024-01-02,a,https://a.example/ab\n3,2024-01-02,A,HTTPS://A.example/Ab\n"
    found = loaded(tmp_path, text, rest=REPORTS.format(lists=""))
    assert [links(found[number]) for number in "12"] == [["https://a.example/Ab"], ["https://a.example/ab"]]
    ids = [found[number]["reports"][0]["id"] for number in "123"]
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.django_db
def test_the_letter_case_of_an_address_can_be_corrected(tmp_path: Path) -> None:
    path, own = (
        rows(tmp_path, "n,day,outlet,url\n1,2024-01-02,A,https://a.example/AB\n"),
        profile(tmp_path, rest=REPORTS.format(lists="")),
    )
    load(path, profile=own)
    rows(tmp_path, "n,day,outlet,url\n1,2024-01-02,A,https://a.example/ab\n")
    assert "changed 1" in load(path, profile=own)[0][-1]
    assert links(public()["small-1"]) == ["https://a.example/ab"]


@pytest.mark.django_db
def test_an_address_has_the_id_that_it_has_in_any_letter_case_unless_another_has_that(tmp_path: Path) -> None:
    path, own = (
        rows(tmp_path, "n,day,outlet,url\n1,2024-01-02,A,https://a.example/ab\n"),
        profile(tmp_path, rest=REPORTS.format(lists="")),
    )
    load(path, profile=own)
    first = Report.objects.get().public_id
    Report.objects.update(url="https://a.example/AB")
    rows(tmp_path, "n,day,outlet,url\n2,2024-01-02,A,https://a.example/AB\n3,2024-01-02,A,https://a.example/ab\n")
    load(path, profile=own)
    assert public()["small-2"]["reports"][0]["id"] == first
    assert public()["small-3"]["reports"][0]["id"] != first
    assert Report.objects.count() == 2
    assert "unchanged 2" in load(path, profile=own)[0][-1]
