"""A folder for releases, and a ledger to release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incidents import publishing
from tests import worlds
from tests.query.world import World, clock

PUBLIC_URL = "https://incidents.example.org"


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    """The folder in which the server keeps what is its own."""
    settings.VAR_DIR = tmp_path
    settings.PUBLIC_URL = PUBLIC_URL
    return tmp_path


@worlds.world
def thirty() -> World:
    """Thirty incidents of three datasets, published."""
    with clock():
        made = World(3)
        publishing.publish([*made.sources, *made.actors, *made.datasets, *made.locations.values()])
        publishing.publish([made.incident() for _ in range(30)])
    return made


@pytest.fixture
def world(thirty: Any, var: Path) -> Iterator[Any]:
    """Those, at the time at which they were published; it stands still."""
    with clock() as thirty.tick:
        yield thirty
