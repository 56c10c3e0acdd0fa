"""A file of rows, opened: what form it has is told from its content, and said."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

import orjson

from incidents.data_files import toml_beside
from incidents.loading.errors import LoadError, shown
from incidents.loading.files import archives, encodings, file_limits, json_files
from incidents.loading.files.delimited import DelimitedRows
from incidents.loading.files.flattening import Flat
from incidents.loading.files.streams import BUFFER, Begun, HashedFile, InUtf8, copied_out, gunzipped, refuse_bomb
from incidents.text_checks import STORABLE, is_storable, storable

_GZIP, _ARCHIVE, _PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
_EMPTY_ARCHIVE, _OLD_OFFICE = b"PK\x05\x06", b"\xd0\xcf\x11\xe0"
LINES = "JSON, an object a line"
_LAYERS = 2
"""An archive may hold a compressed file, and no more."""

Rows = Iterator[tuple[int, list[str]]]


class TableFile:
    """A file of rows: a header, then rows; opened by `with`. Raises LoadError, with the line where there is one.

    Read are delimited text, JSON (an object a line, a FeatureCollection, a list), .xlsx and Parquet, each also in
    gzip or as the only file of a zip archive. `notes` says what was told from the content, `tags` is the line of the
    row of HXL tags that was passed over. `header_line` holds the names of the columns, 0: the first one. With
    `growing`, a header of JSON begins empty and grows with the rows, which are then as long as it was; without, the
    file is read twice.
    """

    def __init__(
        self,
        path: Path,
        *,
        encoding: str = "",
        delimiter: str | None = None,
        sheet: str = "",
        header_line: int = 0,
        growing: bool = False,
    ) -> None:
        self.path = path
        self.form = ""
        self.encoding: encodings.Encoding | None = None
        self.delimiter = ""
        self.header: list[str] = []
        self.tags: int | None = None
        self._merged: Callable[[], list[str]] = list
        self.notes: list[str] = []
        self.size = 0
        self.json: IO[bytes] | None = None
        """Of a file of JSON its text in UTF-8; with `growing` nothing of it has been read yet."""
        self._named, self._delimiter, self._sheet, self._growing = encoding, delimiter, sheet, growing
        self._header_line = header_line
        self._is_workbook = False
        self._stack = ExitStack()
        self._digest = ""

    def __enter__(self) -> Self:
        try:
            self._open()
            if self._header_line and (self.json is not None or self.form == "Parquet"):
                raise LoadError(f"{self.path} is {self.form}, which has no header_line; leave that away.")
            self._refuse_unstorable_names()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    @property
    def position(self) -> int:
        """Bytes of the file that have been read, of `size`."""
        return self._hashed.count if self._hashed else self._raw.tell()

    @property
    def digest(self) -> str:
        """`sha256:…` of the file as it lies on the disk, once all rows have been read."""
        return self._hashed.digest() if self._hashed else self._digest

    @property
    def merged(self) -> list[str]:
        """Merged cells of a sheet from its header on, once all rows have been read."""
        return self._merged()

    def expect_workbook(self, sheet: str) -> None:
        """Raise LoadError if a sheet is asked for and this has none."""
        if sheet and not self._is_workbook:
            raise LoadError(f"--sheet {sheet!r}: {self.path} is no workbook; leave it away.")

    def rows(self) -> Rows:
        """Yield each row after the header as (line, cells), cells as they are; blank lines are no rows."""
        first = True
        for line, cells in self._rows:
            if first and _is_tags(cells):
                self.tags = line
            elif cells:
                yield line, cells
            first = first and not cells

    def _refuse_unstorable_names(self) -> None:
        for number, name in enumerate(self.header, start=1):
            if not is_storable(name):
                said = shown(storable(name))
                raise LoadError(f"{self.path}: the name of column {number}, {said}, has to be {STORABLE}.")

    def _open(self) -> None:
        try:
            self.size = self.path.stat().st_size
            self._raw = self._stack.enter_context(io.FileIO(self.path))
        except FileNotFoundError:
            raise LoadError(f"{self.path}: there is no such file.") from None
        except IsADirectoryError:
            raise LoadError(f"{self.path} is a directory; name the file in it.") from None
        except OSError as error:
            raise LoadError(f"{self.path} cannot be opened: {error.strerror}.") from None
        start = self._raw.read(4) or b""
        self._raw.seek(0)
        self._hashed: HashedFile | None = None
        if start in (_ARCHIVE, _EMPTY_ARCHIVE, _PARQUET):
            # These are not read from start to end, so what passes is no hash of the file.
            self._digest = f"sha256:{hashlib.file_digest(self._raw, 'sha256').hexdigest()}"
            self._raw.seek(0)
            self._any(self._raw, start, str(self.path), self.path.name)
            return
        if start.startswith(_GZIP):
            with self.path.open("rb") as trial:
                refuse_bomb(gunzipped(trial, str(self.path)))
        self._again()

    def _again(self) -> None:
        """Open the file from its start."""
        self._reopen = self._again
        self._raw = self._stack.enter_context(io.FileIO(self.path))
        self._hashed = HashedFile(self._raw)
        stream = io.BufferedReader(self._hashed, BUFFER)
        self._any(stream, stream.peek(4)[:4], str(self.path), self.path.name)

    def _any(self, stream: IO[bytes], start: bytes, label: str, name: str, layer: int = 0) -> None:
        """Read what a stream holds; `told` is what to call it, `name` the name that tells its form."""
        if start == _OLD_OFFICE:
            raise LoadError(f"{label} is an old (.xls) or an encrypted spreadsheet; save it as .xlsx or CSV.")
        if start.startswith(_GZIP):
            if layer == _LAYERS:
                raise LoadError(f"{label}: an archive within an archive within an archive; unpack it first.")
            inner = gunzipped(stream, label)
            self._any(inner, inner.peek(4)[:4], label, name.removesuffix(".gz"), layer + 1)
        elif start in (_ARCHIVE, _EMPTY_ARCHIVE):
            self._zip(stream, label, layer)
        elif start == _PARQUET:
            from incidents.loading.files import columnar  # a fifth of a second that most files do not need

            file = self._seekable(stream, label)
            self.form = "Parquet"
            # A file without rows still says what its columns are.
            self.header = [] if self._growing else _names(columnar.records(file, label)) or columnar.declared(file)
            self._rows = self._cells(columnar.records(file, label))
        else:
            self._text(stream, label, name)

    def _zip(self, stream: IO[bytes], label: str, layer: int) -> None:
        file = self._seekable(stream, label)
        archive = archives.opened(file, label)
        if archives.is_workbook(archive):
            from incidents.loading.files.spreadsheet_files import SheetRows  # a quarter of a second that few files need

            sheet = SheetRows(file, label, self._sheet, self._header_line)
            self._stack.callback(sheet.close)
            self._is_workbook = True
            self._merged = sheet.merged
            if sheet.hidden:
                self._note(f"hidden sheets are not read: {', '.join(sheet.hidden)} (--sheet reads one)")
            self.form, self.header, self._rows = f"spreadsheet, sheet {sheet.sheet!r}", sheet.header, sheet.records()
            return
        if layer:
            raise LoadError(f"{label}: an archive within an archive; unpack it first.")
        self._stack.enter_context(archive)

        def reopen() -> None:
            member, inner = archives.only_member(archive, label)
            start = inner.peek(4)[:4]
            if start.startswith(_GZIP):
                refuse_bomb(gunzipped(archives.only_member(archive, label)[1], f"{label}: {member}"))
            self._note(f"read {member} of the archive")
            self._any(inner, start, f"{label}: {member}", PurePosixPath(member).name, layer + 1)

        self._reopen = reopen
        reopen()

    def _seekable(self, stream: IO[bytes], label: str) -> IO[bytes]:
        return stream if stream is self._raw else self._stack.enter_context(copied_out(stream, label))

    def _text(self, stream: IO[bytes], label: str, name: str) -> None:
        sample = stream.read(file_limits.SAMPLE)
        _refuse_unsupported(sample.removeprefix(codecs.BOM_UTF8)[:1000], label)
        found = encodings.named(self._named) if self._named else encodings.sniffed(sample, file_limits.SAMPLE)
        self.encoding = found
        if not self._named and not found.is_utf8:
            self._note(f"read as {found.name} ({found.sure}: {found.why}); [file] encoding can name another")
        text: io.BufferedReader[Any] = io.BufferedReader(Begun(sample, stream), BUFFER)
        returns = b"\r" in sample and b"\n" not in sample
        if returns:
            self._note("lines end in CR alone")
        if returns or not found.is_utf8:
            text = io.BufferedReader(InUtf8(text, found.name, carriage_returns=returns), BUFFER)
        form = _form(PurePosixPath(name.lower()).suffix, text.peek(file_limits.SAMPLE))
        if form == "csv":
            table = DelimitedRows(text, label, self._delimiter, self._header_line)
            self.form, self.header, self.delimiter = "delimited text", table.header, table.delimiter
            self._rows = table.records()
            return
        self.form = LINES if form == "lines" else "JSON document"
        self.json = text
        records = json_files.lines(text) if form == "lines" else json_files.document(text, label, self._note)
        if self._growing or self.header:
            self._rows = self._cells(records)
            return
        self.header = _names(records)
        if not self.header:
            raise LoadError(f"{label} holds no objects.")
        self._reopen()

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _cells(self, records: Iterator[tuple[int, Flat]]) -> Rows:
        header = self.header
        known = dict.fromkeys(header)
        for line, flat in records:
            if self._growing:
                header += [name for name in flat if name not in known]
                known |= dict.fromkeys(flat)
            yield line, [flat.get(name, "") for name in header]


def _names(records: Iterator[tuple[int, Flat]]) -> list[str]:
    names: dict[str, None] = {}
    for _, flat in records:
        names |= dict.fromkeys(flat)
        if len(names) > file_limits.MAX_COLUMNS:
            raise LoadError(f"more than {file_limits.MAX_COLUMNS:,} different columns: is this a file of rows?")
    return list(names)


def _refuse_unsupported(beginning: bytes, name: str) -> None:
    """Raise LoadError for what is known to hold no rows."""
    for unsupported in toml_beside(__file__, "unsupported.toml")["file"]:
        if re.match(unsupported["begins"].encode(), beginning):
            raise LoadError(f"{name} {unsupported['said']}")


def _form(suffix: str, beginning: bytes) -> str:
    """Tell delimited text from JSON, by the name or else by how it begins."""
    if suffix in (".csv", ".tsv", ".txt"):
        return "csv"
    if suffix in (".ndjson", ".jsonl"):
        return "lines"
    beginning = beginning.removeprefix(codecs.BOM_UTF8).lstrip()
    if beginning[:1] == b"[":
        return "document"
    if beginning[:1] != b"{":
        return "csv"
    try:
        first = orjson.loads(beginning.partition(b"\n")[0])
    except orjson.JSONDecodeError:
        return "document"
    return "document" if json_files.is_document(first) else "lines"


def _is_tags(cells: list[str]) -> bool:
    # https://hxlstandard.org: a row of hashtags between the header and the data
    said = [cell.strip() for cell in cells if cell.strip()]
    return bool(said) and all(cell.startswith("#") and cell[1:2].isalpha() for cell in said)
