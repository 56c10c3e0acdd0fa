"""A text of an incident with a hidden day is searched for days in words and figures, and for months if need be."""

from __future__ import annotations

from datetime import date

import pytest

from incidents.publishing.revealing_text import Finding, Hidden, RevealingText


def found(text: str, level: str = "month") -> list[Finding]:
    return RevealingText(Hidden(date=level, days=(date(2022, 8, 4),))).find(text)


@pytest.mark.parametrize(
    "text",
    [
        "4 August", "August 4", "Aug. 4", "4th of Aug", "4. August", "4-го серпня", "4 серпня", "4 августа", "4 авг",
        "4 août", "4 de agosto", "4 sierpnia", "4 Ağustos", "4 srpna", "4 Αυγούστου", "٤ أغسطس", "8月4日",
        "04.08.2022", "4.8.22", "8/4/22", "04/08/2022", "2022-08-04", "2022/8/4", "20220804", "4.VIII.2022",
    ],
)  # fmt: skip
def test_the_hidden_day_is_known_in_words_and_figures(text: str) -> None:
    (finding,) = found(f"Shots, {text}, again")
    assert (finding.words, finding.kind, finding.hidden) == (text, "day", "2022-08-04")
    assert finding.why == "is the hidden day"


@pytest.mark.parametrize(
    "text",
    [
        "fourth of August", "August the fourth", "перше серпня", "четвертого августа", "7 July", "24.02.2022",
        "Thursday", "четвер", "четверг", "среду", "jeudi", "Donnerstag", "czwartek", "4 August 2021",
    ],
)  # fmt: skip
def test_other_days_are_found(text: str) -> None:
    (finding,) = found(f"Shots on {text}, again")
    assert text.startswith(finding.words)
    assert not finding.possible


@pytest.mark.parametrize(
    "text",
    [
        "on the 4th", "on the fourth", "4-го числа", "4/8", "04.08", "1659600000", "Independence Day", "Easter",
        "Різдво", "День Незалежності", "14:30", "5 p.m", "о 5-й годині", "at 14.30", "noon", "опівночі", "day 162",
        "162-й день війни", "two days after", "calendar week 31", "через три дні після",
    ],
)  # fmt: skip
def test_what_may_say_the_day_is_found(text: str) -> None:
    (finding,) = found(f"Shots {text}, again")
    assert finding.words == text
    assert finding.possible


@pytest.mark.parametrize(
    "text",
    [
        "4 آب", "الرابع من أغسطس", "cuatro de agosto", "le quatre août", "4 VIII", "VIII/4", "4-VIII", "W31",
        "2022-W31-4",
        "2022W314", "JD 2459796", "2459795.5", "59795", "2022-216", "2022216", "220804", "040822", "4 ago", "4 sie",
        "041430ZAUG22", "04AUG2022", "on Thu.", "Thu, 4", "в чт.", "الخميس", "Bastille Day", "Fête nationale",
        "día de la Independencia", "на Спаса", "عاشوراء", "عيد الأضحى", "election day", "full moon", "6 Muharram",
        "٦ محرم",
        "13 Mordad", "7 Av", "the 4th", "fourth of the month", "4th inst", "le 4 du mois", "el día 4", "am 4.",
        "четвертого числа", "ночь на четвертое", "first week of August", "early August", "mid-August", "début août",
        "a finales de agosto", "на початку серпня", "в конце августа", "أواخر آب", "D+161", "161-я ночь войны",
        "14h30",
        "à 14 heures", "a las 14:30", "1430Z", "1659571200",
    ],
)  # fmt: skip
def test_a_day_is_found_in_other_languages_calendars_and_notations(text: str) -> None:
    assert any(set(each.words) & set(text) for each in found(f"Shots, {text}, again")), text


@pytest.mark.parametrize(
    "text",
    [
        "the second of four", "He is the first.", "W 31 street", "5 dead",
        "about 220805 people", "2022-365 people", "Early warning sounded.", "the end of the road", "Team A+4",
        "between 100 and 200", "from AUG to SEP", "Fri is a village", "the 15th brigade", "24 h", "two in one",
    ],
)  # fmt: skip
def test_figures_and_words_of_other_things_are_no_day(text: str) -> None:
    assert found(text) == []


def test_relative_words_count_next_to_another_day() -> None:
    assert found("Two days later they left; the next morning they came back.") == []
    assert [each.words for each in found("On 24 February. Two days later they left.")] == [
        "24 February",
        "Two days later",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "In August 2022 shots were heard.", "In May they may march.", "the 4th brigade", "from the 4th Tank Division",
        "5 people in 2022", "the second attack", "He led 5 men here 3 times.", "three months of fighting", "at night",
        "12,000 people", "version 1.2.3.4", "luhansk-2022-0004", "luhansk-2022-0812",
        "after several days of fighting",
    ],
)  # fmt: skip
def test_what_is_no_day_is_not_found(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "August", "серпні", "августе", "08.2022", "2022-08", "août", "августовский", "summer of 2022", "Q3 2022",
        "летом", "8月", "tháng 8", "sierpniu", "VIII 2022", "8/22", "H2 2022", "month 8", "mid-year", "l'été",
        "літо 2022",
        "half a year after", "six months into", "the rainy season",
    ],
)  # fmt: skip
def test_months_count_if_only_the_year_is_shown(text: str) -> None:
    assert [each.words.removeprefix("in ") for each in found(f"in {text}", "year")] in (
        [text],
        [text.removeprefix("the ")],
    )
    assert found(f"in {text}", "month") == []


@pytest.mark.parametrize("text", ["they may go", "a protest march", "August Müller", "a summary", "luhansk-2022-0004"])
def test_words_that_only_look_like_a_month_do_not_count(text: str) -> None:
    assert found(text, "year") == []
