"""What a row changes of what is public: which cells were edited since the revision that they were exported from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from incidents.ledger.models import Revision
from incidents.ledger.querysets import RevisionQuerySet
from incidents.loading.bulk_rows import InTexts
from incidents.loading.errors import BadRow, RowFault
from incidents.loading.round_trip.row_content import ExportRow
from incidents.tables import Column, Table
from incidents.tables.cell_parsing import AN_EMPTY_CELL, NOT_AVAILABLE, nothing, picked

NEEDED = ("kind", "record_id", "number", "shape", "document")
"""What is read of a revision."""

DIGITS = 15
"""Of a number that a spreadsheet keeps; what differs beyond them was not edited."""


class Edit(NamedTuple):
    """A record to be written: new, or with these values changed."""

    line: int
    id: str
    live: int
    """The number of the revision that is public; 0: none."""
    values: dict[str, Any]
    exported: int | None = None
    """The number of the revision that the row names."""

    @property
    def is_new(self) -> bool:
        """Tell whether there is no such record yet."""
        return self.live == 0

    def bad(self, column: str, value: Any, expected: str) -> BadRow:
        """Return what is wrong with a cell of the row."""
        return BadRow([RowFault(self.line, column, text_of(value), expected)], self.id)

    def __str__(self) -> str:
        if self.is_new:
            return f"line {self.line}: {self.id} is new"
        values = "; ".join(f"{name} = {text_of(value)}" for name, value in self.values.items())
        return f"line {self.line}: {self.id}: {values}"


class LatestRevision(NamedTuple):
    """The latest revision of a record."""

    number: int
    change: str
    document: dict[str, Any] | None


class Comparison:
    """Compares rows of one kind with what is public."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.kind = table.kind
        self.datasets: set[str] = set()
        """Those of the rows whose records are public."""

    def edits(self, rows: Sequence[ExportRow]) -> Iterator[Edit | RowFault | None]:
        """Yield for each row what it changes: an edit, nothing, or why it cannot be taken."""
        latest = self.latest([row.id for row in rows])
        # Those that rows were exported from, where they are not public any more.
        older = self._documents(
            {
                row.id: row.revision
                for row in rows
                if row.revision is not None and row.id in latest and latest[row.id].number != row.revision
            }
        )
        for row in rows:
            yield self._edit(row, latest.get(row.id), older.get(row.id))

    def latest(self, ids: Sequence[str]) -> dict[str, LatestRevision]:
        """Return the latest revisions of records."""
        found = self._revisions(ids).order_by("number").only(*NEEDED, "change")
        return {
            each.record_id: LatestRevision(each.number, each.change, each.content() if each.document else None)
            for each in found
        }

    def documents(self, edits: Sequence[Edit]) -> dict[str, dict[str, Any]]:
        """Return the documents that were public before some edits, by id."""
        return self._documents({edit.id: edit.live for edit in edits if edit.live})

    def changed(self, row: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
        """Return the values that are not those of a document."""
        columns = self._table.by_name
        return {
            name: value
            for name, value in row.items()
            if not _is_same(columns[name], value, picked(columns[name], document))
        }

    def _documents(self, numbers: dict[str, int]) -> dict[str, dict[str, Any]]:
        """Return the documents of revisions, one of a record, given by their numbers."""
        if not numbers:
            return {}
        found = self._revisions(list(numbers)).with_content().only(*NEEDED)
        return {each.record_id: each.content() for each in found if numbers[each.record_id] == each.number}

    def _revisions(self, ids: Sequence[str]) -> RevisionQuerySet:
        return Revision.objects.of(self.kind).filter(InTexts("record_id", ids))

    def _edit(
        self, row: ExportRow, live: LatestRevision | None, exported: dict[str, Any] | None
    ) -> Edit | RowFault | None:
        if live is None:
            return Edit(row.line, row.id, 0, row.values, row.revision)
        if live.document is None:
            return RowFault(
                row.line, "id", row.id, f"a public record; revision {live.number} says it was {live.change}"
            )
        self.datasets.add(live.document.get("dataset", ""))
        edited = self.changed(row.values, live.document)
        if not edited or (exported is not None and not self.changed(row.values, exported)):
            return None
        if row.revision != live.number:
            return _stale(row, live.number)
        return self._refused(row, edited, live.document) or Edit(row.line, row.id, live.number, edited, row.revision)

    def _refused(self, row: ExportRow, edited: dict[str, Any], document: dict[str, Any]) -> RowFault | None:
        for name, value in edited.items():
            column = self._table.by_name[name]
            if value in (NOT_AVAILABLE, [NOT_AVAILABLE]) and picked(column, document) == nothing(column):
                return RowFault(row.line, name, NOT_AVAILABLE, AN_EMPTY_CELL)
            if not column.editable or name == "dataset":
                said = "no edit here: the server tells it, or it follows from other columns"
                return RowFault(row.line, name, text_of(value), said)
        return None


def _is_same(column: Column, one: Any, other: Any) -> bool:
    """Tell whether two values of a column are one."""
    if one == other:
        # True equals 1 in Python and is something else in JSON.
        return column.type != "json" or _canonical(one) == _canonical(other)
    if column.type == "number" and one is not None and other is not None:
        return f"{one:.{DIGITS}g}" == f"{other:.{DIGITS}g}"
    if column.type == "text" and one and other:  # spreadsheets write line breaks their own way
        return bool(one.replace("\r\n", "\n") == other.replace("\r\n", "\n"))
    return bool(one in (None, "", [], {}) and other == nothing(column))


def _stale(row: ExportRow, live: int) -> RowFault:
    """Return what is wrong with a row that was edited in another revision than the one that is public."""
    if row.revision is None:
        said = f"the number that it was exported with ({live} is public): without it nobody can tell what was edited"
    else:
        said = f"{live}: somebody else changed the record meanwhile; export it again and edit that"
    return RowFault(row.line, f"revision of {row.id}", str(row.revision or ""), said)


def text_of(value: Any) -> str:
    """Return a value for a message."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
