"""Fields that datasets bring themselves, as queries read them: which are declared at a moment, and how SQL finds them.

A value is asked for by an expression on the column `attributes` of the entries. For each field there is a database
index of that very expression (`incidents.ledger.attribute_indexes`), so it is written in one place for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import orjson
from django.core.cache import cache
from django.db import connection

from incidents.ledger.attribute_indexes import expression
from incidents.ledger.models import DatasetEntry
from incidents.query.count import KEPT_SECONDS
from incidents.query.entries import Order, entries
from incidents.query.moment import Moment
from incidents.query.reader import documents_of, read_page
from incidents.schema.attributes import Attribute, declared_by

MOST_DATASETS = 10_000
KEPT = 32
"""Moments whose declarations a process remembers."""


class Declared(NamedTuple):
    """The declarations of one name in the datasets that are asked for; all of one type."""

    name: str
    attributes: tuple[Attribute, ...]

    @property
    def type(self) -> str:
        """Return the type of its values."""
        return self.attributes[0].type

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name under which its values are published."""
        return tuple(dict.fromkeys(name for attribute in self.attributes for name in attribute.names))

    @property
    def codes(self) -> list[str]:
        """Return the codes that can be asked for."""
        return list(dict.fromkeys(code for attribute in self.attributes for code in attribute.by_code))

    def found_by(self, codes: Iterable[str]) -> list[str]:
        """Return the codes that incidents have which a query for `codes` finds."""
        found: dict[str, None] = {}
        for attribute in self.attributes:
            for code in codes:
                if code in attribute.by_code:
                    found |= dict.fromkeys(attribute.found_by(attribute.latest(code)))
        return list(found)

    def expressions(self, part: str = "best") -> list[str]:
        """Return the SQL of its value, under each name that it has or had."""
        return [expression(connection.vendor, self.type, name, part) for name in self.names]

    def expression(self, part: str = "best") -> str:
        """Return the SQL of its value."""
        every = self.expressions(part)
        return every[0] if len(every) == 1 else f"coalesce({', '.join(every)})"


class ConflictingTypesError(ValueError):
    """Datasets declare one name with different types; the message names them."""


Catalogue = Mapping[str, tuple[Attribute, ...]]
"""Id of each dataset that declares fields → its fields."""


def declared_at(moment: Moment) -> Catalogue:
    """Return the fields that datasets declare at a moment."""
    key = f"attributes:{moment.at}:{moment.redacted}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        rows = read_page(entries(DatasetEntry), Order("name", descending=False), moment, None, MOST_DATASETS)
        documents = [orjson.loads(document) for document in documents_of(rows)]
        declaring = [{"id": each["id"], "attributes": each["attributes"]} for each in documents if each["attributes"]]
        kept = orjson.dumps(declaring)
        cache.set(key, kept, KEPT_SECONDS)
    return _read(kept)


@lru_cache(maxsize=KEPT)
def _read(documents: bytes) -> Catalogue:
    return {each["id"]: declared_by(each) for each in orjson.loads(documents)}


def of_datasets(catalogue: Catalogue, datasets: Iterable[str] | None) -> dict[str, list[tuple[str, Attribute]]]:
    """Return the declared fields by name, each with its dataset; of these datasets, None for all."""
    found: dict[str, list[tuple[str, Attribute]]] = {}
    wanted = sorted(catalogue) if datasets is None else [each for each in datasets if each in catalogue]
    for dataset in wanted:
        for attribute in catalogue[dataset]:
            found.setdefault(attribute.name, []).append((dataset, attribute))
    return found


def declared(name: str, found: list[tuple[str, Attribute]]) -> Declared:
    """Return the one field that declarations of a name mean. Raises ConflictingTypesError."""
    types = {attribute.type: dataset for dataset, attribute in found}
    if len(types) > 1:
        said = ", ".join(f"{type_} in {dataset}" for type_, dataset in types.items())
        raise ConflictingTypesError(f"{name} is declared with different types: {said}. Add dataset= to choose one.")
    return Declared(name, tuple(attribute for _, attribute in found))
