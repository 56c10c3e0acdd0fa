"""Files of rows: every row with the line of the file that it begins on, whatever its cells hold."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from incidents.loading.errors import LoadError

MAX_LINE = 16 * 2**20
"""Bytes a line, and characters a cell, may have: more is a damaged file, and would not fit in memory."""

DELIMITERS = ",;\t|"
_GZIP = b"\x1f\x8b"
_ARCHIVE = b"PK\x03\x04"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class Tap(io.RawIOBase):
    """Passes a file on, and keeps the count and the hash of what has passed."""

    def __init__(self, raw: io.FileIO) -> None:
        self._raw = raw
        self._hash = sha256()
        self.count = 0

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer from the file; returns the number of bytes."""
        view = memoryview(buffer)
        count = self._raw.readinto(view) or 0
        self._hash.update(view[:count])
        self.count += count
        return count

    def close(self) -> None:
        """Close the file."""
        self._raw.close()
        super().close()

    def digest(self) -> str:
        """Return `sha256:…` of what has passed."""
        return f"sha256:{self._hash.hexdigest()}"


class TableFile:
    """A delimited text file, plain or gzipped: a header, then rows; opened by `with`.

    Raises LoadError for what is no such file, with the line where there is one. `tags` is the line of the row
    of HXL tags that was passed over, if the file has one.
    """

    def __init__(self, path: Path, *, encoding: str = "utf-8", delimiter: str | None = None) -> None:
        self.path = path
        self.encoding = encoding
        self.delimiter = delimiter
        self.header: list[str] = []
        self.tags: int | None = None
        self.size = 0

    def __enter__(self) -> Self:
        try:
            raw = io.FileIO(self.path)
            self.size = self.path.stat().st_size
        except FileNotFoundError:
            raise LoadError(f"{self.path}: there is no such file.") from None
        except IsADirectoryError:
            raise LoadError(f"{self.path} is a directory; name the file in it.") from None
        except OSError as error:
            raise LoadError(f"{self.path} cannot be opened: {error.strerror}.") from None
        self._tap = Tap(raw)
        buffered: io.BufferedReader = io.BufferedReader(self._tap, 2**20)
        try:
            self._stream = self._unpacked(buffered)
            self._begin()
        except BaseException:
            buffered.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._tap.close()

    @property
    def position(self) -> int:
        """Bytes of the file that have been read, of `size`."""
        return self._tap.count

    @property
    def digest(self) -> str:
        """`sha256:…` of the file as it lies on the disk, once all rows have been read."""
        return self._tap.digest()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row after the header as (line, cells), cells as they are; blank lines are no rows."""
        first = True
        for line, cells in self._records():
            if first and _is_tags(cells):
                self.tags = line
            elif cells:
                yield line, cells
            first = first and not cells

    def _unpacked(self, buffered: io.BufferedReader) -> IO[bytes]:
        start = buffered.peek(4)[:4]
        if start.startswith(_GZIP):
            return io.BufferedReader(gzip.GzipFile(fileobj=buffered), 2**20)
        if start == _ARCHIVE:
            raise LoadError(f"{self.path} is an archive or a spreadsheet; unpack it, or save it as CSV.")
        return buffered

    def _begin(self) -> None:
        lines = self._lines()
        first = next(lines, "")
        if not first.strip():
            raise LoadError(f"{self.path} is empty." if not first else f"{self.path} begins with a blank line.")
        delimiter = self.delimiter or max(DELIMITERS, key=first.count)
        csv.field_size_limit(MAX_LINE)  # the library has one for the whole process
        self._reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
        _, self.header = next(self._records())

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        reader = self._reader
        while True:
            line = reader.line_num + 1
            try:
                yield line, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise LoadError(_malformed(line, error)) from None

    def _lines(self) -> Iterator[str]:
        number, encoding = 0, "utf-8-sig" if self.encoding.lower() in ("utf-8", "utf8") else self.encoding
        while raw := self._line(number + 1):
            number += 1
            if number == 1 and raw.startswith(_WIDE):
                raise LoadError(f"{self.path} is in UTF-16; save it as UTF-8.")
            if b"\0" in raw:
                raise LoadError(f"line {number} holds a NUL byte: the file is damaged or no text.")
            try:
                yield raw.decode(encoding)
            except UnicodeDecodeError as error:
                raise LoadError(
                    f"line {number} is not {self.encoding} (byte 0x{raw[error.start]:02x}); save it as UTF-8, "
                    f'or name its encoding in the profile: [file] encoding = "cp1251".'
                ) from None
            encoding = self.encoding  # only the first line can begin with a byte order mark

    def _line(self, number: int) -> bytes:
        try:
            raw = self._stream.readline(MAX_LINE + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise LoadError(f"after line {number - 1} the compressed file is cut off or damaged: {error}.") from None
        if len(raw) > MAX_LINE:
            raise LoadError(f"line {number} is longer than {MAX_LINE // 2**20} MB: is this a file of rows?")
        return raw


def _chain(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _is_tags(cells: list[str]) -> bool:
    # https://hxlstandard.org: a row of hashtags between the header and the data
    said = [cell.strip() for cell in cells if cell.strip()]
    return bool(said) and all(cell.startswith("#") and cell[1:2].isalpha() for cell in said)


def _malformed(line: int, error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text or "unexpected end of data" in text:
        return f"the row at line {line} never ends: a quotation mark is opened and not closed."
    if "expected after" in text:
        return f"line {line}: a quotation mark inside a quoted cell; it has to be doubled."
    if "new-line character" in text:
        return f"line {line}: lines end in CR alone; save the file with LF or CRLF."
    return f"line {line}: {text}."
