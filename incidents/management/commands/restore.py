"""`manage.py restore FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from incidents.backup import Archive, BackupError, restore
from incidents.loading.load_report import LoadReport
from incidents.management.reported_errors import reported


class Command(BaseCommand):
    """Fills an empty database and the folder of releases from a backup, also from one of an earlier version."""

    help = (
        "Restore a backup into an empty database and an empty directory of releases. Stop the server "
        "first. The restored ledger is compared with the checksum in the backup. If anything fails, "
        "nothing is left behind."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path, help="file written by manage.py backup")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore; raises CommandError."""
        report = LoadReport(options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr)
        with reported(BackupError, nothing_was="restored"), Archive(options["file"]) as archive:
            made = restore(archive, report)
            if archive.manifest["releases"] is None:
                report.say("The backup has no release files. Run manage.py release --refresh to rebuild them.")
        report.say(
            f"restored up to publication {made.seq}: {made.proof['changes']:,} changes, checksum "
            f"{made.proof['checksum']}, as backed up; files of {len(made.releases)} releases"
        )
