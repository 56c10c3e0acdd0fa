"""What a column of another dataset's file is: its name, what it holds here, and how it is taken from a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Document = dict[str, Any]
Countries = Mapping[str, str]
"""ISO 3166-1 alpha-3 → the name of the country among the published places."""


Type = Literal["string", "integer", "number", ""]
"""As JSON Schema calls it; empty for a value that may be text or a number."""


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """One column; `value` is None where there is no equivalent, and the column is empty."""

    name: str
    definition: str
    value: Callable[[Document, Countries], Any] | None = None
    type: Type = "string"


@dataclass(frozen=True, slots=True)
class ExportProfile:
    """The columns of another dataset's file, in its order."""

    name: str
    title: str
    definition: str
    columns: tuple[ProfileColumn, ...]

    @property
    def header(self) -> list[str]:
        """Names of the columns, in the order of the file."""
        return [column.name for column in self.columns]

    def row(self, document: Document, countries: Countries) -> list[Any]:
        """Cells of an incident; None for a missing value."""
        return [column.value(document, countries) if column.value else None for column in self.columns]


def empty(name: str, why: str) -> ProfileColumn:
    """Make a column that is always empty, with the reason for the codebook."""
    return ProfileColumn(name, f"Always empty: {why}")


def of(name: str, definition: str, value: Callable[[Document], Any], type_: Type = "string") -> ProfileColumn:
    """A column computed from the document alone."""
    return ProfileColumn(name, definition, lambda document, _: value(document), type_)


def in_place(name: str, key: str, definition: str, type_: Type = "string") -> ProfileColumn:
    """Make a column with a field of the incident's place."""
    return of(name, definition, lambda document: document["location"][key], type_)


def in_extra(name: str, definition: str) -> ProfileColumn:
    """A column copied from `extra`, for incidents that were loaded from such a file."""
    return of(name, definition, lambda document: document["extra"].get(name), "")


def start_year(document: Document) -> int | None:
    """Year of the first day of the interval; None if it is unknown."""
    start = document["date"]["start"]
    return int(start[:4]) if start else None


def seconds(document: Document) -> int:
    """Time of publication of the revision, in Unix seconds."""
    return int(datetime.fromisoformat(document["published"]).timestamp())


def country_name(document: Document, countries: Countries) -> str | None:
    """Name of the country, or its code if no published place has the name."""
    code: str | None = document["location"]["country"]
    return countries.get(code, code) if code else None


def sides(document: Document) -> tuple[list[Document], list[Document]]:
    """Who acted and who was acted on; without a perpetrator the first belligerent is one side."""
    actors = document["actors"]
    one = [actor for actor in actors if actor["role"] in ("alleged_perpetrator", "claimant")]
    other = [actor for actor in actors if actor["role"] == "target"]
    belligerents = [actor for actor in actors if actor["role"] == "belligerent"]
    if belligerents and not one:
        one, belligerents = belligerents[:1], belligerents[1:]
    other = [*other, *belligerents]
    return _once(one), _once(other)


def _once(actors: list[Document]) -> list[Document]:
    return list({actor["id"]: actor for actor in actors}.values())
