"""The rows of an export: values by the names of the columns, whatever the format was."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from incidents.loading.errors import BadRow, LoadError, Problem
from incidents.loading.readers import TableFile, limits
from incidents.tables import Column, Table
from incidents.tables.back import CellError, picked, value
from incidents_api.rest.errors import nearest

NDJSON = (".ndjson", ".jsonl")
NEEDED = ("id", "revision")


class Told(NamedTuple):
    """One row; `revision` is None where none is told, which a new record has not."""

    line: int
    id: str
    revision: int | None
    values: dict[str, Any]
    """Of all other columns that the file has."""


Item = Told | BadRow


def digest(path: Path) -> str:
    """Return `sha256:…` of a file; raises LoadError."""
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise LoadError(f"{path} cannot be opened: {error.strerror}.") from None


def rows(path: Path, table: Table) -> Iterator[Item]:
    """Yield what each row tells, or what is wrong with it; raises LoadError for a file that is no such export."""
    name = path.name.lower().removesuffix(".gz")
    return _documents(path, table) if name.endswith(NDJSON) else _cells(path, table)


def _cells(path: Path, table: Table) -> Iterator[Item]:
    with TableFile(path) as file:
        columns = _columns(file.header, table)
        neutralised = file.form != "Parquet"
        for line, cells in file.rows():
            if len(cells) != len(columns):
                expected = f"{len(columns)}, as many as the header has"
                yield BadRow([Problem(line, "", f"{len(cells)} cells", expected)])
            else:
                yield _row(line, columns, cells, neutralised=neutralised)


def _columns(header: Sequence[str], table: Table) -> list[Column | None]:
    """Return the columns that the header names; None for one that says nothing of its own."""
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise LoadError(
            f"The file has no column {' and '.join(missing)}: without id and revision nobody can tell whether a record "
            "was changed meanwhile. Export with fields=id,revision,… or with all columns."
        )
    twice = sorted({name for name in header if list(header).count(name) > 1})
    if twice:
        raise LoadError(f"The file has more than one column {', '.join(twice)}.")
    for name in header:
        if name not in table.by_name and name != "geometry" and not name.startswith("geometry."):
            hint = nearest(name, table.names)
            raise LoadError(f"{name!r} is no column of {table.kind}s{f'; did you mean {hint!r}?' if hint else '.'}")
    return [table.by_name.get(name) for name in header]


def _row(line: int, columns: Sequence[Column | None], cells: Sequence[str], *, neutralised: bool) -> Item:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, cell in zip(columns, cells, strict=True):
        if column is None or column.name == "published":
            continue
        try:
            values[column.name] = value(column, cell, neutralised=neutralised)
        except CellError as error:
            problems.append(Problem(line, column.name, cell, str(error)))
    return _told(line, values, problems)


def _told(line: int, values: dict[str, Any], problems: list[Problem]) -> Item:
    public_id = values.pop("id", None) or ""
    revision = values.pop("revision", None)
    if not public_id:
        problems.append(Problem(line, "id", "", "the id of the record"))
    if problems:
        return BadRow(problems, public_id)
    return Told(line, public_id, revision, values)


def _documents(path: Path, table: Table) -> Iterator[Item]:
    opener = gzip.open if path.name.endswith(".gz") else open
    with opener(path, "rb") as file:
        number = 0
        while raw := file.readline(limits.MAX_LINE + 1):
            number += 1
            if len(raw) > limits.MAX_LINE:
                raise LoadError(f"line {number} is longer than {limits.MAX_LINE // 2**20} MB: is this a file of rows?")
            if raw.strip():
                yield _document(number, raw, table)


def _document(line: int, raw: bytes, table: Table) -> Item:
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise LoadError(f"line {line}: no valid JSON: {error}. Is the file whole?") from None
    if not isinstance(document, dict):
        return BadRow([Problem(line, "", raw[:40].decode(), "a record, {…}")])
    tops = {column.top for column in table.columns}
    problems = [
        Problem(line, name, "", f"a field of {table.kind}s; this is none") for name in document if name not in tops
    ]
    told = [column for column in table.columns if column.top in document and column.name != "published"]
    try:
        values = {column.name: picked(column, document) for column in told}
    except (AttributeError, KeyError, TypeError):
        return BadRow([Problem(line, "", raw[:40].decode(), "a record of the same shape as the export")])
    return _told(line, values, problems)
