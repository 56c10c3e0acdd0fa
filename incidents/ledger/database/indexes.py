"""Makes indexes again that a database lacks, while it is served."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction

from incidents.ledger import attribute_indexes
from incidents.ledger.database.catalogue import live
from incidents.ledger.database.differences import missing_indexes

LOCK = 0x1D_5E_7A_B1
"""Of PostgreSQL's advisory locks: one process makes indexes at a time."""


logger = logging.getLogger(__name__)


class Made(NamedTuple):
    """An index that was lacking; `error` says why it could not be made."""

    name: str
    error: str = ""


def make_missing() -> Iterator[Made]:
    """Create each missing index and yield it; readers and, on PostgreSQL, editors are not blocked.

    Yields nothing if another process is at it.
    """
    if not missing_indexes():
        return
    with _alone() as alone:
        # Looked for again: another process may have made them meanwhile.
        for name, statement in missing_indexes().items() if alone else ():
            yield _made(name, statement)


def make_for_attributes(**_: Any) -> None:
    """Make the indexes that fields of published datasets lack; what cannot be made is logged, and queries go on."""
    there = live(connection).indexes
    for name, statement in attribute_indexes.wanted().items():
        if name not in there and (made := _made(name, statement)).error:
            logger.warning("The index %s cannot be made, so queries for its field are slow: %s", name, made.error)


def _made(name: str, statement: str) -> Made:
    concurrently = connection.vendor == "postgresql" and not connection.in_atomic_block
    try:
        with nullcontext() if concurrently else transaction.atomic(), connection.cursor() as cursor:
            if concurrently:
                # One that could not be finished before has the name, and nobody uses it.
                cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
                statement = statement.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
            cursor.execute(statement)
    except DatabaseError as error:
        return Made(name, " ".join(str(error).split()))
    return Made(name)


@contextmanager
def _alone() -> Iterator[bool]:
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (taken,) = cursor.fetchone()
    try:
        yield taken
    finally:
        if taken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
