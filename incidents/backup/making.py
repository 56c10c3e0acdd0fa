"""Makes a backup while the server runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from incidents.backup import release_files
from incidents.backup.archive import Writer
from incidents.backup.engines import engine
from incidents.backup.errors import BackupError
from incidents.backup.ledger_checksum import Proof, prove
from incidents.backup.progress import Teller
from incidents.ledger.content import stamp
from incidents.ledger.database import findings
from incidents.ledger.models import Head
from incidents_api import __version__

ATTEMPTS = 5
"""Maximum number of attempts: a redaction during the backup restarts it."""


class _Spoilt(Exception):  # noqa: N818 - no error: it is made again
    """Something was redacted meanwhile, which the backup still holds."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds: up to which publication, with which proof and releases; its size in bytes."""

    seq: int
    proof: Proof
    releases: list[str]
    size: int


def make(file: Path, teller: Teller, *, force: bool = False, without_files: bool = False) -> Made:
    """Write a backup of the database and of the files of releases. Raises BackupError; then there is no new file.

    `force` replaces a file of that name; `without_files` leaves the files of releases out.
    """
    _require_place(file, force=force)
    for finding in findings():
        if finding.kind.stops:
            raise BackupError(f"{finding.text} Make the backup with the version that made the database.")
    for _ in range(ATTEMPTS):
        try:
            with _part(file) as part:
                made = _written(part, teller, without_files=without_files)
                _require_place(file, force=force)
                part.replace(file)
            return Made(*made, size=file.stat().st_size)
        except _Spoilt:
            teller.say("A record was redacted during the backup, so the backup restarts.")
        except (OSError, DatabaseError) as error:
            raise BackupError(_said(error, file)) from error
    raise BackupError(
        f"Records were redacted during each of {ATTEMPTS} attempts. Try again when the redactions are done."
    )


def _require_place(file: Path, *, force: bool) -> None:
    if file.is_dir():
        raise BackupError(f"{file} is a directory. Specify a file, such as {file / 'incidents.backup'}.")
    if file.exists() and not force:
        raise BackupError(f"{file} already exists. Choose another file, or overwrite it with --force.")
    if not file.absolute().parent.is_dir():
        raise BackupError(f"There is no directory {file.absolute().parent}.")


@contextmanager
def _part(file: Path) -> Iterator[Path]:
    """Give a temporary file in the target directory, readable only by its owner, and delete it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f".{file.name}.", suffix=".part", dir=file.absolute().parent))
    try:
        (folder / file.name).touch(0o600, exist_ok=False)
        yield folder / file.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(part: Path, teller: Teller, *, without_files: bool) -> tuple[int, Proof, list[str]]:
    with part.open("r+b") as stream:
        with Writer(stream) as writer:
            written = _fill(writer, part.parent, teller, without_files=without_files)
        stream.flush()
        os.fsync(stream.fileno())
    return written


def _fill(writer: Writer, folder: Path, teller: Teller, *, without_files: bool) -> tuple[int, Proof, list[str]]:
    with engine().snapshot(folder, teller):
        head = Head.objects.get(id=1)
        with teller.progress("proving", head.seq, " publications") as step:
            proof = prove(head.seq, step.reach)
        migrations = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
        releases = [] if without_files else release_files.shown()
        said: dict[str, Any] = engine().write(writer, teller)
    lacking = release_files.write(releases, writer, teller)
    # What was redacted after the snapshot was taken must not be in a backup that is made after that.
    if Head.objects.get(id=1).redacted != head.redacted:
        raise _Spoilt
    if lacking:
        raise BackupError(
            f"Missing here: {lacking[0]}{f' and {len(lacking) - 1} more files' if len(lacking) > 1 else ''} of "
            "releases. Rebuild them with manage.py release --refresh, make the backup on the machine that has them, "
            "or omit all release files with --without-release-files."
        )
    names = [release.name for release in releases]
    writer.finish(
        {
            "version": __version__,
            "engine": connection.vendor,
            "made": stamp(timezone.now().replace(microsecond=0)),
            "migrations": migrations,
            "head": {"seq": head.seq, "redacted": head.redacted},
            "proof": proof,
            "releases": None if without_files else names,
            **said,
        }
    )
    return head.seq, proof, names


def _said(error: OSError | DatabaseError, file: Path) -> str:
    """Error as text: which disk is full, or the message of the system."""
    place = file.absolute().parent
    if isinstance(error, OSError):
        return f"The backup cannot be written to {place}: {error.strerror or error}. Nothing was left there."
    if isinstance(error.__cause__, sqlite3.Error) and "full" in str(error):
        return f"There is not enough disk space for a copy of the database in {place}. Nothing was left there."
    return f"The database could not be copied: {' '.join(str(error).split())}. Nothing was left in {place}."
