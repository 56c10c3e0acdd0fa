"""How often a process looks for garbage that refers to itself."""

from __future__ import annotations

import gc

OBJECTS = 50_000
"""New containers before the youngest are looked through, while a process starts."""

SEARCHES = 20
"""Searches of the youngest before those that stayed are looked through."""

USUAL = gc.get_threshold()


def search_less() -> None:
    """Search for garbage less often: importing Django makes 300,000 objects that stay, and no garbage."""
    gc.set_threshold(OBJECTS, SEARCHES)


def search_as_usual() -> None:
    """Search as often as Python does, but not what has been made so far: a server keeps that to its end.

    A request and its response refer to each other, so that the memory of a page is free only after a search.
    """
    gc.freeze()
    gc.set_threshold(*USUAL)
