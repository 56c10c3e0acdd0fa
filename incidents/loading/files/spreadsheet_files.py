"""Spreadsheets (.xlsx), a row at a time."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import IO, Any, cast
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException

from incidents.loading.errors import LoadError
from incidents.loading.files import file_limits
from incidents.loading.files.archives import CarefulFile, opened
from incidents.loading.files.flattening import text_of
from incidents.loading.files.streams import BUFFER, PassThrough, check_ratio
from incidents.tables.workbooks import unescaped

_BROKEN = (
    InvalidFileException,
    ParseError,
    zipfile.BadZipFile,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
)
"""What openpyxl raises for a file that is no spreadsheet, or a made-up one; DefusedXmlException is a ValueError."""


_UNCALCULATED = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>')
_TEXT = b't="str"'
_LONGEST_FORMULA = 10_000
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+[0-9]+:[A-Z]+([0-9]+))"')
MOST_TOLD = 10
"""Merged cells that a note names."""


class _RowByRow(PassThrough):
    """A sheet's XML; LoadError when one row of it is too long, or a cell has a formula and no value.

    Programs that write formulas without calculating them leave such cells, which would pass for empty ones. `merged`
    holds the last row of each range of merged cells, by range; all but the first cell of a range are empty.
    """

    _before = b""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream)
        self.merged: dict[str, int] = {}

    def take(self, size: int) -> bytes:
        """Return bytes of the sheet."""
        data = super().take(min(size, BUFFER))
        if self.count + len(data) > file_limits.MAX_ROW:
            raise LoadError(f"a row of the sheet is longer than {file_limits.MAX_ROW // 2**20} MB.")
        self._refuse_uncalculated(data)
        return data

    def _refuse_uncalculated(self, data: bytes) -> None:
        text = self._before + data
        self._before = text[-_LONGEST_FORMULA:]
        if b"<mergeCell " in text:
            self.merged |= {match[1].decode(): int(match[2]) for match in _MERGED.finditer(text)}
        for match in _UNCALCULATED.finditer(text) if b"<f" in text else ():
            if _TEXT not in match[2]:  # of a text that is empty the value is the empty text
                raise LoadError(
                    f"cell {match[1].decode()} holds a formula that was never calculated. Open the file in a "
                    "spreadsheet program, save it there, and load it again."
                )


class _Archive(zipfile.ZipFile):
    """A workbook's parts. While it is opened its sheets look empty, or all would be read for their size."""

    opening = True
    sheet: _RowByRow

    def open(self, name: Any, mode: Any = "r", pwd: Any = None, *, force_zip64: bool = False) -> Any:
        """Return the content of a part, of a sheet row by row."""
        path = name if isinstance(name, str) else name.filename
        if not path.startswith("xl/worksheets/"):
            return super().open(name, mode, pwd, force_zip64=force_zip64)
        if self.opening:
            return io.BytesIO(b"<worksheet/>")
        self.sheet = _RowByRow(super().open(name, mode, pwd, force_zip64=force_zip64))
        return self.sheet


class SheetRows:
    """The header of one sheet, and its rows as (row, cells); days are written as 2022-08-04."""

    def __init__(self, file: IO[bytes], name: str, sheet: str, header_line: int = 0) -> None:
        self._name, self._count, self._size = name, 0, file.seek(0, io.SEEK_END)
        with opened(file, name) as archive:
            _check(archive, name)
        try:
            self._archive = _Archive(CarefulFile(file))
            reader = ExcelReader(cast("Any", CarefulFile(file)), read_only=True, data_only=True)
            reader.archive = self._archive
            with warnings.catch_warnings(action="ignore"):  # of styles and checks that it drops
                reader.read()
        except _BROKEN as error:
            raise LoadError(f"{name} cannot be read as a spreadsheet: {_why(error)}.") from None
        self._archive.opening = False
        self._book = reader.wb
        self.sheet = self._chosen(sheet)
        self._rows = self._read(self._book[self.sheet])
        line, self.header = next(self._rows, (0, []))
        while 0 < line < header_line:
            line, self.header = next(self._rows, (0, []))
        if header_line and line != header_line:
            raise LoadError(f"{name}: row {header_line} of the sheet {self.sheet!r}, said to be the header, is empty.")
        while self.header and not self.header[-1]:
            self.header.pop()
        if not self.header:
            raise LoadError(f"{name}: the sheet {self.sheet!r} is empty.")
        self._header_line = line

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows as wide as the header; a cell beyond it makes a row too wide."""
        width = len(self.header)
        for line, cells in self._rows:
            while len(cells) > width and not cells[-1]:
                cells.pop()
            yield line, cells + [""] * (width - len(cells))

    def merged(self) -> list[str]:
        """Return the merged cells in the header and below, the first of many; known when all rows have been read."""
        found = [cells for cells, last in self._archive.sheet.merged.items() if last >= self._header_line]
        more = len(found) - MOST_TOLD
        return [*found[:MOST_TOLD], *[f"{more:,} more"] * (more > 0)]

    @property
    def hidden(self) -> list[str]:
        """The sheets that the workbook hides, and that are not the one that is read."""
        states = {each.title: each.sheet_state for each in self._book.worksheets}
        return [name for name, state in states.items() if state != "visible" and name != self.sheet]

    def close(self) -> None:
        """Close the workbook."""
        self._book.close()

    def _chosen(self, sheet: str) -> str:
        shown = [each.title for each in self._book.worksheets if each.sheet_state == "visible"]
        if sheet in self._book.sheetnames:
            return sheet
        if sheet and len(alike := [each for each in self._book.sheetnames if each.strip() == sheet.strip()]) == 1:
            return alike[0]
        if sheet or len(shown) != 1:
            names = ", ".join(each if each == each.strip() else f'"{each}"' for each in shown)
            raise LoadError(
                f'{self._name} has the sheets {names}; say which with --sheet, or in a profile with [file] sheet = "…".'
                if not sheet
                else f"{self._name} has no sheet {sheet!r}; it has {names}."
            )
        return shown[0]

    def _read(self, sheet: Any) -> Iterator[tuple[int, list[str]]]:
        try:
            for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                self._archive.sheet.count = 0
                if len(values) > file_limits.MAX_COLUMNS:
                    raise LoadError(f"row {line} has {len(values):,} cells; {file_limits.MAX_COLUMNS:,} are the most.")
                cells = [unescaped(value) if isinstance(value, str) else text_of(value) for value in values]
                if any(cells):
                    self._check_length(line, cells)
                    yield line, cells
        except _BROKEN as error:
            raise LoadError(f"{self._name}: the sheet {sheet.title!r} is damaged: {_why(error)}.") from None

    def _check_length(self, line: int, cells: list[str]) -> None:
        # A text that the workbook holds once may be shown in every cell.
        length = sum(map(len, cells))
        if length > file_limits.MAX_ROW:
            raise LoadError(f"row {line} of the sheet is longer than {file_limits.MAX_ROW // 2**20} MB.")
        self._count += length
        check_ratio(self._count, self._size, self._name)


def _check(archive: zipfile.ZipFile, name: str) -> None:
    """Raise LoadError for parts that unpack to too much."""
    beside = 0
    for part in archive.infolist():
        check_ratio(part.file_size, part.compress_size, f"{name}: {part.filename}")
        if not part.filename.startswith("xl/worksheets/"):
            beside += part.file_size
    if beside > file_limits.MAX_PARTS:
        raise LoadError(
            f"{name} holds {beside:,} bytes beside its sheets, and they would all have to be in memory; save it as CSV."
        )


def _why(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, DefusedXmlException):
        return "it defines entities, which can expand without end"
    if isinstance(error, IndexError):
        return "a cell refers to a text or a style that the workbook does not hold"
    return " ".join(str(error).split())[:200] or type(error).__name__
