"""A folder for releases, and a ledger to release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incidents import publishing
from tests.query.world import World, clock


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    """The folder in which the server keeps what is its own."""
    settings.VAR_DIR = tmp_path
    settings.PUBLIC_URL = "https://incidents.example.org"
    return tmp_path


@pytest.fixture
def world(var: Path) -> Iterator[Any]:
    """Thirty incidents of three datasets, published; time stands still."""
    with clock() as tick:
        made: Any = World(3)
        publishing.publish([*made.sources, *made.actors, *made.datasets, *made.locations.values()])
        publishing.publish([made.incident() for _ in range(30)])
        made.tick = tick
        yield made
