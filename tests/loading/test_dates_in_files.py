"""What a load makes of dates: intervals with their precision, times, remarks; and what another load leaves of them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from incidents.loading.dates.readings import latest_today
from incidents.loading.errors import ProfileError
from incidents.loading.profiles.profile import load as load_profile
from incidents.models import Incident
from tests.loading.files import load, public
from tests.loading.small import REPORTS, loaded, profile, rows, said

pytestmark = pytest.mark.django_db

WORDS = 'start = "day"\nformats = ["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z", "words"]'


def dates(tmp_path: Path, text: str, **parts: str) -> dict[str, dict[str, Any]]:
    return {number: each["date"] for number, each in loaded(tmp_path, text, **parts).items()}


def test_a_month_is_published_as_a_month_and_a_year_as_a_year(tmp_path: Path) -> None:
    formats = 'start = "day"\nformats = ["%Y-%m", "%Y"]'
    found = dates(tmp_path, "n,day\n1,2022-04\n2,2022\n", date=formats)
    assert (found["1"]["start"], found["1"]["end"], found["1"]["precision"]) == ("2022-04-01", "2022-04-30", "month")
    assert (found["2"]["start"], found["2"]["end"], found["2"]["precision"]) == ("2022-01-01", "2022-12-31", "year")
    assert found["1"]["remark"] is found["2"]["remark"] is None


def test_a_start_and_an_end_hold_all_days_that_they_can_mean(tmp_path: Path) -> None:
    found = dates(tmp_path, "n,day,until\n1,2022-04,2022-05\n2,2022-04-05,2022-04\n", date=WORDS + '\nend = "until"')
    assert (found["1"]["start"], found["1"]["end"]) == ("2022-04-01", "2022-05-31")
    assert (found["2"]["start"], found["2"]["end"]) == ("2022-04-05", "2022-04-30")


def test_a_profile_with_an_end_and_no_precision_loads_its_file_again(tmp_path: Path) -> None:
    until = 'start = "day"\nend = "until"'
    loaded(tmp_path, "n,day,until\n1,2022-04-01,2022-04-30\n", date=until)
    found = dates(tmp_path, "n,day,until\n1,2022-04-01,2022-04-02\n", date=until)
    assert (found["1"]["end"], found["1"]["precision"]) == ("2022-04-02", "days")


def test_words_that_say_more_than_days_are_kept_in_the_remark(tmp_path: Path) -> None:
    found = dates(tmp_path, 'n,day\n1,"May 9 or 10, 2010"\n2,Apr. 2022\n', date=WORDS)
    assert found["1"] == {
        "start": "2010-05-09",
        "end": "2010-05-10",
        "precision": "days",
        "remark": 'From the file: "May 9 or 10, 2010".',
        "time": None,
        "time_zone": None,
    }
    assert found["2"]["remark"] is None


def test_a_time_of_day_is_a_field_of_its_own_with_its_zone(tmp_path: Path) -> None:
    text = "n,day\n1,2024-01-02 23:50\n2,2024-01-03T00:30:00+02:00\n3,2024-01-03T00:30:00+05:30\n4,2024-01-03 00:00\n"
    path, own = rows(tmp_path, text), profile(tmp_path, date=WORDS)
    lines, _ = load(path, profile=own)
    found = {number: public()[f"small-{number}"]["date"] for number in "1234"}
    assert (found["1"]["time"], found["1"]["time_zone"]) == ("23:50", None)
    assert (found["2"]["start"], found["2"]["time"], found["2"]["time_zone"]) == ("2024-01-03", "00:30", "Etc/GMT-2")
    assert (found["3"]["time"], found["3"]["remark"]) == ("00:30", "From the file: offset from UTC +05:30.")
    assert found["4"]["time"] is None
    assert any(line.startswith("note: 1 dates have the time 00:00") for line in lines)


def test_a_file_of_midnights_has_days_and_nothing_is_said(tmp_path: Path) -> None:
    assert "00:00" not in said(tmp_path, "n,day\n1,2024-01-02 00:00\n2,2024-01-03 00:00\n", date=WORDS)


def test_a_time_that_the_profile_takes_from_elsewhere_wins(tmp_path: Path) -> None:
    own = 'time = "hour"\ntime_zone = { constant = "Europe/Kyiv" }'
    found = dates(tmp_path, "n,day,hour\n1,2024-01-02 23:50,11:00\n2,2024-01-02 23:50,\n", date=WORDS, incident=own)
    assert [found[number]["time"] for number in "12"] == ["11:00", "23:50"]
    assert found["2"]["time_zone"] == "Europe/Kyiv"


def test_the_time_of_an_end_is_in_the_remark(tmp_path: Path) -> None:
    text = "n,day,until\n1,2024-01-02 23:50,2024-01-03 04:10\n"
    found = dates(tmp_path, text, date=WORDS + '\nend = "until"')
    assert (found["1"]["time"], found["1"]["remark"]) == ("23:50", "From the file: ended at 04:10.")


def test_a_row_without_a_date_is_wrong_unless_the_profile_calls_it_unknown(tmp_path: Path) -> None:
    text = "n,day\n1,\n2,2024-01-02\n"
    with pytest.raises(CommandError):
        loaded(tmp_path, text)
    found = dates(tmp_path, text, date='start = "day"\nmissing = "unknown"')
    assert (found["1"]["start"], found["1"]["end"], found["1"]["precision"]) == (None, None, "unknown")


def test_the_same_holds_for_years_in_a_column_of_their_own(tmp_path: Path) -> None:
    text, parts = "n,y,m\n1,,\n2,2024,2\n", 'year = "y"\nmonth = "m"\n'
    with pytest.raises(CommandError):
        loaded(tmp_path, text, date=parts)
    found = dates(tmp_path, text, date=parts + 'missing = "unknown"')
    assert (found["1"]["precision"], found["2"]["precision"]) == ("unknown", "month")


def test_days_in_the_future_and_before_the_coverage_get_a_remark_by_line(tmp_path: Path) -> None:
    text = "n,day\n1,2999-01-02\n2,1066-10-14\n3,2024-01-02\n"
    told = said(tmp_path, text)
    assert "note: rows with a day in the future: 1, on line 2" in told
    assert "note: rows with a day before 1900-01-01: 1, on line 3" in told
    assert [public()[f"small-{number}"]["date"]["remark"] for number in "123"] == [
        "From the file: a day in the future.",
        "From the file: a day before 1900.",
        None,
    ]


def test_the_coverage_is_that_of_the_dataset(tmp_path: Path) -> None:
    text, coverage = "n,day\n1,2013-12-31\n2,2014-01-01\n", "coverage_start = 2014-01-01"
    told = said(tmp_path, text, dataset=coverage)
    assert "before 2014-01-01, when the coverage of the dataset begins: 1, on line 2" in told
    assert public()["small-1"]["date"]["remark"] == "From the file: a day before the coverage of the dataset."


def test_today_is_not_in_the_future(tmp_path: Path) -> None:
    assert "future" not in said(tmp_path, f"n,day\n1,{latest_today():%Y-%m-%d}\n2,{latest_today():%Y-%m}\n", date=WORDS)


def test_years_of_two_digits_are_reported(tmp_path: Path) -> None:
    told = said(tmp_path, "n,day\n1,Jan-93\n", date='start = "day"\nformats = ["%b-%y"]\npivot = 1930')
    assert "two digits; read as one of 1930 to 2029, and never in the future: 1, on line 2" in told


def test_a_day_of_publication_that_is_a_month_is_a_bound(tmp_path: Path) -> None:
    reports = REPORTS.format(lists="").replace("columns = {", 'columns = { on = "on", ')
    reports = reports.replace('url = "link"', 'url = "link"\npublished_on = "on"\nformats = ["%Y-%m-%d", "%Y-%m"]')
    text = "n,day,outlet,url,on\n1,2024-01-02,A,https://a.example/1,2024-02\n2,2024-01-02,A,https://a.example/2,2024-02-03\n"
    found = [loaded(tmp_path, text, rest=reports)[number]["reports"][0] for number in "12"]
    assert [(each["published"], each["published_not_before"]) for each in found] == [
        (None, "2024-02-01"),
        ("2024-02-03", None),
    ]


def test_a_load_keeps_times_and_remarks_of_editors_and_replaces_its_own(tmp_path: Path) -> None:
    loaded(tmp_path, "n,day\n1,2024-01-02\n2,summer 1993\n3,2024-01-02 23:50\n", date=WORDS)
    Incident.objects.filter(public_id="small-1").update(date_remark="Told by a neighbour.", time_of_day="10:00")
    assert "changed 2" in said(tmp_path, "n,day\n1,2999-01-02\n2,May 1993\n3,2024-01-02\n", date=WORDS)
    kept = dict(Incident.objects.order_by("public_id").values_list("public_id", "date_remark"))
    assert kept == {"small-1": "Told by a neighbour.", "small-2": "", "small-3": ""}
    assert Incident.objects.get(public_id="small-1").time_of_day == "10:00"
    assert public()["small-2"]["date"]["precision"] == "month"
    assert public()["small-3"]["date"]["time"] == "23:50"


@pytest.mark.parametrize(
    ("key", "said_of_it"),
    [
        ('formats = ["%d.%m"]', "incident.date.formats"),
        ("pivot = 9999", "incident.date.pivot"),
        ('missing = "x"', "incident.date.missing"),
    ],
)
def test_wrong_keys_of_dates_are_named(tmp_path: Path, key: str, said_of_it: str) -> None:
    with pytest.raises(ProfileError, match=said_of_it):
        load_profile(profile(tmp_path, date=f'start = "day"\n{key}'))
