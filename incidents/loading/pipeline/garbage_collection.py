"""Python's search for objects that hold each other, made rarer while a load makes millions that do not."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 200_000
"""New objects between two searches: some tens of megabytes. The usual few hundred cost a load a fifth of its time."""


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Search seldom within, and as before afterwards."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def collect_seldom() -> None:
    """Search seldom from now on."""
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
