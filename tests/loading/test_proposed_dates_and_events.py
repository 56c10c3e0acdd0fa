"""How proposals read days, times and kinds of event."""

import tomllib
from pathlib import Path

import pytest

from incidents.loading.inspection.event_terms import term_of
from tests.loading.files import load, public
from tests.loading.proposing import proposal_of, written
from tests.loading.test_inspecting import told


def test_times_of_day_with_seconds_are_times(tmp_path: Path) -> None:
    path = written(tmp_path, ["id", "date", "time", "what"], ["1", "2024-01-02", "09:05:30", "A fire"])
    assert 'time = "time"' in proposal_of(path)[1]


def test_many_kinds_of_event_each_get_a_line(tmp_path: Path) -> None:
    path = written(tmp_path, ["id", "date", "type"], *[[str(n), "2024-01-02", f"kind {n % 120}"] for n in range(300)])
    _, text, trial = proposal_of(path)
    assert len(tomllib.loads(text)["incident"]["event_type"][0]["values"]) == 120
    assert (trial.rows, trial.bad) == (300, 0)


@pytest.mark.parametrize(
    ("value", "event_type", "subtype", "sure"),
    [
        ("sabotage", "sabotage", "", "sure"),
        ("air_strike", "strike", "air_strike", "sure"),
        ("Explosions/Remote violence", "explosion", "", "likely"),
        ("Air/drone strike", "strike", "air_strike", "likely"),
        ("Bombing/Explosion", "explosion", "", "likely"),
        ("Обстріл міста", "strike", "shelling", "LOOK"),
        ("похищение человека", "coercion", "abduction", "LOOK"),
        ("Secuestro", "coercion", "abduction", "LOOK"),
        ("something else", "unknown", "", "LOOK"),
    ],
)
def test_kinds_of_event_are_known_by_words_of_ours_and_of_others(
    value: str, event_type: str, subtype: str, sure: str
) -> None:
    assert term_of(value) == (event_type, subtype, sure)


def test_mixed_orders_of_day_and_month_are_told_with_lines(tmp_path: Path) -> None:
    path = written(tmp_path, ["id", "date", "what"], ["1", "25/06/2022", "A fire"], ["2", "06/25/2022", "A bus"])
    lines = told(path)
    assert any("MIXED days and months" in line for line in lines)
    assert any(line.startswith("# LOOK: MIXED") for line in lines)
    assert '  line 3, date: "06/25/2022", expected a date such as 22/01/2014' in lines


@pytest.mark.parametrize(
    ("cells", "formats", "days", "times"),
    [
        (
            ["2024-01-02 10:15", "2024-01-03 11:20"],
            ["%Y-%m-%d %H:%M"],
            ["2024-01-02", "2024-01-03"],
            ["10:15", "11:20"],
        ),
        (
            ["12/31/2024 10:15:00 PM", "1/2/2024 1:05:00 AM"],
            ["%m/%d/%Y %I:%M:%S %p"],
            ["2024-12-31", "2024-01-02"],
            ["22:15", "01:05"],
        ),
        (
            ["2024-01-02T23:30:00+02:00", "2024-01-03T04:10:00Z"],
            ["%Y-%m-%dT%H:%M:%S%z"],
            ["2024-01-02", "2024-01-03"],
            ["23:30", "04:10"],
        ),
        (["45293", "45294.5"], ["excel"], ["2024-01-02", "2024-01-03"], ["", "12:00"]),
        (["45293", "2024-01-03"], ["%Y-%m-%d", "excel"], ["2024-01-02", "2024-01-03"], ["", ""]),
        (["2 мая 2010 г.", "May 9, 2010"], ["%B %d, %Y", "words"], ["2010-05-02", "2010-05-09"], ["", ""]),
        (["Apr 2022", "2022-05"], ["words"], ["2022-04-01", "2022-05-01"], ["", ""]),
    ],
)
@pytest.mark.django_db
def test_ways_to_write_days_are_recognised_and_the_time_is_kept(
    tmp_path: Path, cells: list[str], formats: list[str], days: list[str], times: list[str]
) -> None:
    rows = [[str(number), cell, f"A fire, number {number}"] for number, cell in enumerate(cells)]
    path = written(tmp_path, ["id", "date", "what"], *rows)
    _, text, trial = proposal_of(path)
    assert set(tomllib.loads(text)["incident"]["date"]["formats"]) == set(formats)
    assert trial.bad == 0
    (tmp_path / "mine.toml").write_text(text)
    load(path, profile=str(tmp_path / "mine.toml"))
    dates = [public()[f"a-{number}"]["date"] for number in range(2)]
    assert [each["start"] for each in dates] == days
    assert [each["time"] or "" for each in dates] == times


@pytest.mark.django_db
def test_rows_without_a_date_are_told_and_loaded(tmp_path: Path) -> None:
    path = written(
        tmp_path, ["id", "date", "what"], ["1", "2024-01-02", "A fire"], ["2", "", "A bus"], ["3", "n/a", "A raid"]
    )
    _, text, trial = proposal_of(path)
    assert "# LOOK: 2 rows have no date;" in text
    assert (trial.rows, trial.bad) == (3, 0)
    (tmp_path / "mine.toml").write_text(text)
    load(path, profile=str(tmp_path / "mine.toml"))
    assert [each["date"]["start"] for _, each in sorted(public().items())] == ["2024-01-02", None, None]
