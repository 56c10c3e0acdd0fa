"""What declared fields have in the index: columns, the database indexes that answer them, and the values of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from incidents.schema import KINDS
from incidents.schema.fields import FIRST_SHAPE, TEXTS
from incidents.schema.kinds import Leaf, index_column
from incidents.schema.reading import ABSENT, taker
from incidents.text_folding import word_facet

Document = dict[str, Any]

LIVE = Q(retired__isnull=True)
NOT_REPORTED = -1
"""Stands for null in a column that puts all records in order."""

_ordinals: dict[str | None, int] = {}


def ordinal(day: str | None, missing: Any) -> Any:
    """Ordinal number of an ISO date; `missing` for null."""
    if day is None:
        return missing
    known = _ordinals.get(day)
    if known is None:
        known = _ordinals[day] = date.fromisoformat(day).toordinal()
    return known


def live_index(*fields: str, name: str, condition: Q | None = None) -> models.Index:
    """Make a database index limited to live entries (`retired IS NULL`)."""
    return models.Index(fields=fields, name=name, condition=LIVE & condition if condition else LIVE)


def columns(kind: str) -> dict[str, Any]:
    """Declared index columns of a kind, as model fields."""
    found: dict[str, Any] = {}
    for leaf in KINDS[kind].indexed:
        index = leaf.field.index
        if index is None or index.shared:
            continue
        found[index_column(leaf)] = _column(leaf)
        if index.order:
            said = f"{index_column(leaf)}, or {NOT_REPORTED} where it is not reported: a total order."
            # Only a column of a later shape has rows already, which hold nothing of it.
            kept: dict[str, Any] = {} if leaf.field.since == FIRST_SHAPE else {"db_default": NOT_REPORTED}
            found[index.order] = models.IntegerField(help_text=said, **kept)
    return found


_NUMBERS: dict[str, type[models.Field[Any, Any]]] = {
    "integer": models.IntegerField,
    "number": models.FloatField,
    "boolean": models.BooleanField,
    "date": models.IntegerField,
}
"""By the type of the field, what holds it; days are ordinals."""


def _column(leaf: Leaf) -> models.Field[Any, Any]:
    field, index = leaf.field, leaf.field.index
    if index and index.rank:
        return models.SmallIntegerField(help_text="0 is the most precise.")
    if index and field.type in _NUMBERS:
        return models.BigIntegerField(null=True) if index.big else _NUMBERS[field.type](null=True)
    if index and field.type in TEXTS:
        kept: dict[str, Any] = {"null": True} if field.since > FIRST_SHAPE else {}
        if index.blank:
            kept["blank"] = True
        return models.CharField(max_length=index.length, **kept)
    raise ValueError(f"{leaf.dotted} is of type {field.type}, which has no column in the index: give it a facet.")


def indexes(kind: str, by_day: tuple[str, ...]) -> Iterator[models.Index]:
    """Yield the database indexes that fields declare; `by_day` is what follows a value to answer it newest first."""
    for leaf in KINDS[kind].indexed:
        index, column = leaf.field.index, index_column(leaf)
        if index and index.by_day:
            yield live_index(column, *by_day, name=index.by_day)
        if index and index.by_value and index.order:
            yield live_index(index.order, "record_id", name=index.by_value)
        elif index and index.by_value:
            yield live_index(column, "record_id", name=index.by_value, condition=Q(**{f"{column}__isnull": False}))


class ColumnReader:
    """Reads the values of declared columns from documents of a kind, by the name of the column.

    A load asks for them for every row, so the columns that are in one object are taken by one call.
    """

    def __init__(self, kind: str) -> None:
        leaves = KINDS[kind].indexed
        parts: dict[tuple[str, ...], list[Leaf]] = {}
        for leaf in leaves:
            parts.setdefault(leaf.path[:-1], []).append(leaf)
        first = [leaf for leaf in leaves if leaf.field.since == FIRST_SHAPE]
        ordered = [(leaf.field.index, index_column(leaf)) for leaf in leaves if leaf.field.index]
        self.takers = [
            (path, [index_column(leaf) for leaf in of], taker([leaf.path[-1] for leaf in of]))
            for path, of in parts.items()
        ]
        self.texts = [index_column(leaf) for leaf in first if leaf.field.type in TEXTS and not _is_rank(leaf)]
        self.changes = [(index_column(leaf), change) for leaf in leaves if (change := _change(leaf))]
        self.orders = [(index.order, column) for index, column in ordered if index.order]

    def __call__(self, document: Document) -> Document:
        """Values of the declared index columns of a document."""
        values = self._taken(document)
        for column in self.texts:
            if values[column] is None:
                values[column] = ""
        for column, change in self.changes:
            values[column] = change(values[column])
        for order, column in self.orders:
            values[order] = NOT_REPORTED if values[column] is None else values[column]
        return values

    def _taken(self, document: Document) -> Document:
        values: Document = {}
        for path, columns, take in self.takers:
            part = document
            for name in path:
                part = part[name] or ABSENT
            values.update(zip(columns, take(part), strict=True))
        return values


def _is_rank(leaf: Leaf) -> bool:
    return leaf.field.index is not None and leaf.field.index.rank


def _change(leaf: Leaf) -> Callable[[Any], Any] | None:
    """Conversion from the value of the field to that of the column; None if they are the same."""
    field = leaf.field
    if field.index and field.index.rank and field.vocabulary:
        return {code: rank for rank, code in enumerate(field.vocabulary)}.__getitem__
    return (lambda day: ordinal(day, None)) if field.type == "date" else None


def facets(kind: str) -> Callable[[Document], list[str]]:
    """Function that reads the declared facets from a document, as tokens."""
    found = [
        (leaf.field.index.facet, leaf.of, leaf.field.vocabulary is not None)
        for leaf in KINDS[kind].facets
        if leaf.field.index
    ]

    def read(document: Document) -> list[str]:
        tokens: list[str] = []
        for name, of, coded in found:
            value = of(document)
            values = value if isinstance(value, list) else [value] if value is not None else []
            tokens += [f":{name}:{each}" for each in values] if coded else [word_facet(name, each) for each in values]
        return tokens

    return read
