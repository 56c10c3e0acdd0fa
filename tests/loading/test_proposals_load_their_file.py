"""What is proposed loads the file it was made from: any file of rows, and the cases beside the repository."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incidents.loading.inspection.hungarian import cheapest
from tests.loading.proposing import CASES, assert_accounted_for, proposal_of, written
from tests.loading.test_inspecting import told

# ---- Any file of rows


def _some(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40)
COLUMNS: dict[str, st.SearchStrategy[str]] = {
    "id": st.integers(0, 10**6).map(str),
    "Event ID": WORDS,
    "Case number": _some("1", "2"),
    "Incident Date": st.dates().map(str) | st.just(""),
    "дата": st.dates(min_value=__import__("datetime").date(1900, 1, 1)).map(lambda day: day.strftime("%d.%m.%Y")),
    "town": WORDS,
    "Admin 1": WORDS,
    "type": WORDS,
    "Sub event type": WORDS,
    "what\nhappened": WORDS,
    "Notes": st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=300),
    "lat": st.floats(-90, 90).map(lambda value: f"{value:.5f}"),
    "lon": st.floats(-180, 180).map(lambda value: f"{value:.5f}"),
    "gps": _some("48.5, 37.9", "", "(48.5, 37.9)", "POINT (37.9 48.5)"),
    "killed": _some("0", "1", "12", "", "NA", "-9"),
    "Injured": _some("0", "1", "12", "", "NA"),
    "low": _some("0", "1", "20", ""),
    "high": _some("0", "1", "20", ""),
    "source": WORDS,
    "url": _some("https://example.org/a", "https://example.org/b", ""),
    "perpetrator": WORDS,
    "victim": WORDS,
    "tags": _some("a; b", "c", ""),
    "a{b}": WORDS,
    'quote"': WORDS,
    "": _some("x", ""),
    "Country": _some("Ukraine", "Iraq", ""),
    "iso3": _some("UKR", "IRQ", ""),
    "weight": _some("1,5", "2", "1.200,5", ""),
    "Headline": WORDS,
    "Publication date": _some("2024-01-02", "soon", ""),
    "Language": _some("en", "uk", ""),
    "pcode": _some("UA0100", ""),
    "wikidata id": _some("Q1", ""),
    "geonameid": _some("12345", ""),
    "date_prec": _some("1", "2", "5"),
    "where_prec": _some("1", "7", ""),
    "Admin 3": WORDS,
    "address": WORDS,
    "month": _some("1", "12"),
    "report link": _some("https://example.org/a", "see page 3", ""),
    "Time": _some("10:15", "", "23:59"),
    "Year": _some("2020", "2021"),
    "Occurred": _some("2024-01-02 10:15", "May 2022", "5 мая 2010 г.", "45293", "12/31/2024", "2024-01-02T04:10:00Z"),
}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_proposed_loads_the_file_that_it_was_made_from(data: st.DataObject, tmp_path_factory: Any) -> None:
    dated = data.draw(st.sampled_from(["Incident Date", "дата", "Year", "Occurred"]))
    others = data.draw(st.lists(st.sampled_from([name for name in COLUMNS if name != dated]), unique=True, max_size=12))
    header = data.draw(st.permutations([dated, *others]))
    rows = data.draw(st.lists(st.tuples(*[COLUMNS[name] for name in header]).map(list), min_size=1, max_size=12))
    assume(any("".join(cells).strip() for cells in rows))  # else the file has no rows
    path = written(tmp_path_factory.mktemp("any"), header, *rows)
    plan, text, trial = proposal_of(path)
    assert (trial.error, trial.faults) == ("", [])
    assert trial.rows - trial.remarks.get("rows left out by the profile: lines below the data", 0) <= len(rows)
    assert_accounted_for(plan, text)


@given(
    st.integers(1, 5).flatmap(
        lambda rows: st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5), min_size=rows, max_size=rows)
    )
)
def test_an_assignment_is_the_cheapest_of_all(costs: list[list[int]]) -> None:
    from itertools import permutations

    found = cheapest(costs)
    assert len(set(found)) == len(found)
    least = min(sum(costs[row][at] for row, at in enumerate(some)) for some in permutations(range(5), len(costs)))
    assert sum(costs[row][at] for row, at in enumerate(found)) == least


# ---- The cases beside the repository

needs_cases = pytest.mark.skipif(not CASES.exists(), reason=f"the cases are not in {CASES}")
REFUSED = {"formula.xlsx": "never calculated", "sheet_trailing_space.xlsx": "has the sheets"}
NO_DAYS = {"born.csv"}
BAD_ROWS = {"crash_mixed_order.csv": 1, "dmy2.csv": 1, "counts.csv": 5, "merged.xlsx": 0}


@needs_cases
@pytest.mark.parametrize("path", sorted(CASES.glob("*.*")), ids=lambda path: path.name)
def test_the_proposal_for_a_case_loads_it_and_names_every_column(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(CommandError, match=REFUSED[path.name]):
            told(path)
        return
    plan, text, trial = proposal_of(path)
    assert_accounted_for(plan, text)
    if path.name in NO_DAYS:
        assert "LOOK: no column was found that holds days" in text
        return
    assert trial.error == ""
    assert trial.bad <= BAD_ROWS.get(path.name, 0)


@needs_cases
def test_a_sheet_whose_name_ends_in_a_blank_is_named_as_it_is() -> None:
    _, text, trial = proposal_of(CASES / "sheet_trailing_space.xlsx", sheet="2016-23 Attacks ")
    assert tomllib.loads(text)["file"]["sheet"] == "2016-23 Attacks "
    assert (trial.error, trial.bad) == ("", 0)
