"""What a column is: where its value is in the public document, and what it says; types and words come from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from rest_framework import serializers

from incidents.documents import DOCUMENTS, CodedField, Shape
from incidents.vocabulary import Vocabulary

Type = Literal["id", "text", "code", "date", "time", "integer", "number", "list", "json"]
"""`list`: words joined by `|`; `json`: whatever is nested, as JSON."""

Document = dict[str, Any]

NOTHING = "Empty: not known or not told."


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a flat table."""

    name: str
    path: tuple[str, ...]
    """Where the value is in the public document; for one that is gathered, the list that it is gathered from."""
    type: Type
    description: str
    missing: str = NOTHING
    """What an empty cell means; empty where a cell is never empty."""
    unit: str = ""
    vocabulary: Vocabulary | None = None
    hxl: str = ""
    gathered: tuple[str, ...] = ()
    """Where in each member of the list at `path` the words of this cell are."""
    editable: bool = True
    """It goes back when the table is loaded; else it follows from other columns or is told by the server."""

    @property
    def top(self) -> str:
        """Return the top-level name of the document that holds it."""
        return self.path[0]


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

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Return the columns by name."""
        return {column.name: column for column in self.columns}

    def chosen(self, fields: Iterable[str] | None) -> tuple[Column, ...]:
        """Return the columns of these names, each a column's or a top-level field's, and the id; None: all."""
        if not fields:
            return self.columns
        wanted = {"id", *fields}
        return tuple(column for column in self.columns if column.name in wanted or column.top in wanted)


def column(kind: str, name: str, path: str = "", **more: Any) -> Column:
    """Return the column of a field of the kind's document, with the type, words and codes that the shape declares."""
    parts = tuple((path or name).split("."))
    shape: Any = _document(kind)
    for part in parts:
        shape = shape.fields[part]
    vocabulary = next((each.vocabulary for each in _coded(shape)), None)
    said = {"type": _type(shape), "description": str(shape.help_text or ""), "vocabulary": vocabulary}
    if not _may_be_empty(shape):
        said["missing"] = ""
    described: dict[str, Any] = said | more
    if not described["description"]:
        described["description"] = vocabulary.definition if vocabulary else f"A JSON list. Each: {_docstring(shape)}"
    return Column(name, parts, **described)


@cache
def _document(kind: str) -> Shape:
    return DOCUMENTS[kind]()  # a copy of all its fields, which a table would ask for once a column


def _coded(shape: Any) -> Iterator[CodedField]:
    if isinstance(shape, serializers.ListField):
        shape = shape.child
    if isinstance(shape, CodedField):
        yield shape


def _may_be_empty(shape: Any) -> bool:
    many = isinstance(shape, serializers.ListField | serializers.ListSerializer | serializers.DictField)
    return bool(many or shape.allow_null or getattr(shape, "allow_blank", False))


def _docstring(shape: Any) -> str:
    inner: Shape = getattr(shape, "child", shape)
    return str(type(inner).__doc__)


TYPES: dict[type, Type] = {
    CodedField: "code",
    serializers.RegexField: "id",
    serializers.DateTimeField: "time",
    serializers.DateField: "date",
    serializers.IntegerField: "integer",
    serializers.FloatField: "number",
    serializers.CharField: "text",
    serializers.ListField: "list",
}
"""By the field that declares it, the narrower before the wider."""


def _type(shape: Any) -> Type:
    return next((type_ for field_class, type_ in TYPES.items() if isinstance(shape, field_class)), "json")
