"""What a database is told before and after a transaction that writes very many rows."""

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
"""After so many written records the planner's picture of the tables is out of date."""

LARGE, CACHE = 200_000, -262_144
"""From so many records on it pays to keep so much of SQLite's file in memory while it lasts, in KB: pages that are
written again need not be fetched from a long log. For fewer it takes longer to touch the memory for the first time."""


class Bulk:
    """Counts the records that were written."""

    def __init__(self) -> None:
        self.written = 0


@contextmanager
def in_bulk(expected: int = 0) -> Iterator[Bulk]:
    """Surround a transaction that may write many records; what is within says how many it has written.

    `expected` is how many it may be.

    SQLite would move the whole of a large transaction from its log into its file when that is committed, and be told
    what the tables hold after that; it does both at once here.
    """
    bulk = Bulk()
    with _log_left_alone(large=expected >= LARGE) as has_log:
        try:
            yield bulk
        finally:
            prepared_rows.let_go()
        if bulk.written < MANY:
            return
        try:
            _tidy(has_log=has_log)
        except DatabaseError:
            # What was written is committed, and answers are right without this, only slower.
            logger.warning("All is stored, but the statistics of the database were not refreshed.", exc_info=True)


def _tidy(*, has_log: bool) -> None:
    with ThreadPoolExecutor(1) as other:
        moved = other.submit(_move_log, connections[DEFAULT_DB_ALIAS]) if has_log else None
        _refresh_statistics()
    if moved is not None:
        moved.result()


@contextmanager
def _log_left_alone(*, large: bool) -> Iterator[bool]:
    """Keep SQLite from moving its log for a while; tells whether there is one."""
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
