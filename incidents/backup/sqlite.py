"""The database part of a backup on SQLite: one file, copied as it was at one moment."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.db import connection

from incidents.backup.archive import PIECE, Archive, Reached, Writer
from incidents.backup.default_database import as_default
from incidents.backup.errors import BackupError
from incidents.backup.progress import Teller

MEMBER = "database.sqlite3"
POLL_SECONDS = 0.5


@contextmanager
def snapshot(folder: Path, teller: Teller) -> Iterator[None]:
    """Copy the database into a folder and let the copy be the default one; readers and editors go on meanwhile.

    VACUUM INTO reads one state of a database in WAL mode, and unlike a copy of its pages takes nothing along of what
    was deleted, which may have been redacted.
    """
    file = folder / MEMBER
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        ((size,),) = cursor.fetchall()
        with teller.progress("copying the database", size, " bytes") as step, _watched(file, step.reach):
            cursor.execute("VACUUM INTO %s", [str(file)])
    with as_default(str(file)):
        yield


@contextmanager
def _watched(file: Path, reach: Reached) -> Iterator[None]:
    """Report the size of a file periodically while another thread writes it."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(POLL_SECONDS):
            if file.exists():
                reach(file.stat().st_size)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def write(writer: Writer, teller: Teller) -> dict[str, Any]:
    """Write the copy into an archive; returns nothing that the manifest need hold."""
    connection.close()  # so that nothing of it is in a log beside it
    file = Path(connection.settings_dict["NAME"])
    with teller.progress("compressing the database", file.stat().st_size, " bytes") as step, file.open("rb") as stream:
        writer.add(MEMBER, _read(stream, step.reach))
    return {}


def _read(stream: IO[bytes], reach: Reached) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece
        reach(stream.tell())


@contextmanager
def restored(archive: Archive, teller: Teller) -> Iterator[None]:
    """Unpack the database beside where it belongs and let it be the default one; moved there if the block succeeds."""
    target = Path(connection.settings_dict["NAME"])
    part = target.with_name(f".{target.name}.restoring")
    _remove(part)
    try:
        with teller.progress("decompressing the database", archive.members[MEMBER]["size"], " bytes") as step:
            _unpack(archive, part, step.reach)
        with as_default(str(part)):
            yield
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _remove(target)
        part.replace(target)
        _sync(target.parent)
    finally:
        _remove(part)


def _unpack(archive: Archive, part: Path, reach: Reached) -> None:
    done = 0
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        for piece in archive.pieces(MEMBER):
            stream.write(piece)
            done += len(piece)
            reach(done)
        stream.flush()
        os.fsync(stream.fileno())


def require_sound() -> None:
    """Raise BackupError if the file is damaged or rows refer to rows that are not there."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        ((said,),) = cursor.fetchall()
        cursor.execute("PRAGMA foreign_key_check")
        lost = cursor.fetchone()
    if said != "ok":
        raise BackupError(f"The restored database is damaged: {said}.")
    if lost:
        raise BackupError(f"The restored database is damaged: a row of {lost[0]} refers to a missing row.")


def _remove(file: Path) -> None:
    for path in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
