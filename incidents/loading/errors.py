"""What can be wrong with a file or a profile, said so that whoever runs the load can put it right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

SHOWN = 80
"""Characters of a cell that a message shows."""


class LoadError(Exception):
    """The load stops and nothing was written; the message says why and what to do."""


class ProfileError(LoadError):
    """A profile is not valid; the message names every key that is wrong."""


@dataclass(eq=False)
class BadCell(Exception):  # noqa: N818 - not an error of the program
    """A cell does not say what it should; `expected` is what would be right."""

    column: str
    value: str
    expected: str


class RowFault(NamedTuple):
    """One reason why a row cannot be loaded."""

    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {shown(self.value)}, expected {self.expected}"


@dataclass(eq=False)
class BadRow(Exception):  # noqa: N818 - not an error of the program
    """A row cannot be loaded; `public_id` is empty where not even its id can be told."""

    problems: list[RowFault]
    public_id: str = ""


def refuse_bad(bad: int, *, skip: bool) -> None:
    """Raise LoadError if there are bad rows and they may not be left out."""
    if bad and not skip:
        raise LoadError(
            f"Nothing was loaded: {bad:,} row{'s have' if bad > 1 else ' has'} errors. "
            f"Fix {'them' if bad > 1 else 'it'}, or skip {'them' if bad > 1 else 'it'} with --skip-bad."
        )


def shown(value: str) -> str:
    """Return a cell's text in quotes, shortened to what a message can hold."""
    if not value:
        return "nothing"
    return '"' + shortened(value, SHOWN).replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0") + '"'


def shortened(text: str, longest: int) -> str:
    """Return a text of at most so many characters; what is cut off is marked."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean X?` for the nearest known name, or ""."""
    by_folded = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[found[0]]}?" if found else ""
