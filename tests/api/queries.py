"""Names for the statements that an answer costs, so that a test can list them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

NAMES = (
    ("known values", "SELECT CASE WHEN EXISTS (SELECT 1 FROM ledger_revision WHERE kind"),
    ("places", "SELECT counts FROM ledger_publication"),
    ("moment", "SELECT NULL AS probe", "FROM ledger_head"),
    ("moment and keys", "AS probe", "FROM ledger_head"),
    ("page", "FROM ledger_head", "UNION ALL"),
    ("count", "count(*)"),
    ("item", "FROM ledger_head", "ledger_revision"),
    ("item", "FROM ledger_revision", "LIMIT 1"),
    ("history", "ledger_revision", "ORDER BY"),
)
"""Name of a statement → what it holds; the first that fits."""


def name_of(sql: str) -> str:
    """Return the name of a statement, or all of it if it is none that we know."""
    return next((name for name, *parts in NAMES if all(part in sql for part in parts)), sql)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL that is run, as it is written, before parameters come into it."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen


def queries_of(ask: Callable[[], Any]) -> list[str]:
    """Return the names of the statements that are run, in order."""
    with statements() as seen:
        ask()
    return [name_of(sql) for sql in seen]
