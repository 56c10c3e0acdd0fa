"""Makes indexes again that a database lacks, while it is served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import NamedTuple

from django.db import DatabaseError, connections, transaction

from incidents.ledger.database.differences import missing_indexes

LOCK = 0x1D_5E_7A_B1
"""Of PostgreSQL's advisory locks: one process makes indexes at a time."""


class Made(NamedTuple):
    """An index that was lacking; `error` says why it could not be made."""

    name: str
    error: str = ""


def make_missing(using: str = "default") -> Iterator[Made]:
    """Create each missing index and yield it; readers and, on PostgreSQL, editors are not blocked.

    Yields nothing if another process is at it.
    """
    if not missing_indexes(using):
        return
    with _alone(using) as alone:
        # Looked for again: another process may have made them meanwhile.
        for name, statement in missing_indexes(using).items() if alone else ():
            yield _made(name, statement, using)


def _made(name: str, statement: str, using: str) -> Made:
    connection = connections[using]
    concurrently = connection.vendor == "postgresql" and not connection.in_atomic_block
    try:
        with nullcontext() if concurrently else transaction.atomic(using=using), connection.cursor() as cursor:
            if concurrently:
                # One that could not be finished before has the name, and nobody uses it.
                cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
                statement = statement.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
            cursor.execute(statement)
    except DatabaseError as error:
        return Made(name, " ".join(str(error).split()))
    return Made(name)


@contextmanager
def _alone(using: str) -> Iterator[bool]:
    connection = connections[using]
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
