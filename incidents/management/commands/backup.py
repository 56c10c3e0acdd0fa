"""`manage.py backup FILE [--verify]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from incidents.backup import Archive, BackupError, make
from incidents.loading.load_report import LoadReport
from incidents.management.reported_errors import reported


class Command(BaseCommand):
    """Writes the database and the files of releases into one file, while readers and editors go on."""

    help = (
        "Back up the database and the release files to one file. The file contains drafts and password "
        "hashes, but not SECRET_KEY. Use manage.py restore to restore it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path, help="file to write, such as /backup/incidents-2026-11-26.backup")
        parser.add_argument("--force", action="store_true", help="overwrite the file if it exists")
        parser.add_argument(
            "--verify", action="store_true", help="check that a backup is not damaged, without writing anything"
        )
        parser.add_argument("--without-release-files", action="store_true", help="omit the release files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make a backup, or check one; raises CommandError."""
        # Not self.stdout: it ends every write with a new line, which a progress bar cannot have.
        report = LoadReport(options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr)
        file: Path = options["file"]
        with reported(BackupError, nothing_was="written"):
            if options["verify"]:
                self._verify(file, report)
                return
            made = make(file, report, force=options["force"], without_files=options["without_release_files"])
        report.say(
            f"{file}: {made.size:,} bytes, up to publication {made.seq}: {made.proof['changes']:,} changes, checksum "
            f"{made.proof['checksum']}; files of {len(made.releases)} releases"
        )

    def _verify(self, file: Path, report: LoadReport) -> None:
        with Archive(file) as archive:
            with report.progress("reading the backup", archive.size, " bytes") as step:
                archive.verify(step.reach)
            said = archive.manifest
            report.say(
                f"{file}: valid; made {said['made']} by version {said['version']} on {said['engine']}, up to "
                f"publication {said['head']['seq']}: {said['proof']['changes']:,} changes"
            )
