"""`manage.py profile FILE [--output mine.toml]`."""

from __future__ import annotations

from argparse import ArgumentTypeError
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.full_disk import told_if_full
from incidents.loading.errors import LoadError
from incidents.loading.inspection import column_roles, proposal, suggestion
from incidents.loading.inspection.inspect import inspect, report_lines


class Command(BaseCommand):
    """Reports the columns of a file of incidents, and proposes a profile."""

    help = "Report the content of each column of a file, and propose a profile to load it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--output", type=Path, help="file to write the proposed profile to; it must not exist")
        parser.add_argument("--sheet", default="", help="name of the sheet, for workbooks with several")
        parser.add_argument(
            "--header-line",
            type=_line,
            default=0,
            help="number of the line with the column names, if it is not the first",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the report, then the profile."""
        try:
            with told_if_full("Nothing was proposed"):
                seen = inspect(options["file"], sheet=options["sheet"], header_line=options["header_line"])
                # Those that ship expect the names of the columns on the first line.
                fitting = [] if options["header_line"] else suggestion.fitting(options["file"], options["sheet"])
        except LoadError as error:
            raise CommandError(str(error)) from None
        found = column_roles.found(seen)
        for line in report_lines(seen, found):
            self.stdout.write(line)
        if fitting:
            self.stdout.write(f"\nIncluded profiles that match the header: {', '.join(fitting)}")
        self._hand_out("\n".join(proposal.profile(seen, found)) + "\n", options["output"])

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
        self.stdout.write(f"\nThe proposed profile is in {output}. LOOK marks what only you can decide.")


def _line(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} must be a line number, 1 or more")
    return int(text)
