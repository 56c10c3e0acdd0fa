"""`manage.py release NAME [--dataset SLUG]`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.full_disk import told_if_full
from incidents.loading.load_report import LoadReport
from incidents.releasing import release as releasing
from incidents.releasing.errors import ReleaseError


class Command(BaseCommand):
    """Freezes the state of the ledger under a name, with files to download and to cite."""

    help = (
        "Freeze a publication under a name and write its files: tables, codebook, citations, checksums. "
        "After a redaction, --refresh makes the files anew that it has reached."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("name", nargs="?", default="", help="such as ged-26.1; never given again")
        parser.add_argument("--dataset", default="", help="id of the one dataset to release; everything if not given")
        parser.add_argument("--as-of", type=int, help="number of the publication; the latest if not given")
        parser.add_argument("--title", default="", help="the title; the datasets' own if not given")
        parser.add_argument("--notes", default="", help="what readers should know of it")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be in it, and write nothing")
        parser.add_argument(
            "--refresh",
            action="store_true",
            help="make files again that a redaction has reached or this machine lacks, of this release or of all",
        )
        parser.add_argument(
            "--withdraw", metavar="REASON", default="", help="take files that a redaction has reached down for ever"
        )
        parser.add_argument("--database", default="default", help="alias of the database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the release, or do to an old one what a redaction asks for."""
        # Not self.stdout: it ends every write with a new line, which a progress bar cannot have.
        report = LoadReport(options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr)
        try:
            self._do(options, report)
        except ReleaseError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted; nothing was released.", returncode=130) from None

    def _do(self, options: dict[str, Any], report: LoadReport) -> None:
        with told_if_full("Nothing was released", options["database"]):
            if options["refresh"]:
                self._refresh(options["name"], report, options["database"])
            elif options["withdraw"]:
                releasing.withdraw(options["name"], options["withdraw"], options["database"])
                report.say(f"{options['name']}: its files are withdrawn")
            else:
                self._make(options, report)

    def _refresh(self, name: str, report: LoadReport, using: str) -> None:
        names = [name] if name else releasing.stale(using)
        refreshed = [each for each in names if releasing.refresh(each, report, using)]
        if not refreshed:
            report.say("Nothing to make again: no redaction has reached any file, and none is lacking.")

    def _make(self, options: dict[str, Any], report: LoadReport) -> None:
        asked = releasing.Asked(
            name=options["name"],
            dataset=options["dataset"],
            as_of=options["as_of"],
            title=options["title"],
            notes=options["notes"],
        )
        releasing.make(asked, report, options["database"], dry_run=options["dry_run"])
        if options["dry_run"]:
            report.say("dry run: nothing was written")
