"""Backups of a whole server: the database and the files of releases in one archive, proved when it is restored."""

from incidents.backup.archive import Archive
from incidents.backup.errors import BackupError
from incidents.backup.making import make
from incidents.backup.restoring import restore

__all__ = ["Archive", "BackupError", "make", "restore"]
