"""Parameters that take one of a closed list of codes: the names of the lists in the OpenAPI document, and meanings.

Data adds to some of them: orders, keys and columns of the fields that datasets bring themselves (`attr.name`). The
lists have those that are known, as they have no parameters of such fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from incidents.api.aggregate_shapes import GROUP_KEY, SPREAD
from incidents.documents import enumeration
from incidents.schema import VOCABULARIES
from incidents_api.enumerations import Enumeration

BY_CODES = {tuple(each): each for each in VOCABULARIES.values()}
"""By their codes, which is what a parameter knows of one."""

ENUMERATIONS = {
    "by": GROUP_KEY,
    "spread": SPREAD,
    "date_match": Enumeration(
        "DateMatch",
        {"possible": "The interval overlaps the window.", "certain": "The interval lies within the window."},
        "How the interval of an incident matches a window of days.",
    ),
    "count": Enumeration("Counting", {"exact": "The exact count, even if that takes longer."}),
    "hxl": Enumeration("HxlRow", {"1": "A row of HXL tags below the header."}),
    "bom": Enumeration("ByteOrderMark", {"1": "A byte order mark before the table."}),
    "fill": Enumeration("Filling", {"zero": "Groups also for units without incidents."}),
    "coverage": Enumeration("CoverageOf", {"sources": "Which sources were monitored in each unit."}),
}
"""By parameter."""


def codes_of(kind: str, action: str, name: str, schema: dict[str, Any]) -> Enumeration | None:
    """Return the closed list that a parameter takes codes of; None if it takes other values."""
    values = schema.get("items", schema).get("enum")
    if values is None:
        return None
    if of := BY_CODES.get(tuple(values)):
        return enumeration(of)
    if name == "ordering":
        return _ordering("Group" if action == "aggregate" else kind.capitalize(), values)
    return ENUMERATIONS.get(name)


def _ordering(of: str, values: Iterable[str]) -> Enumeration:
    ways = {name: "descending" if name.startswith("-") else "ascending" for name in values}
    meanings = {name: f"By {name.removeprefix('-')}, {way}." for name, way in ways.items()}
    return Enumeration(f"{of}Ordering", meanings, "Sort order; ties sort by id or key.")
