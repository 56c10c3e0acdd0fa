"""How often a process looks for garbage that refers to itself."""

from __future__ import annotations

import gc

OBJECTS = 50_000
"""New containers before the youngest are looked through, while a process starts."""

OBJECTS_OF_REQUESTS = 10_000
"""The same while it serves: a request leaves some hundreds, which refer to each other, and a few kilobytes."""

SEARCHES = 20
"""Searches of the youngest before those that stayed are looked through."""


def search_less() -> None:
    """Search for garbage less often: importing Django makes 300,000 objects that stay, and no garbage."""
    gc.set_threshold(OBJECTS, SEARCHES)


def search_between_requests() -> None:
    """Search once in some requests, and not what has been made so far: a server keeps that to its end."""
    gc.freeze()
    gc.set_threshold(OBJECTS_OF_REQUESTS, SEARCHES)
