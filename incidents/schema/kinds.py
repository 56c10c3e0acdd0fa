"""Kinds of records, and where their fields are: the ways in which declarations are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from incidents.schema.attributes import RANGE
from incidents.schema.fields import Field, Parameter, Part

EVERY = "*"
"""In a path: each item of a list."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field and where it is in the document."""

    path: tuple[str, ...]
    field: Field

    def of(self, document: Any) -> Any:
        """Value in a document; null if an object around it is null."""
        for name in self.path:
            if document is None:
                return None
            document = document[name]
        return document

    @property
    def dotted(self) -> str:
        """Path joined with dots, such as `date.start`."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Kind:
    """A kind of record: its fields in the order of the document, and the orders in which others list what follows."""

    name: str
    part: Part
    table: tuple[str, ...] = ()
    """Order of the table columns; columns that are not listed follow."""
    parameters: tuple[str, ...] = ()
    """Order of the parameters in the schema; parameters that are not listed follow."""
    groups: tuple[str, ...] = ()
    """Order of the names of `by=` in the schema; names that are not listed follow."""

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Fields outside lists that are not objects, in the order of the document."""
        return tuple(_leaves(self.part.fields, ()))

    @cached_property
    def every(self) -> tuple[Leaf, ...]:
        """All fields, including objects and fields in lists; `EVERY` stands for each item."""
        return tuple(_every(self.part.fields, ()))

    @cached_property
    def stored(self) -> tuple[Leaf, ...]:
        """Fields that are copied from the working record."""
        return tuple(leaf for leaf in self.leaves if leaf.field.stored)

    @cached_property
    def indexed(self) -> tuple[Leaf, ...]:
        """Fields with an index column."""
        return tuple(leaf for leaf in self.leaves if leaf.field.index and not leaf.field.index.facet)

    @cached_property
    def facets(self) -> tuple[Leaf, ...]:
        """Fields that the word index stores as facets."""
        return tuple(leaf for leaf in self.leaves if leaf.field.index and leaf.field.index.facet)

    @cached_property
    def asked(self) -> tuple[tuple[Leaf, Parameter], ...]:
        """Parameters that filter one field, with the field."""
        return tuple((leaf, parameter) for leaf in self.leaves for parameter in leaf.field.asked)

    @cached_property
    def grouped(self) -> dict[str, str]:
        """Index columns that `by=` accepts, by name."""
        return {leaf.field.grouped: index_column(leaf) for leaf in self.leaves if leaf.field.grouped}

    @cached_property
    def figures(self) -> dict[str, dict[str, Leaf]]:
        """Ranges of figures by name, each with its fields low, best and high."""
        found: dict[str, dict[str, Leaf]] = {}
        for leaf in self.leaves:
            if len(leaf.path) > 1 and leaf.path[-1] in RANGE:
                found.setdefault(leaf.path[-2], {})[leaf.path[-1]] = leaf
        return found

    @cached_property
    def orders(self) -> dict[str, str]:
        """Index columns that `ordering=` accepts, by name."""
        return {
            leaf.field.ordered: leaf.field.index.order
            for leaf in self.indexed
            if leaf.field.ordered and leaf.field.index
        }

    @cached_property
    def columns(self) -> tuple[Leaf, ...]:
        """Fields with a column in CSV, Parquet and spreadsheets."""
        return tuple(leaf for leaf in self.leaves if leaf.field.column)


def _leaves(fields: Iterable[Field], path: tuple[str, ...]) -> Iterator[Leaf]:
    for each in fields:
        if each.type == "object" and each.part and not each.column:
            yield from _leaves(each.part.fields, (*path, each.name))
        else:
            yield Leaf((*path, each.name), each)


def _every(fields: Iterable[Field], path: tuple[str, ...]) -> Iterator[Leaf]:
    for each in fields:
        here = (*path, each.name)
        yield Leaf(here, each)
        if each.part:
            yield from _every(each.part.fields, (*here, EVERY) if each.is_list else here)


def index_column(leaf: Leaf) -> str:
    """Name of the index column of a field."""
    return (leaf.field.index.column if leaf.field.index else "") or leaf.field.name


def listed(names: Iterable[str], order: Sequence[str]) -> list[str]:
    """Sort names by a partial order; the others follow in their own order."""
    known = list(names)
    return [*(name for name in order if name in known), *(name for name in known if name not in order)]
