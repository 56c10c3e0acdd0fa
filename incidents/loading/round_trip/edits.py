"""What a row changes of what is public: which cells were edited since the revision that they were exported from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from incidents.ledger.denormalisation import Document
from incidents.ledger.latest_states import State, latest_states
from incidents.ledger.models import Revision
from incidents.loading.errors import BadRow, RowFault
from incidents.loading.round_trip.row_content import ExportRow
from incidents.query.places import PublicPlaces
from incidents.schema.dataset import NOT_STATED
from incidents.schema.terms import not_stated
from incidents.tables import Column, Table
from incidents.tables.cell_parsing import AN_EMPTY_CELL, NOT_AVAILABLE, nothing, picked

WHATEVER_IS_LIVE = 2**62
"""Later than every publication, also than the one that is open."""

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


class Comparison:
    """Compares rows of one kind with what is public."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._places: PublicPlaces | None = None
        self.datasets: set[str] = set()
        """Those of the rows whose records are public."""

    def edits(self, rows: Sequence[ExportRow]) -> Iterator[Edit | RowFault | None]:
        """Yield for each row what it changes: an edit, nothing, or why it cannot be taken."""
        ids = [row.id for row in rows]
        states, public = latest_states(self._table.kind, ids), self.public(ids)
        # Those that rows were exported from, where they are not public any more.
        older = self.documents(
            {
                row.id: row.revision
                for row in rows
                if row.revision is not None and row.id in states and states[row.id].number != row.revision
            }
        )
        for row in rows:
            yield self._edit(row, states.get(row.id), public.get(row.id), older.get(row.id))

    def public(self, ids: Collection[str]) -> dict[str, Document]:
        """Return the documents that are public now, by id."""
        return Revision.objects.live().of(self._table.kind, ids).documents()

    def _shown(self, document: Document) -> Document:
        """Return a document as readers see it: with the codes of its regions, or the terms that a dataset lacks."""
        if self._table.kind == "dataset":
            return {**document, NOT_STATED: not_stated(document)}
        if self._table.kind not in ("incident", "location"):
            return document
        place = document if self._table.kind == "location" else document["location"]
        if self._places is None:
            self._places = PublicPlaces(WHATEVER_IS_LIVE)
        here = place["id"]
        admin1, admin2 = self._places.codes([here])[here] if here else (None, None)
        place = {**place, "admin1_code": admin1, "admin2_code": admin2}
        return place if self._table.kind == "location" else {**document, "location": place}

    def look_again(self) -> None:
        """Forget what places were before the edits were published."""
        self._places = None

    def changed(self, row: dict[str, Any], document: Document) -> dict[str, Any]:
        """Return the values that are not those of a document."""
        columns, document = self._table.by_name, self._shown(document)
        return {
            name: value
            for name, value in row.items()
            if not _is_same(columns[name], value, picked(columns[name], document))
        }

    def documents(self, numbers: dict[str, int]) -> dict[str, Document]:
        """Return the documents of revisions, one of a record, given by their numbers."""
        if not numbers:
            return {}
        found = (
            Revision.objects.of(self._table.kind, numbers)
            .with_content()
            .only("kind", "record_id", "number", "shape", "document")
        )
        return {each.record_id: each.content() for each in found if numbers[each.record_id] == each.number}

    def _edit(
        self, row: ExportRow, state: State | None, public: Document | None, exported: Document | None
    ) -> Edit | RowFault | None:
        if state is None:
            return Edit(row.line, row.id, 0, row.values, row.revision)
        if public is None:
            expected = f"a public record; revision {state.number} says it was {state.change}"
            return RowFault(row.line, "id", row.id, expected)
        self.datasets.add(public.get("dataset", ""))
        edited = self.changed(row.values, public)
        if not edited or (exported is not None and not self.changed(row.values, exported)):
            return None
        if row.revision != state.number:
            return _stale(row, state.number)
        return self._refused(row, edited, public) or Edit(row.line, row.id, state.number, edited, row.revision)

    def _refused(self, row: ExportRow, edited: dict[str, Any], document: Document) -> RowFault | None:
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
