"""The rows of an export: values by the names of the columns, whatever the format was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile
from incidents.loading.files.row_file import LINES
from incidents.loading.round_trip.document_exports import from_features, from_lines
from incidents.loading.round_trip.row_content import Item
from incidents.loading.round_trip.table_exports import from_cells
from incidents.tables import Table


def digest(path: Path) -> str:
    """Return `sha256:…` of a file; raises LoadError."""
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise LoadError(f"{path} cannot be opened: {error.strerror}.") from None


def rows(path: Path, table: Table, sheet: str = "") -> Iterator[Item]:
    """Yield what each row tells, or what is wrong with it; raises LoadError for a file that is no such export."""
    with TableFile(path, sheet=sheet, growing=True) as file:
        file.expect_workbook(sheet)
        if file.json is not None and file.form == LINES:
            yield from from_lines(file.json, table)
        elif file.json is not None:
            yield from from_features(file.json, path.name, table)
        elif file.header:
            yield from from_cells(file, table)
        else:  # Parquet, whose columns are known only to who reads it twice
            with TableFile(path) as whole:
                yield from from_cells(whole, table)
