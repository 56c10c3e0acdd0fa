"""What a load reports to whoever runs it: progress, problems as they are found, remarks, and how it ended."""

from __future__ import annotations

import shutil
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from tqdm import tqdm

from incidents.loading.errors import RowFault
from incidents.publishing import StillReadable

QUIET_SECONDS = 10
"""Where there is no terminal, a line of progress is written this often."""

LINES_SHOWN = 20
"""Lines that a remark names, unless all are asked for."""


class Progress:
    """How far a step is: a bar with rate and time left on a terminal, else a line now and then."""

    def __init__(self, stream: TextIO, what: str, total: int, unit: str) -> None:
        self._stream, self._what, self._total = stream, what, total
        self._done = 0
        self._began = self._reported = time.monotonic()
        self._bar: tqdm[Any] | None = None
        if stream.isatty():
            # A terminal that does not tell its size (some recorders and CI systems) would get no bar at all.
            size = shutil.get_terminal_size()
            self._bar = tqdm(
                desc=what,
                total=total,
                unit=unit,
                unit_scale=True,
                file=stream,
                ncols=size.columns,
                nrows=size.lines,
                leave=False,
                mininterval=0.2,
            )

    def reach(self, done: int) -> None:
        """Say how much of the total is done."""
        if self._bar is not None:
            self._bar.update(done - self._done)
        self._done = done
        if self._bar is None and time.monotonic() - self._reported >= QUIET_SECONDS:
            self._reported = time.monotonic()
            share = 100 * done // self._total if self._total else 100
            left = (self._reported - self._began) * (self._total - done) / max(done, 1)
            self._stream.write(f"{self._what}: {share} %, about {left:.0f} s left\n")
            self._stream.flush()

    def aside(self, text: str) -> None:
        """Write a line without tearing the bar."""
        if self._bar is not None:
            self._bar.clear()
        self._stream.write(f"{text}\n")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


class LoadReport:
    """Writes what happens to `out`, and progress and problems to `err`."""

    def __init__(self, out: TextIO, err: TextIO, *, every_line: bool = False) -> None:
        self._out, self._err = out, err
        self._every_line = every_line
        self._progress: Progress | None = None
        self._remarks: dict[str, array[int]] = {}

    def say(self, text: str) -> None:
        """Write a line of the outcome."""
        self._out.write(f"{text}\n")

    def problem(self, problem: RowFault) -> None:
        """Report at once what is wrong with a row: there may be too many to keep."""
        if self._progress is not None:
            self._progress.aside(str(problem))
        else:
            self._err.write(f"{problem}\n")

    def note(self, remark: str, line: int) -> None:
        """Keep a remark about a line, to be reported with all like it."""
        self._remarks.setdefault(remark, array("Q")).append(line)

    def write_remarks(self) -> None:
        """Write all remarks, each with its lines."""
        for remark, lines in self._remarks.items():
            self._write_remark(remark, lines)

    def _write_remark(self, remark: str, unsorted: Iterable[int]) -> None:
        lines = sorted(unsorted)
        shown = lines if self._every_line else lines[:LINES_SHOWN]
        more = len(lines) - len(shown)
        rest = f" and {more} more (--verbosity 2 names them)" if more else ""
        where = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, shown))}{rest}"
        self.say(f"note: {remark}: {len(lines):,}, on {where}")

    def write_lines(self, lines: Sequence[str]) -> None:
        """Write lines, their beginning unless all are asked for."""
        shown = lines if self._every_line else lines[:LINES_SHOWN]
        for line in shown:
            self.say(line)
        if len(shown) < len(lines):
            self.say(f"  … and {len(lines) - len(shown):,} more (--verbosity 2 lists them)")

    def write_remark(self, remark: str) -> None:
        """Write one remark now, with its lines; nothing if there is none."""
        if (lines := self._remarks.pop(remark, None)) is not None:
            self._write_remark(remark, lines)

    def write_list(self, title: str, lines: Sequence[str]) -> None:
        """Write a list under its title, its beginning unless all is asked for; nothing if it is empty."""
        if lines:
            self._list(f"note: {title}", lines, len(lines))

    def write_still_readable(self, still_readable: StillReadable) -> None:
        """Warn of the records that were made coarser than what is public, each with the fields that stay readable."""
        if coarser := still_readable.coarser():
            self._list(coarser.warning(), list(map(str, coarser)), len(coarser))
        if note := still_readable.note_on_names():
            self.say(note)

    def _list(self, title: str, lines: Sequence[str], number: int) -> None:
        shown = lines if self._every_line else lines[:LINES_SHOWN]
        self.say("\n  ".join([f"{title}: {number:,}", *shown]))
        if len(shown) < number:
            hint = " (--verbosity 2 lists them)" if len(shown) < len(lines) else ""
            self.say(f"  … and {number - len(shown):,} more{hint}")

    @contextmanager
    def progress(self, what: str, total: int, unit: str = " rows") -> Iterator[Progress]:
        """Show how far a step is while it lasts."""
        self._progress = Progress(self._err, what, total, unit)
        try:
            yield self._progress
        finally:
            self._progress.close()
            self._progress = None


def rate(rows: int, seconds: float) -> str:
    """Return how long something took and how fast that was."""
    return f"{rows:,} rows in {seconds:.1f} s ({rows / max(seconds, 1e-9):,.0f} rows/s)"
