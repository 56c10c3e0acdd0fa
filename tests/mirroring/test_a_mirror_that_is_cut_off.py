"""A small version of `python -m tests.mirroring.cut`, with real servers, real cuts and real kills."""

from __future__ import annotations

import pytest

from tests.mirroring.cut import run

pytestmark = pytest.mark.slow


def test_a_mirror_that_is_cut_off_ends_equal(seed: str) -> None:
    told = run(changes=120, cuts=3, seed=sum(map(ord, seed)))
    assert "equal up to publication" in told
