"""Closed lists of codes that have a name and meanings in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from rest_framework import serializers


class Enumeration(NamedTuple):
    """A component of the document: its name, the codes with their meanings, and what all of them are about."""

    name: str
    meanings: Mapping[str, str]
    definition: str = ""

    def schema(self) -> dict[str, Any]:
        """JSON Schema of a code; the description lists the meanings."""
        terms = "\n".join(f"- `{code}`: {meaning}" for code, meaning in self.meanings.items())
        description = f"{self.definition}\n\n{terms}" if self.definition else terms
        return {"type": "string", "enum": list(self.meanings), "description": description}


class NamedChoiceField(serializers.ChoiceField):
    """A code of an enumeration that is a component of the document."""

    def __init__(self, enumeration: Enumeration, **kwargs: Any) -> None:
        super().__init__(list(enumeration.meanings), **kwargs)
        self.enumeration = enumeration
