"""Fields that a dataset brings itself: how they are declared, and what their values are.

A dataset's document lists its own fields under `attributes`; an incident's document has their values under
`attributes`, by the name of the field. A declaration is data: it comes from a profile, from the admin, or from a
published document, and this module alone knows what it means. It knows no database and no HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Values = Mapping[str, Any]
"""The attributes of one incident, by the name of the field."""


NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""Names of fields are part of SQL expressions, so nothing else may be one."""

RANGE = ("low", "best", "high")
"""The figures of a range, in ascending order."""

BOUNDS = {
    "integer": ("min", "max"),
    "number": ("min", "max"),
    "range": ("min", "max"),
    "date": ("after", "before"),
    "time": ("after", "before"),
}
"""Types that are asked for by two bounds: how the names of the two parameters end."""

CODED = ("code", "codes")
ASKED_BY_VALUE = (*CODED, "boolean")
FIGURES = ("integer", "number", "range")
"""Types that can be summed."""


@dataclass(frozen=True)
class AttributeCode:
    """A code of the vocabulary of a field."""

    code: str
    label: str
    labels: tuple[tuple[str, str], ...] = ()
    """In other languages: ISO 639-1 code and label."""
    definition: str = ""
    parent: str = ""
    """The code that includes this one."""
    merged_into: str = ""
    """The code that replaces this one; values published before keep this one and are found by both."""
    event_type: str = ""
    event_subtype: str = ""
    """What an incident with this code is in the vocabularies that all datasets share."""

    def document(self) -> dict[str, Any]:
        """Return the code as documents show it."""
        return {
            "code": self.code,
            "label": self.label,
            "labels": dict(self.labels),
            "definition": self.definition,
            "parent": self.parent or None,
            "merged_into": self.merged_into or None,
            "event_type": self.event_type or None,
            "event_subtype": self.event_subtype or None,
        }


@dataclass(frozen=True)
class Attribute:
    """A field that a dataset brings itself."""

    name: str
    type: str
    label: str
    definition: str = ""
    unit: str = ""
    missing: str = ""
    """What it means that an incident has no value."""
    formerly: tuple[str, ...] = ()
    """Names that it had before; values published under them are found by the present name."""
    codes: tuple[AttributeCode, ...] = ()
    generalised: str = "withhold"
    public: bool = True
    """Only public fields are in documents."""

    def document(self) -> dict[str, Any]:
        """Return the declaration as the dataset's document shows it."""
        return {
            "name": self.name,
            "type": self.type,
            "label": self.label,
            "definition": self.definition,
            "unit": self.unit or None,
            "missing": self.missing or None,
            "formerly": list(self.formerly),
            "generalised": self.generalised,
            "codes": [code.document() for code in self.codes],
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Return the present name and the former ones."""
        return (self.name, *self.formerly)

    @cached_property
    def by_code(self) -> dict[str, AttributeCode]:
        """Return the codes by their text."""
        return {code.code: code for code in self.codes}

    def found_by(self, code: str) -> list[str]:
        """Return the codes that a query for `code` finds: itself, what it includes, and what was merged into these."""
        found, waiting = [code], [code]
        while waiting:
            around = waiting.pop()
            for each in self.codes:
                if around in (each.parent, each.merged_into) and each.code not in found:
                    found.append(each.code)
                    waiting.append(each.code)
        return found

    def latest(self, code: Any) -> Any:
        """Return the code that a code was merged into in the end, or itself."""
        known = self.by_code.get(code) if isinstance(code, str) else None
        return self.latest(known.merged_into) if known and known.merged_into else code

    def parameters(self) -> list[str]:
        """Return the names of the parameters that ask for it."""
        if bounds := BOUNDS.get(self.type):
            return [f"attr.{self.name}_{bound}" for bound in bounds]
        return [f"attr.{self.name}"] if self.type in ASKED_BY_VALUE else []

    def columns(self) -> list[tuple[str, str]]:
        """Return the columns of tables that show it, each with the member of a range that it shows, or ""."""
        if self.type == "range":
            return [(f"attr.{self.name}_{part}", part) for part in RANGE]
        return [(f"attr.{self.name}", "")]

    def value_in(self, values: Values) -> Any:
        """Return its value among the attributes of an incident, under its present name or a former one."""
        for name in self.names:
            if name in values:
                return values[name]
        return None


def declared_by(dataset: Mapping[str, Any]) -> tuple[Attribute, ...]:
    """Return the declarations in a dataset's document; read again only where the document is another."""
    documents = dataset["attributes"]
    if not documents:
        return ()
    kept = _declared.get(dataset["id"])
    if kept is None or kept[0] is not documents:
        _declared[dataset["id"]] = kept = (documents, tuple(_from_document(each) for each in documents))
    return kept[1]


_declared: dict[str, tuple[Any, tuple[Attribute, ...]]] = {}
"""By the id of the dataset: the list that was read last, and what it says."""


def _from_document(found: Mapping[str, Any]) -> Attribute:
    return Attribute(
        found["name"],
        found["type"],
        found["label"],
        found["definition"],
        found["unit"] or "",
        found["missing"] or "",
        tuple(found["formerly"]),
        tuple(
            AttributeCode(
                code["code"],
                code["label"],
                tuple(code["labels"].items()),
                code["definition"],
                code["parent"] or "",
                code["merged_into"] or "",
                code["event_type"] or "",
                code["event_subtype"] or "",
            )
            for code in found["codes"]
        ),
        found["generalised"],
    )
