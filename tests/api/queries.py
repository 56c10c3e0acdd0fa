"""Names for the statements that an answer costs, so that a test can list them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

NAMES = (
    ("page", "FROM ledger_head", "UNION ALL"),
    ("count", "count(*)"),
    ("item", "FROM ledger_head", "ledger_revision"),
    ("moment", "FROM ledger_head"),
    ("keys", "SELECT key FROM"),
    ("keys", "SELECT ledger_keys_in_box("),
    ("item", "FROM ledger_revision", "LIMIT 1"),
    ("history", "ledger_revision", "ORDER BY"),
)
"""Name of a statement → what it holds; the first that fits."""


def name_of(sql: str) -> str:
    """Return the name of a statement, or all of it if it is none that we know."""
    return next((name for name, *parts in NAMES if all(part in sql for part in parts)), sql)


def queries_of(ask: Callable[[], Any]) -> list[str]:
    """Return the names of the statements that are run, in order."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [name_of(query["sql"]) for query in captured]
