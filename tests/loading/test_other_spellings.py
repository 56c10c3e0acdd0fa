"""Numbers and dates as other languages and other programs write them: read as what they say, or left as texts."""

import tomllib
from pathlib import Path

import pytest

from incidents.loading.profiles import points
from incidents.loading.profiles.cell_types import BY_TYPE, DECIMAL, FIGURE, LATITUDE, MONTH
from tests.loading.proposing import proposal_of, written
from tests.loading.test_dates_as_written import read as read_date
from tests.loading.test_dates_as_written import why
from tests.loading.test_values import read, wrong


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("٣", 3),
        ("١٬٢٠٠", 1200),
        ("۱۲", 12),
        ("1\N{NO-BREAK SPACE}200", 1200),
        ("1\N{NARROW NO-BREAK SPACE}200\N{NARROW NO-BREAK SPACE}000", 1200000),
        ("2 500", 2500),
        ("1'200", 1200),
        ("1’200", 1200),
    ],
)
def test_whole_numbers_in_digits_of_any_script_and_in_groups_of_thousands(text: str, number: int) -> None:
    assert read("a", {"a": text}, FIGURE) == number


@pytest.mark.parametrize("text", ["1.200", "1,200", "12 00", "0 500", "1 2", "3²", "-1", "1 000'000"])
def test_what_could_be_another_number_is_refused(text: str) -> None:
    assert wrong("a", {"a": text}, FIGURE)[1] == text


def test_decimal_numbers_and_degrees_in_arabic_digits() -> None:
    assert read("a", {"a": "٣٦٫٢"}, DECIMAL) == read("a", {"a": "٣٦٫٢"}, LATITUDE) == 36.2
    assert read("a", {"a": "\N{MINUS SIGN}36.2"}, LATITUDE) == -36.2
    assert points.point("٣٦٫٢، ٣٧٫١") == (36.2, 37.1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("8:05", "08:05"), ("8:05 PM", "20:05"), ("12:00 a. m.", "00:00"), ("٠٨:٠٥", "08:05"), ("20:30:15", "20:30:15")],
)
def test_times_of_day(text: str, expected: str) -> None:
    assert read("a", {"a": text}, BY_TYPE["clock"]) == expected


@pytest.mark.parametrize("text", ["24:00", "13:05 PM", "noche", "8:60"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    assert wrong("a", {"a": text}, BY_TYPE["clock"])[1] == text


def test_months_by_their_names() -> None:
    assert [read("a", {"a": text}, MONTH) for text in ("5", "05", "Mai", "März", "dic.", "كانون الثاني")] == [
        *(5, 5, 5, 3, 12, 1)
    ]
    assert wrong("a", {"a": "Maiden"}, MONTH)[1] == "Maiden"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2010-05-00", "2010-05-01", "2010-05-31"),
        ("2010-00-00", "2010-01-01", "2010-12-31"),
        ("III квартал 2017", "2017-07-01", "2017-09-30"),
        ("primer trimestre de 2017", "2017-01-01", "2017-03-31"),
        ("الربع الثاني 2017", "2017-04-01", "2017-06-30"),
        ("dans la nuit du 4 au 5 mai 2018", "2018-05-04", "2018-05-05"),
        ("night of 4-5 May 2018", "2018-05-04", "2018-05-05"),
        ("в ночь на 5 мая 2018", "2018-05-04", "2018-05-05"),
        ("у ніч з 4 на 5 травня 2018", "2018-05-04", "2018-05-05"),
        ("ніч на 1 березня 2020", "2020-02-29", "2020-03-01"),
        ("courant août 2019", "2019-08-01", "2019-08-31"),
        ("segunda quincena de mayo de 2018", "2018-05-01", "2018-05-31"),
    ],
)
def test_dates_in_words_of_other_languages(text: str, start: str, end: str) -> None:
    assert read_date(text)[:2] == (start, end)


def test_days_in_digits_of_any_script_and_with_a_word_for_year() -> None:
    assert read_date("٢٠٢١-٠٣-٠٤", "%Y-%m-%d")[0] == "2021-03-04"
    assert read_date("05.05.2018 г.", "%d.%m.%Y")[0] == read_date("05.05.2018р", "%d.%m.%Y")[0] == "2018-05-05"


@pytest.mark.parametrize("text", ["2010-00-05", "0000-00-00", "2010-02-31", "1² May 2010", "44 BC"])
def test_what_is_no_date_stays_none(text: str) -> None:
    assert why(text)


def test_one_day_of_a_night_does_not_say_which() -> None:
    assert "a night has two days: write both" in why("night of 5 May 2018")


def test_codes_are_kept_as_texts(tmp_path: Path) -> None:
    codes = {"ref": "00123", "signed": "+5", "grid": "1e5", "block": "12 000", "plain": "12", "share": "0.5"}
    path = written(
        tmp_path, ["id", "date", "what", *codes], ["1", "2024-01-02", "A fire at a depot in the town", *codes.values()]
    )
    extra = tomllib.loads(proposal_of(path)[1])["incident"]["extra"]
    assert extra == {"text": ["ref", "signed", "grid", "block"], "integer": ["plain"], "number": ["share"]}


def test_all_figures_stay_where_some_are_out_of_order(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "what", "deaths_min", "deaths", "deaths_max", "injured (low)", "injured (high)"],
        ["1", "2024-01-02", "A fire at a depot", "1", "3", "5", "2", "4"],
        ["2", "2024-01-03", "A fire at a depot", "4", "3", "2", "4", "2"],
    )
    incident = tomllib.loads(proposal_of(path)[1])["incident"]
    assert incident["killed"] == {
        "low": "deaths_min",
        "best": "deaths",
        "high": "deaths_max",
        "out_of_order": "keep",
    }
    assert incident["injured"] == {"low": "injured (low)", "high": "injured (high)", "out_of_order": "keep"}


def test_words_for_nothing_known_are_missing_and_words_for_nobody_are_asked_about(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "what", "Загинуло"],
        *[
            [str(number), "2024-01-02", f"A fire at a depot, {number}", text]
            for number, text in enumerate(["немає", "невідомо", "—", "2", "3", "0"])
        ],
    )
    _, text, trial = proposal_of(path)
    document = tomllib.loads(text)
    assert document["incident"]["killed"]["best"] == {"column": "Загинуло", "missing": ["немає", "невідомо"]}
    assert document["file"]["missing"] == ["—"]
    assert '# LOOK: does немає mean nobody? Then add zero = ["немає"]' in text
    assert trial.bad == 0


def test_year_month_and_day_with_months_by_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["nr", "Jahr", "Monat", "Tag", "Beschreibung"],
        ["1", "2010", "Mai", "5", "Ein Lager wurde in der Nacht angezündet"],
        ["2", "2010", "12", "", "Noch ein Lager wurde in der Nacht angezündet"],
    )
    _, text, trial = proposal_of(path)
    date = tomllib.loads(text)["incident"]["date"]
    assert [date[part]["column"] for part in ("year", "month", "day")] == ["Jahr", "Monat", "Tag"]
    assert trial.bad == 0


def test_a_column_of_dates_is_found_though_many_are_known_about_only(tmp_path: Path) -> None:
    texts = ["1998", "c. 1999", "about 2001", "2002", "2003?", "2004"]
    path = written(tmp_path, ["id", "date", "what"], *[[str(n), text, f"A fire, {n}"] for n, text in enumerate(texts)])
    _, text, trial = proposal_of(path)
    assert tomllib.loads(text)["incident"]["date"]["start"] == "date"
    assert [fault.value for fault in trial.faults] == ["c. 1999", "about 2001", "2003?"]
