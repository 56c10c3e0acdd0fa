"""Rows of the real file that hold its traps (CC BY 4.0, see ucdp_excerpt.NOTICE.md), for where the whole is not."""

from pathlib import Path

import pytest

from tests.loading.files import load, outcome, public

pytestmark = pytest.mark.django_db

EXCERPT = Path(__file__).with_name("ucdp_excerpt.csv")


def test_every_trap_is_met() -> None:
    lines, err = load(EXCERPT)
    assert err == ""
    assert lines[0] == "note: line 2 is a row of HXL tags, no data"
    assert lines[-2:] == [
        "note: rows whose low, best and high are not in order; kept as they are coded: 3, on lines 22, 23, 29",
        "added 25, changed 0, withdrawn 0, unchanged 0",
    ]
    incidents = public()
    assert {each["location"]["precision"] for each in incidents.values()} == {
        "settlement",
        "near_settlement",
        "admin2",
        "admin1",
        "landscape",
        "country",
        "international",
    }
    assert {each["location"]["admin2"] for each in incidents.values()} & {"Volnovakha Raion", "Volnovakha raion"} in (
        {"Volnovakha Raion"},
        {"Volnovakha raion"},
    )
    assert not any("\\n" in str(each) for each in incidents.values())
    assert outcome(EXCERPT) == "added 0, changed 0, withdrawn 0, unchanged 25"
