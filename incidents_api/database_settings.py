"""How connections to the database behave: locks, memory and prepared statements, for SQLite and for PostgreSQL."""

from __future__ import annotations

from typing import Any

PREPARE_FROM = 2
"""Number of executions on a connection before a statement is prepared."""


def sqlite_options(timeout: float) -> dict[str, Any]:
    """Options of connections to SQLite; `timeout` is how long they wait for a lock, in seconds."""
    return {
        # Publications write after they read: taking the write lock first turns deadlocks into waiting.
        "transaction_mode": "IMMEDIATE",
        "timeout": timeout,
        # A new file has pages that hold three documents; of the usual size they hold one, and almost half is empty.
        "init_command": (
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
            "PRAGMA mmap_size=2147418112; PRAGMA cache_size=-16384;"
        ),
    }


def with_options(database: dict[str, Any], *, timeout: float, pool: int, prepare: bool) -> dict[str, Any]:
    """Add to the settings of a database what this server wants of it; PostgreSQL's options in its address stay.

    `timeout` is SQLite's, `pool` and `prepare` are PostgreSQL's.
    """
    options: dict[str, Any] = database.setdefault("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        options |= sqlite_options(timeout)
        database["CONN_MAX_AGE"] = None
    elif database["ENGINE"].endswith("postgresql"):
        if pool:
            options.setdefault("pool", {"min_size": 1, "max_size": pool, "timeout": 10})
        else:
            database["CONN_MAX_AGE"] = None
        database["CONN_HEALTH_CHECKS"] = False
        options.setdefault("prepare_threshold", PREPARE_FROM if prepare else None)
        if prepare:
            # What is prepared has one good plan; comparing it with others would mean planning for each request.
            options.setdefault("options", "-c plan_cache_mode=force_generic_plan")
    return database
