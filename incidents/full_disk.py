"""A disk that is full, said in a sentence: which disk, and what to do. Commands that write use it."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

NUMBERS = frozenset((errno.ENOSPC, errno.EDQUOT))
SQLITE = ("database or disk is full", "disk I/O error")
POSTGRESQL = "53100"
"""disk_full in PostgreSQL's list of error codes."""


@contextmanager
def told_if_full(nothing: str) -> Iterator[None]:
    """Turn an error that says that a disk is full into a CommandError; `nothing` says what did not happen."""
    try:
        yield
    except (OSError, sqlite3.Error, DatabaseError) as error:
        if (what := full_disk(error)) is None:
            raise
        raise CommandError(f"{nothing}: {what}") from None


def full_disk(error: BaseException) -> str | None:
    """Which disk is full and what to do; None for any other error."""
    step: BaseException | None = error
    while step is not None:
        if (what := _said(step)) is not None:
            return what
        step = step.__cause__ or step.__context__
    return None


def _said(error: BaseException) -> str | None:
    if isinstance(error, OSError) and (error.errno in NUMBERS or "No space left on device" in str(error)):
        where = str(error.filename) if error.filename else f"{settings.VAR_DIR} or {tempfile.gettempdir()}"
        return _sentence(f"the disk of {where}")
    if getattr(error, "sqlstate", None) == POSTGRESQL:
        return _sentence("the disk of the PostgreSQL server")
    if isinstance(error, sqlite3.Error | DatabaseError) and str(error).startswith(SQLITE):
        name = str(connection.settings_dict["NAME"])
        if isinstance(error, DatabaseError) or not str(error).startswith(SQLITE[0]):
            return _sentence(f"the disk of {Path(name).parent}") if connection.vendor == "sqlite" else None
        # Not through Django: a temporary database of a load.
        full = _sentence(f"the disk of {_temporary()}")
        return f"{full} Or set SQLITE_TMPDIR and TMPDIR to a directory with enough space."
    return None


def _temporary() -> str:
    return os.environ.get("SQLITE_TMPDIR") or tempfile.gettempdir()


def _sentence(disk: str) -> str:
    return f"{disk} is full. Free disk space and run the command again."
