"""`manage.py release NAME [--dataset SLUG]`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from incidents.full_disk import told_if_full
from incidents.loading.load_report import LoadReport
from incidents.management.reported_errors import reported
from incidents.releasing import release as releasing
from incidents.releasing.errors import ReleaseError


class Command(BaseCommand):
    """Freezes the state of the ledger under a name, with files to download and to cite."""

    help = (
        "Create a named, permanent release of a publication and write its files: tables, codebook, "
        "citations, checksums. After a redaction, --refresh rebuilds the files without the redacted record."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument(
            "name", nargs="?", default="", help="name of the release, such as ged-26.1; unique and permanent"
        )
        parser.add_argument("--dataset", default="", help="id of the dataset to release; everything if not given")
        parser.add_argument("--as-of", type=int, help="number of the publication; the latest if not given")
        parser.add_argument("--title", default="", help="title for readers; the title of the datasets if not given")
        parser.add_argument("--notes", default="", help="notes for readers")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what the release would contain, without writing anything"
        )
        parser.add_argument(
            "--refresh",
            action="store_true",
            help="rebuild files that have a redacted record or are missing on this machine, of this release or of all",
        )
        parser.add_argument(
            "--withdraw", metavar="REASON", default="", help="permanently remove files that have a redacted record"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create a release, or rebuild or withdraw an existing one after a redaction."""
        # Not self.stdout: it ends every write with a new line, which a progress bar cannot have.
        report = LoadReport(options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr)
        with reported(ReleaseError, nothing_was="released"):
            self._do(options, report)

    def _do(self, options: dict[str, Any], report: LoadReport) -> None:
        with told_if_full("Nothing was released"):
            if options["refresh"]:
                self._refresh(options["name"], report)
            elif options["withdraw"]:
                releasing.withdraw(options["name"], options["withdraw"])
                report.say(f"{options['name']}: its files are withdrawn")
            else:
                self._make(options, report)

    def _refresh(self, name: str, report: LoadReport) -> None:
        names = [name] if name else releasing.stale()
        refreshed = [each for each in names if releasing.refresh(each, report)]
        if not refreshed:
            report.say("Nothing to rebuild: the files are complete, and have no redacted record.")

    def _make(self, options: dict[str, Any], report: LoadReport) -> None:
        asked = releasing.ReleaseRequest(
            name=options["name"],
            dataset=options["dataset"],
            as_of=options["as_of"],
            title=options["title"],
            notes=options["notes"],
        )
        releasing.make(asked, report, dry_run=options["dry_run"])
        if options["dry_run"]:
            report.say("dry run: nothing was written")
