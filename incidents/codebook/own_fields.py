"""What the fields mean that a dataset brings itself, gathered from its published document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from incidents.schema.attributes import Attribute, declared_by


def own_fields(dataset: Mapping[str, Any], declared: Iterable[Attribute] | None = None) -> dict[str, Any]:
    """Return the fields of a dataset, each with its parameters and the columns of tables that show it.

    `declared` are its declarations where the document is of an older format, from which they cannot be read.
    """
    attributes = declared_by(dataset) if declared is None else declared
    fields = [
        document | {"parameters": attribute.parameters(), "columns": [name for name, _ in attribute.columns()]}
        for document, attribute in zip(dataset["attributes"], attributes, strict=True)
    ]
    return {"id": dataset["id"], "name": dataset["name"], "fields": fields}
