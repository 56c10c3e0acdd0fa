"""What a column is: where its value is in the public document, and what it says; types and words come from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from incidents.schema.fields import EMPTY
from incidents.schema.kinds import Leaf
from incidents.vocabulary import Vocabulary

Type = Literal["id", "text", "code", "boolean", "date", "time", "integer", "number", "list", "json"]
"""`list`: words joined by `|`; `json`: whatever is nested, as JSON."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a flat table."""

    name: str
    path: tuple[str, ...]
    """Where the value is in the public document; for one that is gathered, the list that it is gathered from."""
    type: Type
    description: str
    missing: str = EMPTY
    """What an empty cell means; empty where a cell is never empty."""
    unit: str = ""
    vocabulary: Vocabulary | None = None
    hxl: str = ""
    gathered: tuple[str, ...] = ()
    """Where in each member of the list at `path` the words of this cell are."""
    editable: bool = True
    """True if an edited value is loaded back; otherwise it is derived, or set by the server."""
    formerly: tuple[str, ...] = ()
    """Of a dataset's own field: names under which its values were published before."""

    @property
    def top(self) -> str:
        """Top-level field of the document that contains the value."""
        return self.path[0]

    @property
    def is_nested(self) -> bool:
        """True if the value is an object or a list of objects. Values of datasets' own fields are neither."""
        return self.type == "json" and not (self.top == "attributes" and len(self.path) > 1)


@dataclass(frozen=True)
class Table:
    """The columns of one kind of record, in order."""

    kind: str
    columns: tuple[Column, ...]
    point: tuple[str, str] | None = None
    """The columns of longitude and latitude."""
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))

    def extended(self, columns: Iterable[Column]) -> Table:
        """Return the table with further columns behind its own."""
        return Table(self.kind, (*self.columns, *columns), self.point)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name, in the order of the table."""
        return {column.name: column for column in self.columns}

    def chosen(self, fields: Iterable[str] | None) -> tuple[Column, ...]:
        """Columns with these names, or of these top-level fields, and `id`; None: all."""
        if not fields:
            return self.columns
        wanted = {"id", *fields}
        return tuple(column for column in self.columns if column.name in wanted or column.top in wanted)


TYPES: dict[str, Type] = {
    "id": "id",
    "ids": "list",
    "text": "text",
    "words": "list",
    "code": "code",
    "codes": "list",
    "link": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "clock": "text",
    "zone": "text",
    "json": "json",
    "mapping": "json",
    "object": "json",
    "objects": "json",
}
"""The type of a field → that of its column."""


def column(leaf: Leaf) -> Column:
    """Make the table column of a field, which must declare one."""
    field, shown = leaf.field, leaf.field.column
    if shown is None:
        raise ValueError(f"{leaf.dotted} has no column.")
    description = shown.description or field.meaning
    if field.part and not field.definition:
        description = f"A JSON list. Each: {field.part.definition}"
    may_be_empty = field.null or field.blank or field.is_list or field.type == "mapping"
    return Column(
        shown.name,
        leaf.path,
        TYPES[field.type],
        description,
        missing=shown.empty or (EMPTY if may_be_empty else ""),
        unit=shown.unit,
        vocabulary=field.vocabulary,
        hxl=shown.hxl,
        editable=shown.editable,
    )
