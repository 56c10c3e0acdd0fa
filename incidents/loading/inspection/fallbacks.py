"""Roles for which no column has the name: a column is taken for what it holds, if no other one holds the like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incidents.loading.inspection.candidates import LEAST, Candidate
from incidents.loading.inspection.column_names import rules_out
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.evidence import TESTS


def by_content(columns: Sequence[ColumnFacts], chosen: dict[str, Candidate]) -> dict[str, Candidate]:
    """Return the roles with those that content alone can tell; each is marked LOOK."""
    found = dict(chosen)
    told = (
        (("start", "year"), _only_days),
        (("url",), _only_links),
        (("latitude", "point"), _only_points),
        (("summary",), _longest),
    )
    for roles, tell in told:
        if not found.keys() & set(roles) and (only := tell(columns, found)):
            found[only.role] = only
    return found


def _only_days(columns: Sequence[ColumnFacts], chosen: Mapping[str, Candidate]) -> Candidate | None:
    """Return a column of days where none has the name of one."""
    taken = {id(each.column) for each in chosen.values()}
    dated = [
        column
        for column in columns
        if id(column) not in taken and (column.type == "date" or column.mostly_days) and column.name
    ]
    best = max(dated, key=lambda column: (column.share_of_days, column.filled), default=None)
    if best is None:
        return None
    why = "its name does not say so, but no other column holds days"
    return Candidate("start", best, LEAST, why if len(dated) == 1 else "it is the fullest of the columns of days")


def _only_links(columns: Sequence[ColumnFacts], chosen: Mapping[str, Candidate]) -> Candidate | None:
    """Return a column of web addresses where none has the name of one, unless the name says that they are pictures."""
    taken = {id(each.column) for each in chosen.values()}
    found = [
        column
        for column in columns
        if id(column) not in taken and TESTS["url"](column).score > 1 / 2 and not rules_out(column.name, "url")
    ]
    why = "its name does not say so, but no other column holds web addresses"
    return Candidate("url", found[0], LEAST, why) if len(found) == 1 and found[0].name else None


def _only_points(columns: Sequence[ColumnFacts], chosen: Mapping[str, Candidate]) -> Candidate | None:
    """Return the column of points where none has the name of one."""
    taken = {id(each.column) for each in chosen.values()}
    found = [column for column in columns if id(column) not in taken and column.share("point") == 1 and column.name]
    why = "its name does not say so, but no other column holds points"
    return Candidate("point", found[0], LEAST, why) if len(found) == 1 else None


def _longest(columns: Sequence[ColumnFacts], chosen: Mapping[str, Candidate]) -> Candidate | None:
    taken = {id(each.column) for each in chosen.values()}
    texts = [column for column in columns if column.type == "text" and id(column) not in taken and column.name]
    longest = max(texts, key=lambda column: column.characters, default=None)
    if longest is None or longest.average <= 25:
        return None
    return Candidate("summary", longest, LEAST, "its name does not say so; of all columns it has the most text")
