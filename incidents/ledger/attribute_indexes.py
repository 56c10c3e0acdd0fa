"""The database indexes of the fields that datasets bring themselves: for each public field that can be asked for.

Migrations cannot make them, since fields are data. They are made when a dataset is published with a field that has
none, and at the start of the server where they are missing. A query without its index gives the same answer, later.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from django.db import connection

from incidents.ledger.models import IncidentEntry, Revision
from incidents.schema.attribute_values import index_key
from incidents.schema.attributes import FIGURES, NAME, Attribute, declared_by

logger = logging.getLogger(__name__)

PREFIX = "inc_attr_"
LONG_PREFIX = f"{PREFIX}long_"
"""Of the indexes of long incidents alone, which a window of days reads apart (`EntryQuery.by_length`)."""

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


def statements(vendor: str, attributes: Iterable[Attribute]) -> Iterator[tuple[str, str]]:
    """Yield the name and the statement of each index that these fields need; lists of codes are found as facets."""
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
        found.update(statements(connection.vendor, declared_by({"id": revision.record_id, **document})))
    return found
