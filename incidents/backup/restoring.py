"""Restores a backup into an empty place, and proves that it is what was backed up before it counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from incidents.backup import release_files
from incidents.backup.archive import Archive
from incidents.backup.engines import engine
from incidents.backup.errors import BackupError
from incidents.backup.ledger_checksum import Proof, prove
from incidents.backup.progress import Teller
from incidents.ledger.database import findings
from incidents.ledger.models import Head
from incidents.releasing.building import alone
from incidents.releasing.errors import ReleaseError

OF_MIGRATIONS = frozenset(("django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"))
"""Tables in which `migrate` leaves rows; of ledger_head it leaves one that counts nothing."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there again: up to which publication, with which proof, and the releases whose files were in it."""

    seq: int
    proof: Proof
    releases: list[str]


def restore(archive: Archive, teller: Teller) -> Restored:
    """Fill an empty database and the folder of releases. Raises BackupError; then both are as they were."""
    _require_known(archive)
    with teller.progress("reading the backup", archive.size, " bytes") as step:
        archive.verify(step.reach)
    try:
        with alone():
            _require_empty()
            release_files.require_none()
            with release_files.unpacked(archive, teller) as place, _in_place(archive, place, teller):
                return _proved(archive, teller)
    except ReleaseError as error:
        raise BackupError(str(error)) from None
    except (OSError, DatabaseError) as error:
        said = " ".join((getattr(error, "strerror", None) or str(error)).split())
        raise BackupError(f"The backup cannot be restored: {said}. Nothing was left behind.") from error


@contextmanager
def _in_place(archive: Archive, place: Any, teller: Teller) -> Iterator[None]:
    """Let the filled database, brought up to date, be the default one; all is kept if the block succeeds."""
    # Files first: a release that the ledger lists has its files, whenever this is killed.
    with release_files.put(place), engine().restored(archive, teller):
        call_command("migrate", interactive=False, verbosity=0)
        yield


def _proved(archive: Archive, teller: Teller) -> Restored:
    head = Head.objects.get(id=1)
    manifest = archive.manifest
    with teller.progress("proving", head.seq, " publications") as step:
        proof = prove(head.seq, step.reach)
    if {"seq": head.seq, "redacted": head.redacted} != manifest["head"] or proof != manifest["proof"]:
        raise BackupError(
            f"The restored ledger differs from the backed-up one: it has {proof['changes']:,} changes with checksum "
            f"{proof['checksum']}, not {manifest['proof']['changes']:,} with {manifest['proof']['checksum']}."
        )
    for finding in findings():
        if finding.kind.stops:
            raise BackupError(f"{finding.text} {finding.hint}")
    engine().require_sound()
    if manifest["releases"] is not None:
        release_files.require_listed()
    return Restored(head.seq, proof, manifest["releases"] or [])


def _require_known(archive: Archive) -> None:
    manifest, vendor = archive.manifest, connection.vendor
    if manifest["engine"] != vendor:
        raise BackupError(
            f"This is a backup of a database on {manifest['engine']}, but DATABASE_URL is a database on {vendor}. "
            "Restore a backup into the same database engine."
        )
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations or ()}
    known |= {".".join(old) for each in (loader.disk_migrations or {}).values() for old in each.replaces}
    ours = {app for app, _ in loader.disk_migrations or ()}
    if unknown := [name for name in manifest["migrations"] if name not in known and name.split(".")[0] in ours]:
        raise BackupError(
            f"The backup was made by a newer version ({manifest['version']}): the migration "
            f"{unknown[0]} is unknown. Restore it with that version."
        )


def _require_empty() -> None:
    """Raise BackupError unless there are no tables, or no rows in them but those that migrations make."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if "_words_" not in name]
        for table in sorted(set(tables) - OF_MIGRATIONS):
            condition = "WHERE seq > 0" if table == Head._meta.db_table else ""
            cursor.execute(f'SELECT 1 FROM "{table}" {condition} LIMIT 1')  # noqa: S608 - a name from the catalogue
            if cursor.fetchone():
                raise BackupError(
                    f"The database is not empty: {table} has rows. A backup must be restored into an empty one. "
                    "Set DATABASE_URL to another database or file."
                )
