"""How often a process looks for garbage that refers to itself."""

from __future__ import annotations

import gc

OBJECTS = 50_000
"""New containers before the youngest are looked through. A request makes a few thousand; most go without a search."""

SEARCHES = 20
"""Searches of the youngest before those that stayed are looked through."""


def search_less() -> None:
    """Search for garbage less often: importing Django makes 300,000 objects that stay, and no garbage."""
    gc.set_threshold(OBJECTS, SEARCHES)
