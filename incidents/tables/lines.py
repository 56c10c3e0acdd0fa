"""Rows as lines of CSV (RFC 4180): comma, CRLF, UTF-8; missing is empty, text is quoted, codes and numbers are not.

Written here and not by the `csv` module, which looks at every character and takes longer than all else together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from incidents.tables.cells import cells
from incidents.tables.columns import Column

END = "\r\n"
QUOTED = ("text", "list", "json")
"""Types whose cells may hold a comma, a quotation mark or a line break."""


def line(words: Iterable[str]) -> bytes:
    """One CSV line of names or tags, which need no quoting."""
    return (",".join(words) + END).encode()


def lines(columns: Sequence[Column]) -> Callable[[Iterable[bytes]], bytes]:
    """Make a function that converts stored documents to CSV lines (bytes)."""
    rows = cells(columns)
    numbers = [at for at, column in enumerate(columns) if column.type in ("integer", "number")]
    quoted = [at for at, column in enumerate(columns) if column.type in QUOTED]

    def made(documents: Iterable[bytes]) -> bytes:
        told: list[bytes] = []
        for row in rows(documents):
            for at in quoted:
                text = row[at]
                if text:
                    row[at] = '"' + text.replace('"', '""') + '"'
            for at in numbers:
                number = row[at]
                if number is not None:
                    row[at] = str(number)
            told.append((",".join([cell or "" for cell in row]) + END).encode())
        return b"".join(told)

    return made
