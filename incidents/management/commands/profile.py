"""`manage.py profile FILE [--output mine.toml]`."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentTypeError
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.full_disk import told_if_full
from incidents.loading.errors import LoadError
from incidents.loading.inspection import suggestion
from incidents.loading.inspection.inspect import inspect
from incidents.loading.inspection.plan import Plan, planned
from incidents.loading.inspection.report import column_lines, file_lines, next_steps, short_lines, trial_lines
from incidents.loading.inspection.trial import Trial, proposed


class Command(BaseCommand):
    """Reports the columns of a file of incidents, and proposes a profile."""

    help = "Report the content of each column of a file, and propose a profile to load it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--output", type=Path, help="file to write the proposed profile to; it must not exist")
        parser.add_argument("--sheet", default="", help="name of the sheet, for workbooks with several")
        parser.add_argument("--encoding", default="", help="encoding of the file; default: detected from its content")
        parser.add_argument(
            "--header-line",
            type=_line,
            default=0,
            help="number of the line with the column names, if it is not the first",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the report, then the profile; a reader that has seen enough ends it in silence."""
        try:
            self._propose(options)
        except BrokenPipeError:
            # Python would complain once more when it ends.
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _propose(self, options: dict[str, Any]) -> None:
        path, sheet, output = options["file"], options["sheet"], options["output"]
        if output and output.exists():
            raise CommandError(f"{output} already exists. Choose another file.")
        try:
            with told_if_full("Nothing was proposed"):
                seen = inspect(path, sheet=sheet, header_line=options["header_line"], encoding=options["encoding"])
                # Those that ship expect the names of the columns on the first line, in an encoding that is told.
                ships = not seen.header_line and not options["encoding"]
                fitting = suggestion.fitting(path, sheet) if ships else []
                plan, text, trial = proposed(planned(seen))
        except LoadError as error:
            raise CommandError(str(error)) from None
        self._report(plan, trial, fitting, short=self.stdout.isatty() and options["verbosity"] < 2)
        self._hand_out(text, output)
        for line in next_steps(plan, text, output):
            self.stdout.write(line)
        self.stdout.flush()

    def _report(self, plan: Plan, trial: Trial | None, fitting: list[str], *, short: bool) -> None:
        lines = [*file_lines(plan.seen), *(short_lines(plan) if short else column_lines(plan))]
        if fitting:
            lines += ["", f"Included profiles that match the header: {', '.join(fitting)}"]
            lines += [f"  with it you need no proposal: --profile {fitting[0]}"] * (len(fitting) == 1)
        for line in [*lines, *trial_lines(plan, trial)]:
            self.stdout.write(line)

    def _hand_out(self, text: str, output: Path | None) -> None:
        if output is None:
            self.stdout.write(f"\n--- a proposed profile (--output FILE writes it to a file) ---\n\n{text}", ending="")
            return
        try:
            with output.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise CommandError(f"{output} already exists. Choose another file.") from None
        except OSError as error:
            with suppress(OSError):
                output.unlink()  # it may hold a part
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None


def _line(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} must be a line number, 1 or more")
    return int(text)
