"""What a proposal is made of: the file as it was seen, its columns with their roles, and what the trial taught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from incidents.loading.inspection.assignment import Candidate, assigned
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.inspect import Inspection
from incidents.loading.inspection.private import days_of_birth, private_columns
from incidents.loading.inspection.survey_tools import survey_columns
from incidents.loading.inspection.toml_text import in_comment


@dataclass
class Plan:
    """A proposal before it is written down; the trial changes it where the file refuses it."""

    seen: Inspection
    roles: dict[str, Candidate]
    ties: Mapping[str, list[Candidate]]
    private: Mapping[int, str]
    """Why columns point to a private person, by the identity of the column."""

    technical: Mapping[int, str]
    """What the tool that wrote the file adds of its own."""

    given_up: dict[str, str] = field(default_factory=dict)
    """Roles that the file refuses, and why."""

    keeps_figures: bool = False
    """Some figures are out of order."""

    numbers_repeated: bool = False
    group: Candidate | None = None
    """A column that repeats, by which rows may belong together."""

    gathers: bool = False
    """Rows that belong together are one incident."""

    incidents: int = 0
    """Incidents that the gathered rows make."""

    sums: set[str] = field(default_factory=set)
    """Figures that are added up."""

    joined: set[str] = field(default_factory=set)
    """Columns that differ between the rows of an incident."""

    def column(self, role: str) -> ColumnFacts | None:
        """Return the column of a role."""
        found = self.roles.get(role)
        return found.column if found else None

    def give_up(self, role: str, why: str) -> None:
        """Leave a role without a column; that is published as it is then, in `extra`."""
        self.given_up[role] = why
        self.roles.pop(role, None)

    def gathered(self) -> Plan:
        """Return the plan under which the rows that belong together are one incident."""
        if self.group is None:
            raise ValueError("no column repeats")
        roles = {role: each for role, each in self.roles.items() if role != "id"} | {"id": self.group}
        return replace(
            self, roles=roles, given_up={}, gathers=True, numbers_repeated=False, sums=set(), joined=set(), ties={}
        )

    def remark(self, role: str) -> str:
        """Return the comment on a guess, with the columns that would do as well."""
        found = self.roles[role]
        others = ", ".join(in_comment(each.column.name) for each in self.ties.get(role, ()))
        return in_comment(f"{found.remark}; LOOK: or {others}" if others else found.remark, 300)

    @property
    def readable(self) -> list[ColumnFacts]:
        """The columns that a profile can name."""
        twice = {name.casefold() for name in self.seen.twice}
        return [each for each in self.seen.columns if each.name and each.name.casefold() not in twice]

    def alias(self, column: ColumnFacts) -> str:
        """Return the name of a column within a template; one that a template cannot hold gets a cell of its own."""
        if not any(mark in column.name for mark in '{}|"'):
            return column.name
        return f"column {self.seen.columns.index(column) + 1}"

    @property
    def said(self) -> str:
        """The name of the cell that stands for an id; no column has it."""
        names = {each.name.casefold() for each in self.seen.columns}
        return next(name for number in range(len(names) + 1) if (name := f"said{number or ''}") not in names)


def planned(seen: Inspection) -> Plan:
    """Return what is proposed for a file before it is tried."""
    private = private_columns(seen.columns)
    technical = survey_columns(seen.columns)
    twice = {name.casefold() for name in seen.twice}
    free = [
        each
        for each in seen.columns
        if id(each) not in private and id(each) not in technical and each.name.casefold() not in twice
    ]
    found = assigned(free)
    if start := found.roles.get("start"):
        taken = {id(each.column) for each in found.roles.values()}
        private |= days_of_birth((each for each in free if id(each) not in taken), start.column)
    plan = Plan(seen, found.roles, found.ties, private, technical, group=found.roles.pop("group_id", None))
    plan.numbers_repeated = "id" not in plan.roles
    return plan
