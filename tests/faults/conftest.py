import sys
from collections.abc import Callable

import pytest

from tests.serving.conftest import database, server

__all__ = ["database", "server"]

Say = Callable[[str], object]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Print a figure that is a bound of ours, whether the test passes or not."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return write
