"""What is declared of a field is there under that name wherever it is used."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from incidents import models
from incidents.documents import DOCUMENTS
from incidents.ledger.models import ENTRIES
from incidents.ledger.shapes import ADDED
from incidents.query import filters
from incidents.query.aggregate.tally import DIMENSIONS
from incidents.schema import KINDS, VOCABULARIES
from incidents.schema.fields import FIRST_SHAPE
from incidents.schema.kinds import Kind, index_column
from incidents.tables import TABLES

MODELS: dict[str, Any] = {kind: getattr(models, kind.capitalize()) for kind in KINDS}
LISTS: dict[str, Any] = {kind: getattr(filters, f"{kind.capitalize()}FilterSet") for kind in KINDS}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@EVERY
def test_what_is_stored_is_a_field_of_the_working_record(kind: Kind) -> None:
    for leaf in kind.stored:
        field = MODELS[kind.name]._meta.get_field(leaf.field.stored)
        assert (
            leaf.field.vocabulary is None
            or leaf.field.is_list
            or list(dict(field.choices)) == list(leaf.field.vocabulary)
        ), leaf.dotted


@EVERY
def test_what_is_indexed_has_a_column(kind: Kind) -> None:
    columns = {field.name: field for field in ENTRIES[kind.name]._meta.concrete_fields}
    for leaf in kind.indexed:
        assert index_column(leaf) in columns, leaf.dotted
        # So that the rows of before need not be written anew.
        assert leaf.field.since == FIRST_SHAPE or columns[index_column(leaf)].null, leaf.dotted


@EVERY
def test_every_parameter_that_is_named_is_one_of_the_list(kind: Kind) -> None:
    known = LISTS[kind.name].base_filters
    assert {parameter.name for _, parameter in kind.asked} <= known.keys()
    assert set(kind.parameters) <= known.keys()
    assert set(kind.orders) <= set(LISTS[kind.name].orders)


@EVERY
def test_every_column_and_group_that_is_named_is_there_once(kind: Kind) -> None:
    names = Counter(leaf.field.column.name for leaf in kind.columns if leaf.field.column)
    assert max(names.values()) == 1
    assert set(names) | set(kind.table) == set(TABLES[kind.name].names)
    assert kind.name != "incident" or set(kind.groups) == set(DIMENSIONS)


@EVERY
def test_a_field_that_came_later_follows_one_that_is_there(kind: Kind) -> None:
    for leaf in kind.every:
        if leaf.field.since > FIRST_SHAPE:
            around = {other.path[-1] for other in kind.every if other.path[:-1] == leaf.path[:-1]}
            assert leaf.field.after in around - {leaf.field.name}, leaf.dotted
            assert any(added.path == leaf.dotted for added in ADDED[leaf.field.since])
            assert leaf.field.null or leaf.field.default is not None, f"{leaf.dotted}: what do older documents hold?"


@EVERY
def test_the_document_has_the_fields_in_their_order(kind: Kind) -> None:
    assert list(DOCUMENTS[kind.name]().fields) == [field.name for field in kind.part.fields]


def test_every_vocabulary_has_a_name_of_its_own() -> None:
    declared = [leaf.field.vocabulary for kind in KINDS.values() for leaf in kind.every if leaf.field.vocabulary]
    assert all(VOCABULARIES[vocabulary.name] is vocabulary for vocabulary in declared)
