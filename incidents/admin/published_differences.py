"""What is published against what is being edited, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from incidents.ledger.denormalisation import Document

LEFT_OUT = ("id", "revision", "published")
"""What the ledger sets itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a value; `only_here` if the other side has not got it."""

    text: str
    only_here: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One field on both sides."""

    label: str
    published: list[Line]
    working: list[Line]

    @property
    def differs(self) -> bool:
        """True if the published and the working lines differ, also in order."""
        return [line.text for line in self.published] != [line.text for line in self.working]

    @property
    def reordered(self) -> bool:
        """True if publishing would only change the order of the lines."""
        return self.differs and not any(line.only_here for line in (*self.published, *self.working))


def compare(published: Document | None, working: Document | None) -> list[Row]:
    """One row per field that either document has, in the order of the newer one."""
    before, after = dict(_fields(published or {})), dict(_fields(working or {}))
    return [_row(label, before.get(label, []), after.get(label, [])) for label in {**after, **before}]


def _row(label: str, before: list[str], after: list[str]) -> Row:
    return Row(
        label,
        [Line(text, text not in after) for text in before],
        [Line(text, text not in before) for text in after],
    )


def _fields(document: Document, above: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield a label and the lines of its value for every field, those within objects by their own names."""
    for name, value in document.items():
        if not above and name in LEFT_OUT:
            continue
        label = f"{above} › {name}" if above else name
        if isinstance(value, dict) and value:
            yield from _fields(value, label)
        else:
            yield label.replace("_", " "), list(_lines(value))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield _one_line(item)
    elif value not in (None, "", {}):
        yield _one_line(value)


def _one_line(value: Any) -> str:
    if isinstance(value, dict):
        parts = ((name, _one_line(item)) for name, item in value.items() if item not in (None, "", [], {}))
        return "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in parts)
    if isinstance(value, list):
        return ", ".join(_one_line(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
