"""Spreadsheets: made in a file first, because a workbook cannot be begun before it is finished."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any
from wsgiref.util import FileWrapper

from incidents.api.exports.formats import Asked, Documents, Format
from incidents.tables.cells import cells
from incidents.tables.workbooks import escaped
from incidents_api.rest.errors import bad_parameters, parameter_error

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
"""Beside the header."""
PIECE = 2**18


class XLSX(Format):
    """One sheet with the same cells as the CSV."""

    format = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    content_type = media_type
    flat = True
    takes = frozenset({"hxl"})
    most = MOST_ROWS
    is_made_first = True

    def write(self, documents: Documents, asked: Asked) -> Iterator[bytes]:
        """Make the workbook, then yield it; raises a 400 problem before the first byte for what no sheet can hold."""
        return _Pieces(_workbook(documents, asked), PIECE)


class _Pieces(FileWrapper):
    """Reads a file that is closed once it is read, and with the answer if it is not."""

    def __next__(self) -> bytes:
        """Return the next piece."""
        try:
            return super().__next__()
        except StopIteration:
            self.filelike.close()
            raise


def _workbook(documents: Documents, asked: Asked) -> IO[bytes]:
    from openpyxl import Workbook

    columns = asked.columns
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(asked.title)
    sheet.freeze_panes = "B2"
    sheet.append([column.name for column in columns])
    if asked.hxl:
        sheet.append([column.hxl for column in columns])
    rows = cells(columns)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever has read it
    try:
        for some in documents:
            for row in rows(some):
                sheet.append([_cell(sheet, value, columns[at].name, row) for at, value in enumerate(row)])
    except BaseException:
        with file:
            workbook.save(file)  # the only way to let it take away its own temporary files
        raise
    workbook.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, value: Any, column: str, row: Sequence[Any]) -> Any:
    """Return a cell as openpyxl takes it; raises a 400 problem for a text that fits no cell."""
    from openpyxl.cell import WriteOnlyCell

    if value.__class__ is float:
        # With all its digits, of which openpyxl by itself writes sixteen.
        number = WriteOnlyCell(sheet, repr(value).removesuffix(".0"))
        number.data_type = "n"
        return number
    if value.__class__ is not str:
        return value
    text = escaped(value)
    if len(text) > LONGEST_CELL:
        raise _too_long(str(row[0]), column)
    return text


def _too_long(record_id: str, column: str) -> Exception:
    message = (
        f"{column} of {record_id} is longer than the {LONGEST_CELL:,} characters that a sheet's cell holds. "
        "Ask for csv, or leave the column out with fields."
    )
    return bad_parameters([parameter_error("format", "xlsx", message)])
