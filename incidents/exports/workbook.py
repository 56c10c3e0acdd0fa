"""Spreadsheets: made in a file first, because whether all cells fit is known only when all are written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO
from wsgiref.util import FileWrapper

from incidents.exports.formats import Documents, ExportRequest, Format
from incidents.tables.cells import cells
from incidents.tables.spreadsheets import LONGEST_CELL, LongCellError, SheetWriter
from incidents_api.parameters.errors import InvalidParametersError, parameter_error

MOST_ROWS = 250_000
"""A sheet could hold four times as many; it takes half a minute to write these, and few programs open more."""
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
    is_light = False
    cost = 20
    bytes_a_row = 500

    def write(self, documents: Documents, asked: ExportRequest) -> Iterator[bytes]:
        """Make the workbook, then yield it; raises InvalidParametersError at once for what no sheet can hold."""
        return _Pieces(_workbook(documents, asked), PIECE)


class _Pieces(FileWrapper):
    """Reads a file that is closed once it is read, and with the answer if it is not."""

    def __next__(self) -> bytes:
        """Read the next chunk of the finished workbook."""
        try:
            return super().__next__()
        except StopIteration:
            self.filelike.close()
            raise


def _workbook(documents: Documents, asked: ExportRequest) -> IO[bytes]:
    columns = asked.columns
    rows = cells(columns)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever has read it
    try:
        with SheetWriter(file, asked.title, len(columns)) as sheet:
            sheet.write([[column.name for column in columns]])
            if asked.hxl:
                sheet.write([[column.hxl for column in columns]])
            for some in documents:
                sheet.write(rows(some))
    except BaseException as error:
        file.close()
        if isinstance(error, LongCellError):
            raise _too_long(str(error.row[0]), columns[error.column].name) from None
        raise
    file.seek(0)
    return file


def _too_long(record_id: str, column: str) -> Exception:
    message = (
        f"{column} of {record_id} is longer than {LONGEST_CELL:,} characters, the maximum of a sheet's cell. "
        "Use csv, or omit the column with fields."
    )
    return InvalidParametersError([parameter_error("format", "xlsx", message, code="too_many_results")])
