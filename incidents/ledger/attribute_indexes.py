"""The database indexes of the fields that datasets bring themselves: for each public field that can be asked for.

Migrations cannot make them, since fields are data. They are made when a dataset is published with a field that has
none, and at the start of the server where they are missing. A query without its index gives the same answer, later.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from django.db import connection

from incidents.fields import PUBLIC_ID_PATTERN
from incidents.ledger.models import IncidentEntry, Revision
from incidents.schema.attribute_values import index_key
from incidents.schema.attributes import FIGURES, NAME, Attribute, declared_by

logger = logging.getLogger(__name__)

PREFIX = "inc_attr_"
LONG_PREFIX = f"{PREFIX}long_"
"""Of the indexes of long incidents alone, which a window of days reads apart (`EntryQuery.by_length`)."""

ORDERED = (*FIGURES, "code", "boolean", "date", "time")
"""Types by which incidents can be ordered."""

NOT_REPORTED = -1e18
"""Stands for no value in an order by a number: before every number that is reported."""

_ID = re.compile(PUBLIC_ID_PATTERN)

BY_DAY = ("day_from", "record_id", "day_to", "retired", "revision_id")
"""What follows a value in its index: the order of the list, what is tested, and what a page is made from."""


def expression(vendor: str, attribute_type: str, name: str, part: str = "best") -> str:
    """Return the SQL of a value on the entries of incidents; null where an incident has none."""
    if not NAME.fullmatch(name):  # declarations were checked when they were published; here it would become SQL
        raise ValueError(f"No field can be named {name!r}.")
    key = index_key(attribute_type, name, part)
    if vendor == "sqlite":
        return f"json_extract(attributes, '$.{key}')"
    text = f"(attributes ->> '{key}')"
    return f"({text}::double precision)" if attribute_type in FIGURES else text


def order_expression(vendor: str, attribute_type: str, names: Sequence[str]) -> str:
    """Return the SQL by which incidents are in the order of a field, under each name that it has or had; never null."""
    values = ", ".join(expression(vendor, attribute_type, name) for name in names)
    return f"coalesce({values}, {not_reported(vendor, attribute_type)}){_byte_order(vendor, attribute_type)}"


def not_reported(vendor: str, attribute_type: str) -> str:
    """Return the SQL of what stands for no value in an order: before every value."""
    return f"{NOT_REPORTED:.0f}" if attribute_type in FIGURES else "''"


def _byte_order(vendor: str, attribute_type: str) -> str:
    # The same order on both databases; and as varchar, since PostgreSQL's text comes as bytes to those who read it.
    return '::varchar COLLATE "C"' if vendor == "postgresql" and attribute_type not in FIGURES else ""


def order_index(dataset: str, attribute_type: str, names: Sequence[str]) -> str:
    """Return the name of the index by which the incidents of a dataset are in the order of a field."""
    text = "|".join((dataset, attribute_type, *names))
    return f"{PREFIX}order_{blake2b(text.encode(), digest_size=8).hexdigest()}"


def condition_of(dataset: str) -> str:
    """Return the SQL condition of the incidents of a dataset; a literal, which partial indexes are matched with."""
    if not _ID.fullmatch(dataset):
        raise ValueError(f"No dataset can have the id {dataset!r}.")
    return f"dataset = '{dataset}'"


def order_statements(vendor: str, dataset: str, attributes: Iterable[Attribute]) -> Iterator[tuple[str, str]]:
    """Yield the name and the statement of each index by which incidents of a dataset are in the order of a field."""
    table = IncidentEntry._meta.db_table
    for each in attributes:
        if each.type in ORDERED:
            name, value = order_index(dataset, each.type, each.names), order_expression(vendor, each.type, each.names)
            where = f"retired IS NULL AND {condition_of(dataset)}"
            yield name, f'CREATE INDEX "{name}" ON "{table}" (({value}), record_id) WHERE {where}'


def statements(vendor: str, attributes: Iterable[Attribute]) -> Iterator[tuple[str, str]]:
    """Yield the name and the statement of each index that finds values of these fields; lists are found as facets."""
    table = IncidentEntry._meta.db_table
    for attribute in attributes:
        if attribute.type in ("codes", "text", "link"):
            continue
        for name in attribute.names:
            value = expression(vendor, attribute.type, name)
            key, where = index_key(attribute.type, name), f"retired IS NULL AND ({value}) IS NOT NULL"
            by_day = attribute.type in ("code", "boolean")
            indexed = f"(({value}), {', '.join(BY_DAY if by_day else ('record_id',))})"
            yield f"{PREFIX}{key}", f'CREATE INDEX "{PREFIX}{key}" ON "{table}" {indexed} WHERE {where}'
            if by_day:
                index = f"{LONG_PREFIX}{key}"
                yield index, f'CREATE INDEX "{index}" ON "{table}" {indexed} WHERE {where} AND "long"'


def wanted() -> dict[str, str]:
    """Return the statement of each index that the published datasets need, by name."""
    found: dict[str, str] = {}
    for revision in Revision.objects.live().filter(kind="dataset").iterator():
        document = revision.content()
        declared = declared_by({"id": revision.record_id, **document})
        found.update(statements(connection.vendor, declared))
        found.update(order_statements(connection.vendor, revision.record_id, declared))
    return found
