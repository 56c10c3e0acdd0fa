"""Which module copies and fills the database at hand."""

from __future__ import annotations

from types import ModuleType

from django.db import connection

from incidents.backup import postgresql, sqlite

ENGINES: dict[str, ModuleType] = {"postgresql": postgresql, "sqlite": sqlite}


def engine() -> ModuleType:
    """Return the module for the database: it has `snapshot`, `write`, `restored` and `require_sound`."""
    return ENGINES[connection.vendor]
