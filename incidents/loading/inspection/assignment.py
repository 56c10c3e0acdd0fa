"""Which column has which role: the assignment under which most speaks for all of them together, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from incidents.loading.inspection.column_names import (
    ROLES,
    bound_of,
    name_score,
    rules_out,
    without_bound,
    without_number,
)
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.event_terms import LIKELY, SURE, UNSURE
from incidents.loading.inspection.evidence import AGAINST, TESTS
from incidents.loading.inspection.hungarian import cheapest

_LEAST = 0.5
"""Score that a column needs for a role."""

_LIKELY_SCORE, _SURE_SCORE = 0.65, 0.8
_TIE = 0.04

_FROM_CONTENT = {"latitude", "longitude", "start", "end", "url", "country_code", "point", "time", "killed", "injured"}
"""Roles whose content says much by itself: an unknown word in the name takes less away."""

_SPARSE = {
    "end",
    "killed",
    "injured",
    "url",
    "tags",
    "as_reported",
    "time",
    "report_title",
    "report_date",
    "language",
    "target",
}
"""Roles that many rows lack in an ordinary file."""

FIGURES = ("killed", "injured")
OF_REPORTS = ("url", "source", "report_title", "report_date")
"""Roles of which a row may have several columns, with numbers at the ends of their names."""


class Candidate(NamedTuple):
    """A column for a role, with a score from 0 to 1 and what it rests on."""

    role: str
    column: ColumnFacts
    score: float
    why: str

    @property
    def sure(self) -> str:
        """How sure it is: sure, likely or LOOK."""
        return SURE if self.score >= _SURE_SCORE else LIKELY if self.score >= _LIKELY_SCORE else UNSURE

    @property
    def remark(self) -> str:
        """What to say of it in a comment."""
        return f"{self.sure}: {self.why}"


class Assignment(NamedTuple):
    """The columns with a role, and candidates that were as good, by role."""

    roles: dict[str, Candidate]
    ties: dict[str, list[Candidate]]


def candidates(columns: Iterable[ColumnFacts]) -> list[Candidate]:
    """Return the columns that may have each role."""
    filled = [column for column in columns if column.filled and column.name]
    return [found for column in filled for role in ROLES if (found := _candidate(role, column)) is not None]


def assigned(columns: Sequence[ColumnFacts]) -> Assignment:
    """Give every role the column under which most speaks for all roles together; a column has one."""
    every = candidates(columns)
    chosen = _by_content(columns, _without_halves(_best(every)))
    chosen |= _bounds(columns, chosen)
    taken = {id(each.column) for each in chosen.values()}
    free = [each for each in every if id(each.column) not in taken]
    ties = {
        role: [other for other in free if other.role == role and other.score >= best.score - _TIE]
        for role, best in chosen.items()
    }
    return Assignment(chosen, {role: others for role, others in ties.items() if others})


def _without_halves(chosen: dict[str, Candidate]) -> dict[str, Candidate]:
    """Return the roles without those that say nothing alone, or that another one says better."""
    dropped: set[str] = set()
    if not {"latitude", "longitude"} <= chosen.keys():
        dropped |= {"latitude", "longitude"}
    else:
        dropped.add("point")
    dropped |= {"year", "month", "day"} if "start" in chosen else {"end"}
    dropped |= set() if "month" in chosen else {"day"}
    found = {role: each for role, each in chosen.items() if role not in dropped}
    if "place" not in found and (described := found.pop("as_reported", None)):
        found["place"] = described._replace(role="place", score=min(described.score, _LIKELY_SCORE))
    return found


def _candidate(role: str, column: ColumnFacts) -> Candidate | None:
    name = name_score(without_number(column.name) if role in OF_REPORTS else column.name, role)
    if not name.score or (role in FIGURES and bound_of(column.name)):
        return None
    held = TESTS[role](column)
    if not held.score:
        return None
    fill = column.filled / max(column.filled + column.empty + sum(column.markers.values()), 1)
    said = name.score + 0.3 * (1 - name.score) if role in _FROM_CONTENT else name.score
    filled = 0.85 + 0.15 * fill if role in _SPARSE else 0.4 + 0.6 * fill
    score = round(said * held.score * filled, 3)
    if score < _LEAST:
        return None
    return Candidate(role, column, score, f"{name.why}; {held.why}; {fill:.0%} filled")


def _bounds(columns: Iterable[ColumnFacts], roles: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """Return the columns of low and high figures by role: a bare `low` is one of the killed."""
    taken = {id(each.column) for each in roles.values()}
    found: dict[str, Candidate] = {}
    for column in columns:
        bound = bound_of(column.name) if column.filled and id(column) not in taken else ""
        held = TESTS["killed"](column) if bound else AGAINST
        rest = without_bound(column.name)
        figure = next((each for each in FIGURES if rest and name_score(rest, each).score >= _LEAST), "")
        if not rest and "killed" in roles:
            figure = "killed"
        if held.score and figure and f"{figure}_{bound}" not in found:
            why = f"its name says {bound}; {held.why}"
            found[f"{figure}_{bound}"] = Candidate(f"{figure}_{bound}", column, round(0.85 * held.score, 3), why)
    return found


def _best(every: Sequence[Candidate]) -> dict[str, Candidate]:
    """Return the candidates with the greatest sum, one a role and one a column: the Hungarian method."""
    roles = list(dict.fromkeys(each.role for each in every))
    numbers = {id(column): number for number, column in enumerate({id(e.column): e.column for e in every}.values())}
    scores = {(each.role, numbers[id(each.column)]): each for each in every}
    # A role may stay without a column: each has an empty one of its own.
    width = len(numbers) + len(roles)
    cost = [
        [-scores[role, at].score if (role, at) in scores else 0.0 if at >= len(numbers) else 1.0 for at in range(width)]
        for role in roles
    ]
    return {role: scores[role, at] for role, at in zip(roles, cheapest(cost), strict=True) if (role, at) in scores}


# ---- Roles for which no column has the name: a column is taken for what it holds, if no other one holds the like

Tell = Callable[[Sequence[ColumnFacts]], Candidate | None]


def _by_content(columns: Sequence[ColumnFacts], chosen: dict[str, Candidate]) -> dict[str, Candidate]:
    """Return the roles with those that content alone can tell of columns without a role; each is marked LOOK."""
    found = dict(chosen)
    told: tuple[tuple[set[str], Tell], ...] = (
        ({"start", "year"}, _only_days),
        ({"url"}, _only_links),
        ({"latitude", "point"}, _only_points),
        ({"summary"}, _longest),
    )
    for roles, tell in told:
        taken = {id(each.column) for each in found.values()}
        if not found.keys() & roles and (only := tell([each for each in columns if id(each) not in taken])):
            found[only.role] = only
    return found


def _alone(role: str, holding: Sequence[ColumnFacts], what: str) -> Candidate | None:
    why = f"its name does not say so, but no other column holds {what}"
    return Candidate(role, holding[0], _LEAST, why) if len(holding) == 1 and holding[0].name else None


def _only_days(free: Sequence[ColumnFacts]) -> Candidate | None:
    dated = [column for column in free if column.name and (column.type == "date" or column.mostly_days)]
    fullest = max(dated, key=lambda column: (column.share_of_days, column.filled), default=None)
    if fullest is None or len(dated) == 1:
        return _alone("start", dated, "days")
    return Candidate("start", fullest, _LEAST, "it is the fullest of the columns of days")


def _only_links(free: Sequence[ColumnFacts]) -> Candidate | None:
    """Return a column of web addresses, unless the name says that they are pictures."""
    linked = [each for each in free if TESTS["url"](each).score > 1 / 2 and not rules_out(each.name, "url")]
    return _alone("url", linked, "web addresses")


def _only_points(free: Sequence[ColumnFacts]) -> Candidate | None:
    return _alone("point", [each for each in free if each.share("point") == 1 and each.name], "points")


def _longest(free: Sequence[ColumnFacts]) -> Candidate | None:
    texts = [column for column in free if column.type == "text" and column.name]
    longest = max(texts, key=lambda column: column.characters, default=None)
    if longest is None or longest.average <= 25:
        return None
    return Candidate("summary", longest, _LEAST, "its name does not say so; of all columns it has the most text")
