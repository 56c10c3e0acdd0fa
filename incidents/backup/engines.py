"""Choice of the module that copies and restores a database, by engine."""

from __future__ import annotations

from types import ModuleType

from django.db import connection

from incidents.backup import postgresql, sqlite

ENGINES: dict[str, ModuleType] = {"postgresql": postgresql, "sqlite": sqlite}


def engine() -> ModuleType:
    """Module for the engine of the database, with `snapshot`, `write`, `restored` and `require_sound`."""
    return ENGINES[connection.vendor]
