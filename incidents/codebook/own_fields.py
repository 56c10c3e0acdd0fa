"""What the fields mean that a dataset brings itself, gathered from its published document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from incidents.schema.attributes import declared_by


def own_fields(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a dataset, each with its parameters and the columns of tables that show it."""
    fields = [
        attribute.document()
        | {"parameters": attribute.parameters(), "columns": [name for name, _ in attribute.columns()]}
        for attribute in declared_by(dataset)
    ]
    return {"id": dataset["id"], "name": dataset["name"], "fields": fields}
