"""Values: columns, constants, templates and rules, as profiles write them."""

from typing import Any

import pytest

from incidents.loading.errors import BadCell
from incidents.loading.profiles.cell_types import COUNTRY, FIGURE, LATITUDE, TEXT, CellType, coded, day
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.keys import FileKeys
from incidents.loading.profiles.syntax import Wanted, located, parse_value
from incidents.vocabulary import DATE_PRECISIONS

FILE = FileKeys.model_validate({"missing": ["NA"], "optional": ["perhaps"]})


def read(spec: Any, cells: dict[str, str], kind: CellType = TEXT, *, required: bool = False) -> Any:
    value = parse_value(located(spec, "value"), Wanted(kind, required))
    columns = HeaderColumns(list(cells), FILE, {})
    reader = value.bind(columns)
    columns.complete()
    return reader(list(cells.values()))


def wrong(spec: Any, cells: dict[str, str], kind: CellType = TEXT, *, required: bool = False) -> tuple[str, str, str]:
    with pytest.raises(BadCell) as caught:
        read(spec, cells, kind, required=required)
    return caught.value.column, caught.value.value, caught.value.expected


def test_a_column_is_found_whatever_its_letter_case() -> None:
    assert read("Best", {"BEST ": "5"}, FIGURE) == 5


def test_text_loses_line_breaks_and_nothing_else() -> None:
    assert read("a", {"a": "one\r\n  two"}) == "one two"


def test_what_stands_for_missing_is_none_and_zero_is_zero() -> None:
    assert read("a", {"a": "NA"}, FIGURE) is None
    assert read({"column": "a", "missing": ["-9", "-99"]}, {"a": "-99"}, FIGURE) is None
    assert read("a", {"a": "0"}, FIGURE) == 0


@pytest.mark.parametrize("text", ["about 5", "5.5", "-1", "1e3", "99999999999", "٣x"])
def test_a_figure_that_is_none_is_told_with_what_would_be_right(text: str) -> None:
    assert wrong("a", {"a": text}, FIGURE) == ("a", text, "a whole number from 0 to 2147483647")


def test_a_figure_that_a_spreadsheet_made_a_decimal_is_taken() -> None:
    assert read("a", {"a": "5.0"}, FIGURE) == 5


@pytest.mark.parametrize("text", ["91", "nan", "inf", "48,1"])
def test_a_latitude_off_the_earth_is_told(text: str) -> None:
    assert wrong("a", {"a": text}, LATITUDE)[2] == "a number from -90 to 90"


def test_a_country_is_three_letters() -> None:
    assert read("a", {"a": "ukr"}, COUNTRY) == "UKR"
    assert wrong("a", {"a": "Ukraine"}, COUNTRY)[2] == "a code of ISO 3166-1, for example UKR, UA or 804"


def test_a_day_is_read_in_any_of_its_formats() -> None:
    days = day(("%Y-%m-%d", "%Y-%m-%d %H:%M:%S.%f", "%Y%m%d"))
    told = {str(read("a", {"a": text}, days)) for text in ("2014-01-22", "2014-01-22 00:00:00.000", "20140122")}
    assert told == {"2014-01-22"}
    assert wrong("a", {"a": "2014-02-30"}, day())[2] == "a date such as 2014-01-22"


def test_a_text_that_the_profile_does_not_list_is_told_with_those_it_does() -> None:
    spec = {"column": "a", "values": {"1": "day", "2": "week"}}
    assert read(spec, {"a": "2"}, coded(DATE_PRECISIONS)) == "week"
    assert wrong(spec, {"a": "3"}, coded(DATE_PRECISIONS)) == ("a", "3", "one of 1, 2")
    assert read({**spec, "otherwise": "year"}, {"a": "3"}, coded(DATE_PRECISIONS)) == "year"


def test_a_value_that_is_needed_cannot_be_missing() -> None:
    assert wrong("a", {"a": ""}, required=True) == ("a", "", "a text: it cannot be empty")


def test_of_several_columns_the_first_that_says_something_is_taken() -> None:
    assert read({"columns": ["a", "b"]}, {"a": "NA", "b": "x"}) == "x"


def test_a_template_takes_the_first_that_says_something() -> None:
    spec = {"template": '{a|b|"nobody"} at {c}'}
    assert read(spec, {"a": "", "b": "x", "c": "y"}) == "x at y"
    assert read(spec, {"a": "", "b": "NA", "c": "y"}) == "nobody at y"


def test_the_first_rule_that_holds_is_taken() -> None:
    spec = [{"when": {"a": "^agency$"}, "constant": "one"}, {"when": {"a": "."}, "column": "b"}, {"constant": "three"}]
    told = [read(spec, {"a": text, "b": "two"}) for text in ("Agency", "other", "")]
    assert told == ["one", "two", "three"]


def test_an_optional_column_may_be_lacking() -> None:
    assert read("perhaps", {"a": "1"}) == ""
