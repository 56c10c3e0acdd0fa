"""To follow a request, few modules have to be read: those that an answer passes from the view on are counted."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from incidents import publishing
from tests import worlds
from tests.query.world import World

ROOT = Path(__file__).resolve().parents[2]
OURS = (f"{ROOT / 'incidents'}/", f"{ROOT / 'incidents_api'}/")
MIDDLEWARE = {path.rpartition(".")[0] for path in settings.MIDDLEWARE}
"""Every request of the site passes these before its view."""

pytestmark = pytest.mark.django_db

Passed = dict[str, list[str]]
"""Module → its functions that were called, in the order in which they first were."""


@worlds.world
def world() -> Any:
    """A public world."""
    world: Any = World(3)
    publishing.publish([*world.sources, *world.actors, *world.datasets, *world.locations.values()])
    publishing.publish([world.incident() for _ in range(15)])
    return world


@contextmanager
def noted() -> Iterator[Passed]:
    """Note every function of ours that is called meanwhile."""
    passed: Passed = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(OURS):
            module = ".".join(Path(file).relative_to(ROOT).with_suffix("").parts)
            functions = passed.setdefault(module, [])
            if frame.f_code.co_name not in functions:
                functions.append(frame.f_code.co_name)

    gc.collect()  # what other tests left unread would be closed meanwhile
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield passed
    finally:
        sys.setprofile(before)


def answer(path: str) -> bytes:
    response: Any = APIClient().get(f"/api/v1/{path}")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200, body
    return bytes(body)


def passed_by(path: str) -> Passed:
    """Return what an answer passes once what is kept between requests is there."""
    for _ in range(2):
        answer(path)
    with noted() as passed:
        answer(path)
    return {module: functions for module, functions in passed.items() if module not in MIDDLEWARE}


def told(passed: Passed) -> str:
    return "\n".join(f"{at:3} {module}: {', '.join(names)}" for at, (module, names) in enumerate(passed.items(), 1))


@pytest.mark.parametrize("box", ["-180,-90,180,90", "30,40,40,50", "170,-10,-170,10"])
def test_a_request_for_a_box_passes_at_most_twelve_modules(world: Any, box: str) -> None:
    passed = passed_by(f"incidents/?bbox={box}")
    assert "incidents.ledger.grid" in passed
    assert len(passed) <= 12, told(passed)


@pytest.mark.parametrize("path", ["incidents.csv", "incidents.csv?limit=1", "incidents.csv?bbox=-180,-90,180,90"])
def test_a_row_of_an_export_passes_at_most_twenty_five_modules(world: Any, path: str) -> None:
    passed = passed_by(path)
    assert "incidents.tables.cells" in passed
    assert len(passed) <= 25, told(passed)
