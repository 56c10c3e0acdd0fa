"""Queries that are too long for an address, kept for a while under their digest."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import orjson
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from incidents.ledger.models import StoredQuery

logger = logging.getLogger(__name__)

DAYS = 30
"""How long a query is kept after its last use."""
RENEWED_AFTER = timedelta(days=1)
MOST = 20_000
"""Queries that are kept at once: a gigabyte at most."""
LOCK_MILLISECONDS = 300
"""How long keeping one may wait for a publication, which holds the lock of SQLite."""


def keep(digest: str, parameters: Mapping[str, str]) -> bool:
    """Keep a query; False if the database is read-only or busy, or as many are kept as there may be."""
    try:
        with _briefly(), transaction.atomic():
            return _renewed(digest) or _added(digest, parameters)
    except DatabaseError as error:
        logger.warning("A query cannot be stored: %s", error)
        return False


def read(digest: str) -> dict[str, str] | None:
    """The parameters of a query, which is then kept for another while; None if it has expired or never was."""
    found = StoredQuery.objects.filter(digest=digest, expires_at__gt=timezone.now()).first()
    if found is None:
        return None
    if found.expires_at < timezone.now() + timedelta(days=DAYS) - RENEWED_AFTER:
        try:
            with _briefly(), transaction.atomic():
                _renewed(digest)
        except DatabaseError as error:  # it is as it was, and tried again at the next use
            logger.warning("A stored query cannot be renewed: %s", error)
    parameters: dict[str, str] = orjson.loads(found.parameters)
    return parameters


def _renewed(digest: str) -> bool:
    now = timezone.now()
    known = StoredQuery.objects.filter(digest=digest)
    if known.filter(expires_at__gt=now + timedelta(days=DAYS) - RENEWED_AFTER).exists():
        return True
    return bool(known.update(expires_at=now + timedelta(days=DAYS)))


def _added(digest: str, parameters: Mapping[str, str]) -> bool:
    now = timezone.now()
    StoredQuery.objects.filter(expires_at__lte=now).delete()
    if StoredQuery.objects.count() >= MOST:
        logger.warning("%d queries are stored, as many as there may be.", MOST)
        return False
    text = orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS).decode()
    new = StoredQuery(digest=digest, parameters=text, expires_at=now + timedelta(days=DAYS))
    StoredQuery.objects.bulk_create([new], ignore_conflicts=True)  # another may have kept the same meanwhile
    return True


@contextmanager
def _briefly() -> Iterator[None]:
    """Let SQLite wait for its lock no longer than a reader may."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_MILLISECONDS}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(before)}")
