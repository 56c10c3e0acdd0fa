"""Database settings before and after a transaction that writes very many rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from incidents.ledger import prepared_rows

logger = logging.getLogger(__name__)

MANY = 10_000
"""Number of written records after which the planner's statistics are out of date."""

LARGE, CACHE = 200_000, -262_144
"""From this number of records on, a large cache (in KB) pays off during the transaction: pages that are written again
need not be read from a long log. For fewer records it takes longer to touch the memory for the first time."""


class Bulk:
    """Counts the records that were written."""

    def __init__(self) -> None:
        self.written = 0


@contextmanager
def in_bulk(expected: int = 0) -> Iterator[Bulk]:
    """Prepare the database for a transaction with many records; the block reports the written number.

    `expected` is the maximum number.

    SQLite would run a checkpoint of a large transaction after its commit, and ANALYZE after that; here both run in
    parallel.
    """
    bulk = Bulk()
    with _log_left_alone(large=expected >= LARGE) as has_log:
        try:
            yield bulk
        finally:
            prepared_rows.detach()
        if bulk.written < MANY:
            return
        try:
            _tidy(has_log=has_log)
        except DatabaseError:
            # What was written is committed, and answers are right without this, only slower.
            logger.warning("All data was stored, but updating the database statistics failed.", exc_info=True)


def _tidy(*, has_log: bool) -> None:
    with ThreadPoolExecutor(1) as other:
        moved = other.submit(_move_log, connections[DEFAULT_DB_ALIAS]) if has_log else None
        _refresh_statistics()
    if moved is not None:
        moved.result()


@contextmanager
def _log_left_alone(*, large: bool) -> Iterator[bool]:
    """Disable SQLite's automatic checkpoints in the block; yields whether there is a log."""
    if connection.vendor != "sqlite" or _pragma("journal_mode") != "wal":
        yield False
        return
    usual = {name: _pragma(name) for name in ("wal_autocheckpoint", "cache_size")}
    _pragma("wal_autocheckpoint = 0")
    if large:
        _pragma(f"cache_size = {CACHE}")
    try:
        yield True
    finally:
        for name, value in usual.items():
            _pragma(f"{name} = {value}")
        _pragma("shrink_memory")


def _refresh_statistics() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _move_log(database: BaseDatabaseWrapper) -> None:
    """Move what no reader needs in the log any more into the file, by a connection of this thread's own."""
    mine = database.copy()
    try:
        with mine.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    finally:
        mine.close()


def _pragma(said: str) -> object:
    with connection.cursor() as cursor:
        row = cursor.execute(f"PRAGMA {said}").fetchone()
    return row[0] if row else None
