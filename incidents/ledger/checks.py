"""System checks: what the ledger needs from the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Warned
from django.db import DatabaseError, connections

from incidents.ledger.database import Kind, findings

IDS = {
    Kind.NEWER: "ledger.E003",
    Kind.UNFIT: "ledger.E004",
    Kind.PENDING: "ledger.E005",
    Kind.INDEX: "ledger.W001",
    Kind.CONSTRAINT: "ledger.W002",
}
_migrating = ContextVar("migrating", default=False)


@contextmanager
def migrations_follow() -> Iterator[None]:
    """Say nothing of migrations that wait: they are about to be applied."""
    token = _migrating.set(True)
    try:
        yield
    finally:
        _migrating.reset(token)


def check_database_fits(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error for each reason why this code cannot use a database, a warning for each missing index."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor not in ("sqlite", "postgresql"):
            continue  # said below
        try:
            wrong = findings(alias)
        except DatabaseError as error:
            hint = "Check DATABASE_URL, and that the database is running and accepts connections from this server."
            found.append(Error(f"The database cannot be read: {str(error).strip()}", hint=hint, id="ledger.E006"))
            continue
        for finding in wrong:
            if finding.kind is Kind.PENDING and _migrating.get():
                continue
            level = Error if finding.kind.stops else Warned
            found.append(level(finding.text, hint=finding.hint, id=IDS[finding.kind]))
    return found


def check_database_features(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error for each database with an unsupported engine or without full-text search."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        vendor = connections[alias].vendor
        if vendor not in ("sqlite", "postgresql"):
            found.append(
                Error(
                    f"The ledger does not support {vendor}.",
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
