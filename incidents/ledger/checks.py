"""Tells at start what the database lacks that the ledger needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections


def check_database_features(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Return an error for each database whose engine is unknown to the ledger or lacks an index it needs."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        vendor = connections[alias].vendor
        if vendor not in ("sqlite", "postgresql"):
            found.append(
                Error(
                    f"The ledger cannot be kept on {vendor}.",
                    hint="Set DATABASE_URL to postgres://… or sqlite:///….",
                    id="ledger.E001",
                )
            )
        if vendor == "sqlite":
            with sqlite3.connect(":memory:") as memory:
                options = {row[0] for row in memory.execute("PRAGMA compile_options")}
            if "ENABLE_FTS5" not in options:
                found.append(
                    Error(
                        "This Python's SQLite was built without ENABLE_FTS5.",
                        hint="Use a Python from python.org or a distribution, or PostgreSQL.",
                        id="ledger.E002",
                    )
                )
    return found
