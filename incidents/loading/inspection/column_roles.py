"""Which column is likely to tell what, by its name and by what it holds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from incidents.loading.inspection.column_statistics import ColumnFacts

if TYPE_CHECKING:
    from incidents.loading.inspection.inspect import Inspection

Holds = Callable[[ColumnFacts], bool]

NUMBERS = ("integer", "number", "number with decimal comma")
_WORD = r"(^|[^a-zа-яіїєґ0-9])({})([^a-zа-яіїєґ0-9]|$)"

NAMES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_PATTERNS = {role: re.compile(_WORD.format("|".join(words))) for role, words in NAMES.items()}


def _is_number(column: ColumnFacts) -> bool:
    return column.type in NUMBERS


def _says_something(column: ColumnFacts) -> bool:
    return column.type in ("text", "list", "integer")


def _within(most: float) -> Holds:
    return lambda column: _is_number(column) and -most <= (column.low or 0) and (column.high or 0) <= most


def _count(column: ColumnFacts) -> bool:
    # A few cells such as "about 3" are told by the trial, and hide no casualties.
    whole = column.type == "integer" or (column.type == "text" and column.sorts["integer"] > column.filled / 2)
    return whole and (column.low or 0) >= -9999 and (column.high or 0) < 1_000_000


HOLDS: dict[str, Holds] = {
    "latitude": _within(90),
    "longitude": _within(180),
    "start": lambda column: column.type == "date",
    "end": lambda column: column.type == "date",
    "year": lambda column: column.type == "integer" and (column.low or 0) > 1000 and (column.high or 0) < 2200,
    "month": lambda column: column.type == "integer" and (column.high or 99) <= 12,
    "day": lambda column: column.type == "integer" and (column.high or 99) <= 31,
    "event_type": lambda column: bool(column.vocabulary),
    "summary": lambda column: column.type in ("text", "list"),
    "country_code": lambda column: 2 <= column.average <= 3 and column.longest <= 3,
    "country": lambda column: column.type in ("text", "list") and column.longest > 3,
    "killed": _count,
    "injured": _count,
    "url": lambda column: column.sorts["link"] > column.filled / 2,
    "tags": lambda column: bool(column.separator),
    "point": lambda column: column.type == "pair",
}


def found(seen: Inspection) -> dict[str, ColumnFacts]:
    """Return the column for each role that one seems to have; no column has two."""
    roles: dict[str, ColumnFacts] = {}
    for role in (each for each in NAMES if each != "id"):
        holds = HOLDS.get(role, _says_something)
        taken = {id(column) for column in roles.values()}
        free = [column for column in seen.columns if column.filled and id(column) not in taken and holds(column)]
        if column := _named(role, free):
            roles[role] = column
    if "start" not in roles and (column := _days(seen, roles)):
        roles["start"] = column
    if ("latitude" in roles) != ("longitude" in roles):
        roles.pop("latitude", roles.pop("longitude", None))
    if "summary" not in roles or roles["summary"].average < 15:
        _longest(seen, roles)
    if identified := _id(seen, roles):
        roles["id"] = identified
    return roles


def _days(seen: Inspection, roles: dict[str, ColumnFacts]) -> ColumnFacts | None:
    """Return the column of days where none has the name of one, or none holds nothing else."""
    if dated := [column for column in seen.columns if column.type == "date"]:
        return dated[0]
    # Some of its cells are wrong; the trial names them, which it cannot without the column.
    mostly = [column for column in seen.columns if column.mostly_days] if "year" not in roles else []
    return _named("start", mostly) or next(iter(mostly), None)


def no_degrees(column: ColumnFacts) -> bool:
    """Tell whether a column that is called latitude or longitude holds numbers that are no degrees."""
    return any(
        _is_number(column) and not HOLDS[role](column) and _PATTERNS[role].search(_folded(column.name))
        for role in ("latitude", "longitude")
    )


def _named(role: str, columns: Iterable[ColumnFacts]) -> ColumnFacts | None:
    """Return the column whose name says the role in the fewest other words; of equals the one that says most."""
    words = _PATTERNS[role]
    fitting = [column for column in columns if words.search(_folded(column.name))]
    rank = NAMES[role]

    def order(column: ColumnFacts) -> tuple[int, int]:
        name = _folded(column.name)
        return (rank.index(name) if name in rank else len(rank) + len(name), -column.filled)

    return min(fitting, key=order, default=None)


def _folded(name: str) -> str:
    return name.casefold().rpartition("properties.")[2].rpartition("geometry.")[2]


def _longest(seen: Inspection, roles: dict[str, ColumnFacts]) -> None:
    taken = {id(column) for role, column in roles.items() if role != "summary"}
    texts = [column for column in seen.columns if column.type == "text" and id(column) not in taken]
    longest = max(texts, key=lambda column: column.average, default=None)
    if longest is not None and longest.average > 25:
        roles["summary"] = longest


def _id(seen: Inspection, roles: dict[str, ColumnFacts]) -> ColumnFacts | None:
    taken = {id(column) for column in roles.values()}
    unique = [
        column
        for column in seen.columns
        if column.is_unique and column.longest <= 60 and id(column) not in taken and column.type in ("integer", "text")
    ]
    return next((column for column in unique if _PATTERNS["id"].search(_folded(column.name))), None)
