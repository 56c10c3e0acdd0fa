"""`manage.py load_incidents FILE --profile NAME [--dataset SLUG]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.loading.errors import LoadError
from incidents.loading.load import Options, load
from incidents.loading.profile import load as load_profile
from incidents.loading.report import Report


class Command(BaseCommand):
    """Loads a file of incidents and publishes what it adds and changes, all of it or nothing."""

    help = "Load a file of incidents (.csv, .csv.gz) and publish what it adds and changes: all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", required=True, help="a shipped profile, or the path of a .toml file")
        parser.add_argument("--dataset", default="", help="id of the dataset; the profile's own if not given")
        parser.add_argument("--dry-run", action="store_true", help="do everything, tell it, and write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="leave out rows that are wrong, and list them")
        parser.add_argument(
            "--complete",
            action="store_true",
            help="the file is the whole dataset: withdraw what it does not hold",
        )
        parser.add_argument("--yes", action="store_true", help="withdraw without asking, however much it is")
        parser.add_argument("--database", default="default", help="alias of the database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the file; the last line counts what was added, changed, withdrawn and unchanged."""
        # Not self.stdout: it ends every write with a new line, which a progress bar cannot have.
        out, err = options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr
        report = Report(out, err, every_line=options["verbosity"] > 1)
        how = Options(
            dataset=options["dataset"],
            dry_run=options["dry_run"],
            skip_bad=options["skip_bad"],
            complete=options["complete"],
            confirm=(lambda question: True) if options["yes"] else self._confirm,
            using=options["database"],
        )
        try:
            counts = load(options["file"], load_profile(options["profile"]), how, report)
        except LoadError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted; nothing was written.", returncode=130) from None
        report.tell_remarks()
        if options["dry_run"]:
            report.say("dry run: nothing was written")
        report.say(str(counts))

    def _confirm(self, question: str) -> bool:
        if not sys.stdin.isatty():
            raise LoadError(f"{question} Nobody is here to answer; say so with --yes.")
        self.stdout.write(f"{question} [y/N] ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")
