"""Dates as files write them: a month stays a month, words say what they say, nothing becomes a day by itself."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.loading.dates.formats import FormatError
from incidents.loading.dates.reader import WORDS, DateReader
from incidents.loading.dates.readings import latest_today
from incidents.loading.inspection.day_formats import formats_of

DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))
PAST = st.dates(latest_today() - timedelta(days=36_000), latest_today())


def read(text: str, *formats: str, first_short: int | None = None, southern: bool = False) -> tuple[str, str, str]:
    reading = DateReader(formats or [WORDS], first_short, southern=southern).read(text)
    return str(reading.start), str(reading.end), reading.precision


def why(text: str, *formats: str) -> str:
    with pytest.raises(ValueError, match="a date such as") as caught:
        DateReader(formats or [WORDS]).read(text)
    return str(caught.value)


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%Y%m%d", "%b %d, %Y", "%G-W%V-%u", "%Y %j"]))
def test_a_day_written_in_a_format_is_read_as_that_day(day: date, form: str) -> None:
    assert read(day.strftime(form), form) == (str(day), str(day), "day")


@given(DAYS, st.sampled_from(["%Y-%m", "%m/%Y", "%B %Y", "%b-%Y"]))
def test_a_month_written_in_a_format_is_read_as_that_month(day: date, form: str) -> None:
    assert read(day.strftime(form), form) == (str(day.replace(day=1)), str(month_end(day)), "month")


@given(DAYS)
def test_a_year_is_read_as_that_year(day: date) -> None:
    expected = (f"{day.year}-01-01", f"{day.year}-12-31", "year")
    assert read(f"{day.year}", "%Y") == read(f"{day.year}") == expected


@given(
    DAYS,
    st.sampled_from(
        ["{d} {m} {y}", "{m} {d}, {y}", "{d}-{a}-{y}", "the {d}th of {m} {y}", "{a}. {d} {y}", "{y} {m} {d}"]
    ),
)
def test_a_day_in_words_is_that_day(day: date, form: str) -> None:
    name = calendar.month_name[day.month]
    text = form.format(d=day.day, m=name, a=name[:3], y=day.year)
    assert read(text) == (str(day), str(day), "day")


@given(
    DAYS,
    st.integers(1, 400),
    st.sampled_from(["{} to {}", "between {} and {}", "{} - {}", "from {} until {}", "{} or {}"]),
)
def test_two_days_in_words_are_all_between_them(day: date, length: int, form: str) -> None:
    end = day + timedelta(days=length)
    first, last = (f"{each.day} {calendar.month_name[each.month]} {each.year}" for each in (day, end))
    assert read(form.format(first, last))[:2] == (str(day), str(end))
    assert read(f"{day}/{end}")[:2] == (str(day), str(end))


@given(PAST, st.sampled_from(["%d.%m.%y", "%d-%b-%y"]))
def test_two_digits_are_the_latest_year_that_is_not_in_the_future(day: date, form: str) -> None:
    assert read(day.strftime(form), form)[0] == str(day)
    assert read(day.strftime("%d %B '%y"))[0] == str(day)


@given(st.dates(date(2000, 3, 1), date(2099, 12, 31)), st.integers(1, 2026))
def test_two_digits_are_never_in_the_future_wherever_the_hundred_years_begin(day: date, first: int) -> None:
    assert read(day.strftime("%d.%m.%y"), "%d.%m.%y", first_short=first)[0] <= str(latest_today())


def test_the_profile_says_which_hundred_years_two_digits_mean() -> None:
    assert read("01.05.10", "%d.%m.%y", first_short=1850)[0] == "1910-05-01"
    assert read("Jan-93", "%b-%y", first_short=1850) == ("1893-01-01", "1893-01-31", "month")
    assert read("Jan-93", "%b-%y") == read("Jan-93") == ("1993-01-01", "1993-01-31", "month")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apr. 2022", ("2022-04-01", "2022-04-30", "month")),
        ("2022-04", ("2022-04-01", "2022-04-30", "month")),
        ("2022-XX", ("2022-01-01", "2022-12-31", "year")),
        ("May 9 or 10, 2010", ("2010-05-09", "2010-05-10", "days")),
        ("9–10 May 2010", ("2010-05-09", "2010-05-10", "days")),
        ("between 1 and 5 July 2010", ("2010-07-01", "2010-07-05", "days")),
        ("30 Dec - 2 Jan 2011", ("2010-12-30", "2011-01-02", "days")),
        ("28 April-3 May 2010", ("2010-04-28", "2010-05-03", "days")),
        ("2010-W05", ("2010-02-01", "2010-02-07", "week")),
        ("early May 2010", ("2010-05-01", "2010-05-31", "month")),
        ("mid-May 2010", ("2010-05-01", "2010-05-31", "month")),
        ("mi-mai 2010", ("2010-05-01", "2010-05-31", "month")),
        ("early to mid-May 2010", ("2010-05-01", "2010-05-31", "month")),
        ("à l'été 2010", ("2010-06-01", "2010-08-31", "year")),
        ("1990-е", ("1990-01-01", "1999-12-31", "unknown")),
        ("1990-х годов", ("1990-01-01", "1999-12-31", "unknown")),
        ("1990-ті роки", ("1990-01-01", "1999-12-31", "unknown")),
        ("Q3 2010", ("2010-07-01", "2010-09-30", "year")),
        ("2010 Q3", ("2010-07-01", "2010-09-30", "year")),
        ("third quarter of 2010", ("2010-07-01", "2010-09-30", "year")),
        ("3 квартал 2010 года", ("2010-07-01", "2010-09-30", "year")),
        ("2010-05-09 to 2010-05-12", ("2010-05-09", "2010-05-12", "days")),
        ("2010-05-09 - 2010-05-12", ("2010-05-09", "2010-05-12", "days")),
        ("2010-05-09..2010-05-12", ("2010-05-09", "2010-05-12", "days")),
        ("9 & 10 May 2010", ("2010-05-09", "2010-05-10", "days")),
        ("setiembre 2010", ("2010-09-01", "2010-09-30", "month")),
        ("2010م", ("2010-01-01", "2010-12-31", "year")),
        ("mid-1993", ("1993-01-01", "1993-12-31", "year")),
        ("the 1990s", ("1990-01-01", "1999-12-31", "unknown")),
        ("summer 1993", ("1993-06-01", "1993-08-31", "year")),
        ("2010-21", ("2010-03-01", "2010-05-31", "year")),
        ("winter 1993/94", ("1993-12-01", "1994-02-28", "year")),
        ("winter 1993", ("1993-01-01", "1993-12-31", "year")),
        ("5 de mayo de 2010", ("2010-05-05", "2010-05-05", "day")),
        ("mayo-junio de 2010", ("2010-05-01", "2010-06-30", "year")),
        ("1er août 2010", ("2010-08-01", "2010-08-01", "day")),
        ("du 9 au 12 mai 2010", ("2010-05-09", "2010-05-12", "days")),
        ("5 мая 2010 г.", ("2010-05-05", "2010-05-05", "day")),
        ("в мае 2010 года", ("2010-05-01", "2010-05-31", "month")),
        ("3 травня 2010 року", ("2010-05-03", "2010-05-03", "day")),
        ("влітку 1993", ("1993-06-01", "1993-08-31", "year")),
        ("٥ مايو ٢٠١٠", ("2010-05-05", "2010-05-05", "day")),
        ("15 كانون الثاني 2014", ("2014-01-15", "2014-01-15", "day")),
        ("Monday, 9 May 2010", ("2010-05-09", "2010-05-09", "day")),
    ],
)
def test_words_mean_the_days_that_they_say(text: str, expected: tuple[str, str, str]) -> None:
    assert read(text) == expected


def test_in_the_south_summer_lasts_over_the_new_year() -> None:
    assert read("winter 1993", southern=True) == ("1993-06-01", "1993-08-31", "year")
    assert read("summer 1993", southern=True) == ("1993-01-01", "1993-12-31", "year")
    assert read("summer 1993/94", southern=True)[:2] == ("1993-12-01", "1994-02-28")


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2022",
        "May 10",
        "Jan-10",
        "31 February 2010",
        "Town A",
        "2010 2011",
        "summer 2004-2005",
        "2010-",
        "-2010",
        "2003/04",
        "2010-05-12 to 2010-05-09",
        "to July 2010",
        "12",
        "early 9 May 2010",
        "May June 2010",
        "summer May 2010",
        "20101301",
        "from the market",
    ],
)
def test_what_leaves_open_which_days_are_meant_is_no_date(text: str) -> None:
    why(text)


@pytest.mark.parametrize("text", ["circa 2010", "2010?", "about May 2010", "~1993"])
def test_of_an_approximate_date_it_is_said_why_it_cannot_be_taken(text: str) -> None:
    assert "approximate" in why(text)


def test_of_a_date_that_can_be_meant_in_two_ways_it_is_said_which() -> None:
    assert "a month or two years" in why("2003/04")
    assert "since, until" in why("2010-")
    assert "within one year" in why("summer 2004-2005")


def test_digits_of_any_script_are_digits() -> None:
    assert DateReader(["%d/%m/%Y"]).read("٢٥/٦/٢٠٢١").start == date(2021, 6, 25)
    assert formats_of("٢٥/٦/٢٠٢١") == ("%d/%m/%Y",)


def test_a_time_of_day_is_kept_with_its_zone() -> None:
    for text, form, expected in (
        ("2024-01-02 23:50", "%Y-%m-%d %H:%M", ("23:50", "", "")),
        ("2024-01-02T23:50:07Z", "%Y-%m-%dT%H:%M:%S%z", ("23:50:07", "UTC", "")),
        ("2024-01-02T23:50:07Z", "%Y-%m-%dT%H:%M:%SZ", ("23:50:07", "UTC", "")),
        ("2024-01-03T00:30:00+02:00", "%Y-%m-%dT%H:%M:%S%z", ("00:30", "Etc/GMT-2", "")),
        ("2024-01-03T23:10:00-05:30", "%Y-%m-%dT%H:%M:%S%z", ("23:10", "", "-05:30")),
        ("2/1/2024 10:15:00 PM", "%d/%m/%Y %I:%M:%S %p", ("22:15", "", "")),
    ):
        reading = DateReader([form]).read(text)
        assert (reading.time, reading.zone, reading.offset) == expected
        if text.startswith("2024"):
            assert DateReader([WORDS]).read(text) == reading
    assert DateReader([WORDS]).read("5 May 2010 at 2:30 pm UTC")[2:4] == ("14:30", "UTC")


def test_midnight_is_no_time_of_day_since_days_are_written_so() -> None:
    reading = DateReader(["%Y-%m-%d %H:%M:%S"]).read("2024-01-02 00:00:00")
    assert (reading.time, reading.is_midnight) == ("", True)


def test_only_words_that_say_more_than_days_are_kept_as_they_are() -> None:
    assert DateReader([WORDS]).read("May 9  or 10, 2010").words == "May 9 or 10, 2010"
    assert DateReader([WORDS]).read("Summer 1993").words == "Summer 1993"
    for plain in ("Apr. 2022", "5 мая 2010 г.", "2022", "2010-05-09/2010-05-10"):
        assert DateReader([WORDS]).read(plain).words == ""


@pytest.mark.parametrize("form", ["%d.%m", "%d %Y", "%H:%M", "%Q-%Y", "day"])
def test_a_format_that_cannot_say_which_days_is_refused(form: str) -> None:
    with pytest.raises(FormatError):
        DateReader([form])


def test_a_date_in_no_format_is_told_with_examples_of_all() -> None:
    assert why("x", "%Y-%m-%d", "%b-%y") == "a date such as 2014-01-22, Jan-14"
