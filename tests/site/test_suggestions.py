import pytest

from incidents_api.parameters.errors import LONGEST_ECHO, nearest, parameter_error

NAMES = ["event_type", "date_after", "date_before", "location", "limit"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("evnt_type", "event_type"), ("EVENT_TYPE", "event_type"), ("locaton", "location"), ("date_befor", "date_before")],
)
def test_a_slip_of_the_finger_suggests_what_was_meant(typed: str, meant: str) -> None:
    assert nearest(typed, NAMES) == meant


@pytest.mark.parametrize("typed", ["", "x", "🙂", "utterly different words", "a" * 100_000])
def test_what_is_like_nothing_suggests_nothing(typed: str) -> None:
    assert nearest(typed, NAMES) is None


def test_a_long_value_is_repeated_in_part() -> None:
    error = parameter_error("q", "я" * 5000, "Is too long.")

    assert error["value"] == "я" * LONGEST_ECHO + "…"
