"""`manage.py load_incidents FILE [--profile NAME] [--dataset SLUG] [--dry-run]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from django.contrib.auth.models import User
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.full_disk import told_if_full
from incidents.loading import round_trip
from incidents.loading.errors import LoadError
from incidents.loading.inspection import suggestion
from incidents.loading.inspection.inspect import inspect
from incidents.loading.inspection.plan import planned
from incidents.loading.inspection.private import why_private
from incidents.loading.inspection.report import trial_lines
from incidents.loading.inspection.trial import proposed
from incidents.loading.load import LoadOptions, load
from incidents.loading.load_report import LoadReport
from incidents.loading.preview import LoadDifference
from incidents.loading.profiles.profile import load as load_profile
from incidents.management.reported_errors import reported


class Command(BaseCommand):
    """Loads a file of incidents and publishes what it adds and changes, all of it or nothing."""

    # Not those of the site, whose addresses alone take a fifth of a second.
    requires_system_checks = (Tags.models, Tags.caches, "environment")

    help = (
        "Load a file of incidents (text, JSON, spreadsheet or Parquet, also compressed) and publish the "
        "new and changed ones. All or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--profile", help="name of an included profile, or path of a .toml file; detected if not given"
        )
        parser.add_argument("--dataset", default="", help="id of the dataset; default: the id in the profile")
        parser.add_argument("--sheet", default="", help="name of the sheet, for workbooks with several")
        parser.add_argument("--dry-run", action="store_true", help="show what would change without writing anything")
        parser.add_argument(
            "--diff", type=Path, help="write all additions, changes and withdrawals to this file, as NDJSON"
        )
        parser.add_argument(
            "--user", default="", help="name of the user who loads the file, for the batch and the publication"
        )
        parser.add_argument("--skip-bad", action="store_true", help="skip invalid rows and list them")
        parser.add_argument(
            "--complete",
            action="store_true",
            help="the file is the whole dataset: withdraw records that are not in it",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask before withdrawing many records")
        parser.add_argument(
            "--reduce",
            default="",
            metavar="REASON",
            help="replace the content of all earlier revisions of records that become coarser than published; readers "
            "see the reason",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the file; the last line counts what was added, changed, withdrawn and unchanged."""
        # Not self.stdout: it ends every write with a new line, which a progress bar cannot have.
        out, err = options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr
        report = LoadReport(out, err, every_line=options["verbosity"] > 1)
        full = told_if_full("Nothing was loaded")
        with full, ExitStack() as stack, reported(LoadError, nothing_was="written"):
            try:
                how = self._options(options, stack)
                profile = options["profile"]
                if not profile:
                    profile, said = suggestion.chosen(options["file"], options["sheet"])
                    report.say(said)
                counts: object
                if profile in round_trip.PROFILES:
                    counts = round_trip.load_own(options["file"], profile, how, report)
                else:
                    counts = load(options["file"], load_profile(profile), how, report)
            except suggestion.NoProfileError as error:
                self._propose(options["file"], options["sheet"], report)
                raise CommandError(str(error)) from None
        report.write_remarks()
        if options["dry_run"]:
            report.say("dry run: nothing was written")
        report.say(str(counts))

    def _propose(self, path: Path, sheet: str, report: LoadReport) -> None:
        """Show what is proposed for a file that no profile fits; what it lacks for that is said instead."""
        try:
            plan, text, trial = proposed(planned(inspect(path, sheet=sheet)))
        except LoadError as error:
            report.say(f"No profile can be proposed: {error}")
            return
        report.say(text)
        for line in trial_lines(plan, trial):
            report.say(line)

    def _options(self, options: dict[str, Any], stack: ExitStack) -> LoadOptions:
        file = stack.enter_context(_created(options["diff"])) if options["diff"] else None
        return LoadOptions(
            dataset=options["dataset"],
            sheet=options["sheet"],
            dry_run=options["dry_run"],
            skip_bad=options["skip_bad"],
            complete=options["complete"],
            reduce_because=options["reduce"].strip(),
            confirm=(lambda question: True) if options["yes"] else self._confirm,
            loaded_by=_user(options["user"]),
            difference=LoadDifference(file) if file or options["dry_run"] else None,
            why_private=why_private,
            whole_samples=options["verbosity"] > 1,
        )

    def _confirm(self, question: str) -> bool:
        if not sys.stdin.isatty():
            raise LoadError(f"{question} There is no terminal to answer on; use --yes.")
        self.stdout.write(f"{question} [y/N] ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")


@contextmanager
def _created(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing; if the load fails, a regular file is removed, since it holds but a part."""
    try:
        file = path.open("wb")
    except OSError as error:
        raise LoadError(f"--diff {path}: {error.strerror}.") from None
    try:
        with file:
            yield file
    except BaseException:
        if path.is_file() and not path.is_symlink():
            path.unlink()
        raise


def _user(name: str) -> User | None:
    if not name:
        return None
    found = User.objects.filter(username=name).first()
    if found is None:
        raise LoadError(f"--user {name}: there is no such user.")
    return found
