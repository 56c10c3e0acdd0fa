"""Choice of the module that copies and restores a database, by engine."""

from __future__ import annotations

from types import ModuleType

from django.db import connections

from incidents.backup import postgresql, sqlite

ENGINES: dict[str, ModuleType] = {"postgresql": postgresql, "sqlite": sqlite}


def engine_of(using: str) -> ModuleType:
    """Module for the engine of a database, with `snapshot`, `write`, `restored` and `require_sound`."""
    return ENGINES[connections[using].vendor]
