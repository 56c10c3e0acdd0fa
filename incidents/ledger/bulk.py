"""Database settings before and after a transaction that writes very many rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import DatabaseError, connections

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
def in_bulk(using: str = "default", expected: int = 0) -> Iterator[Bulk]:
    """Prepare the database for a transaction with many records; the block reports the written number.

    `expected` is the maximum number.

    SQLite would run a checkpoint of a large transaction after its commit, and ANALYZE after that; here both run in
    parallel.
    """
    bulk = Bulk()
    with _log_left_alone(using, large=expected >= LARGE) as has_log:
        try:
            yield bulk
        finally:
            prepared_rows.let_go(using)
        if bulk.written < MANY:
            return
        try:
            _tidy(using, has_log=has_log)
        except DatabaseError:
            # What was written is committed, and answers are right without this, only slower.
            logger.warning("All data was stored, but updating the database statistics failed.", exc_info=True)


def _tidy(using: str, *, has_log: bool) -> None:
    with ThreadPoolExecutor(1) as other:
        moved = other.submit(_move_log, using) if has_log else None
        _refresh_statistics(using)
    if moved is not None:
        moved.result()


@contextmanager
def _log_left_alone(using: str, *, large: bool) -> Iterator[bool]:
    """Disable SQLite's automatic checkpoints in the block; yields whether there is a log."""
    if connections[using].vendor != "sqlite" or _pragma("journal_mode", using) != "wal":
        yield False
        return
    usual = {name: _pragma(name, using) for name in ("wal_autocheckpoint", "cache_size")}
    _pragma("wal_autocheckpoint = 0", using)
    if large:
        _pragma(f"cache_size = {CACHE}", using)
    try:
        yield True
    finally:
        for name, value in usual.items():
            _pragma(f"{name} = {value}", using)
        _pragma("shrink_memory", using)


def _refresh_statistics(using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("ANALYZE")


def _move_log(using: str) -> None:
    """Move what no reader needs in the log any more into the file, by a connection of this thread's own."""
    try:
        _pragma("wal_checkpoint(PASSIVE)", using)
    finally:
        connections[using].close()


def _pragma(said: str, using: str) -> object:
    with connections[using].cursor() as cursor:
        row = cursor.execute(f"PRAGMA {said}").fetchone()
    return row[0] if row else None
