"""`manage.py mirror URL [--once | --every SECONDS] [--check]`."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import Any, Self, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.loading.load_report import LoadReport, Progress, rate
from incidents.mirroring.errors import MirrorError, UnreachableError
from incidents.mirroring.follow import Mirror, Reached
from incidents.mirroring.origin import Origin
from incidents.mirroring.promotion import detach
from incidents.mirroring.proof import Proof, prove
from incidents.models import Actor, Dataset, Incident, Location, Source

ROUNDS = 3
"""A proof may be spoilt by a redaction at the origin while it is made; so often it is tried."""

WORTH_A_BAR = 10_000
"""Changes of a step that lasts long enough to be shown."""


class Command(BaseCommand):
    """Keeps this server's ledger equal to another's, and proves it."""

    help = (
        "Copy the published data of another server, so that this server returns the same responses. Resumes "
        "after an interruption."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("url", nargs="?", default="", help="URL of the origin, e.g. https://incidents.example/")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="copy what is new, then exit (default)")
        how.add_argument("--every", type=int, metavar="SECONDS", help="repeat every SECONDS until stopped")
        how.add_argument(
            "--detach", action="store_true", help="make this server independent, so that it publishes itself"
        )
        parser.add_argument(
            "--check", action="store_true", help="compare checksums to verify that both ledgers are equal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy; the last line reports the latest publication."""
        # Not self.stdout: it ends every write with a new line, which a progress bar cannot have.
        out, err = options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr
        self._report, self._steps = LoadReport(out, err), Steps(LoadReport(out, err), err)
        every = options["every"]
        if every is not None and every < 1:
            raise CommandError("--every must be a number of seconds, 1 or more.")
        try:
            if options["detach"]:
                self._report.say(f"No longer a mirror of {detach()}; this server now publishes itself.")
                return
            if not options["url"]:
                raise MirrorError("Specify the server to mirror: manage.py mirror https://incidents.example.org/")
            with self._steps:
                self._copy(Origin(options["url"], self._steps.aside), every, check=options["check"])
        except MirrorError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError(
                "Interrupted. The copied data is kept; run the command again to resume.", returncode=130
            ) from None

    def _copy(self, origin: Origin, every: int | None, *, check: bool) -> None:
        mirror = Mirror(origin, settings.VAR_DIR, self._steps.begin)
        self._require_nothing_else(mirror)
        mirror.require_mirror()
        while True:
            try:
                self._round(origin, mirror, check=check)
            except UnreachableError as error:
                if every is None:
                    raise
                self._steps.aside(str(error))
            if every is None:
                return
            time.sleep(every)

    def _round(self, origin: Origin, mirror: Mirror, *, check: bool) -> None:
        began, before = time.monotonic(), mirror.written
        head = mirror.catch_up()
        self._steps.end()
        copied, seconds = mirror.written - before, time.monotonic() - began
        if copied or not before:
            told = rate(copied, seconds).replace("rows", "changes")
            self._report.say(f"publication {head} is the latest on both servers; copied {told}")
            if check:
                self._report.say(self._proved(origin, mirror))

    def _proved(self, origin: Origin, mirror: Mirror) -> str:
        for _ in range(ROUNDS):
            head = mirror.head
            found = prove(origin, head, self._steps.begin("comparing publication", head).reach)
            self._steps.end()
            if isinstance(found, Proof):
                return f"equal up to publication {found.until}: {found.count:,} changes, checksum {found.checksum}"
            if mirror.catch_up() == head:  # else something was redacted meanwhile
                break
        raise MirrorError(f"Publication {found} differs from {origin.url}. Start with a new database.")

    def _require_nothing_else(self, mirror: Mirror) -> None:
        """Refuse where somebody edits: a mirror publishes nothing, so the edits would be lost."""
        if mirror.head:
            return
        for model in (Dataset, Incident, Location, Source, Actor):
            if model._default_manager.exists():
                raise MirrorError(
                    f"This server holds {model._meta.verbose_name_plural} of its own, so it cannot become a mirror. "
                    "Set DATABASE_URL to a new database, and serve it with EXAMPLE_DATA=off."
                )


class Steps:
    """One bar after the other: a step takes the place of the one before."""

    def __init__(self, report: LoadReport, err: TextIO) -> None:
        self._report, self._err = report, err
        self._stack = ExitStack()
        self._what = ""
        self._progress: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin(self, what: str, total: int) -> Reached:
        """Show the progress of a long step; a step with the same name continues."""
        if total < WORTH_A_BAR:
            self.end()
            return _Silent()
        if what != self._what or self._progress is None:
            self.end()
            self._what = what
            self._progress = self._stack.enter_context(self._report.progress(what, total, " changes"))
        return self._progress

    def end(self) -> None:
        """Take the bar away."""
        self._stack.close()
        self._what, self._progress = "", None

    def aside(self, text: str) -> None:
        """Write a line without tearing the bar."""
        if self._progress is not None:
            self._progress.aside(text)
        else:
            self._err.write(f"{text}\n")


class _Silent:
    """A step that is over before a bar could be read."""

    def reach(self, done: int) -> None:
        """Say nothing."""
