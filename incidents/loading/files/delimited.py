"""Delimited text: every row with the line of the file that it begins on, whatever its cells hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import IO

from incidents.loading.errors import LoadError
from incidents.loading.files import file_limits
from incidents.loading.files.encodings import NAME_IT
from incidents.loading.files.streams import numbered_lines

DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"?')
_DECLARED = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE)
"""A first line by which Excel is told the delimiter."""


class DelimitedRows:
    """The header of a delimited text in UTF-8, and its rows as (line, cells)."""

    def __init__(self, stream: IO[bytes], name: str, delimiter: str | None, header_line: int = 0) -> None:
        self._stream, self._name = stream, name
        self._row = 0
        lines = self._lines()
        first = next(lines, "")
        self._above = max(header_line - 1, 0)
        """Lines above the header."""
        if declared := _DECLARED.fullmatch(first):
            delimiter, self._above = delimiter or declared[1], max(self._above, 1)
        for _ in range(self._above):
            self._row = 0
            if not (first := next(lines, "")):
                break
        if not first.strip():
            raise LoadError(_no_header(name, first, header_line))
        bare = _QUOTED.sub("", first)
        self.delimiter = delimiter or max(DELIMITERS, key=bare.count)
        csv.field_size_limit(file_limits.MAX_LINE)  # the library has one for the whole process
        try:
            self._reader = csv.reader(chain([first], lines), delimiter=self.delimiter, strict=True)
        except TypeError:
            raise LoadError(f"[file] delimiter: {delimiter!r} has to be one character.") from None
        _, self.header = next(self.records())
        if len(self.header) > file_limits.MAX_COLUMNS:
            raise LoadError(f"{name} has {len(self.header):,} columns; {file_limits.MAX_COLUMNS:,} are the most.")

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows; of a line without any text no cells: spreadsheets save rows that were emptied as `;;;`."""
        reader, above = self._reader, self._above + 1
        line, self._row = reader.line_num + above, 0
        try:
            for cells in reader:
                yield line, cells if any(cells) else []
                line, self._row = reader.line_num + above, 0
        except csv.Error as error:
            raise LoadError(_malformed(line, error)) from None

    def _lines(self) -> Iterator[str]:
        for number, raw in numbered_lines(self._stream):
            self._row += len(raw)
            if self._row > file_limits.MAX_ROW:
                raise LoadError(
                    f"line {number}: the row is longer than {file_limits.MAX_ROW // 2**20} MB; "
                    "is a quotation mark opened and not closed?"
                )
            try:
                yield raw.decode()
            except UnicodeDecodeError as error:
                raise LoadError(
                    f"line {number}, byte {error.start + 1} of it, is not UTF-8 (0x{raw[error.start]:02x}), "
                    f"though the file begins as if it were. {NAME_IT}"
                ) from None


def _no_header(name: str, first: str, header_line: int) -> str:
    if header_line:
        said = "is blank" if first else "is beyond its end"
        return f"{name}: line {header_line}, which is said to hold the names of the columns, {said}."
    return f"{name} begins with a blank line." if first else f"{name} is empty."


def _malformed(line: int, error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text or "unexpected end of data" in text:
        return f"the row at line {line} never ends: a quotation mark is opened and not closed."
    if "expected after" in text:
        return f"line {line}: a quotation mark inside a quoted cell; it has to be doubled."
    if "new-line character" in text:
        return f"line {line}: a line ends in CR alone, others in LF; save the file with one line end."
    return f"line {line}: {text}."
