"""A small version of `python -m tests.mirroring.cut`, with real servers, real cuts and real kills."""

from __future__ import annotations

from tests.mirroring.cut import run


def test_a_mirror_that_is_cut_off_ends_equal() -> None:
    told = run(changes=120, cuts=3, seed=3)
    assert "equal up to publication" in told
