"""A proposal tried on the file that it was made from, by what reads and checks files in a load; nothing is written."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from incidents.loading.errors import LoadError, RowFault
from incidents.loading.inspection import proposal
from incidents.loading.inspection.assignment import FIGURES
from incidents.loading.inspection.plan import Plan
from incidents.loading.load_report import LoadReport
from incidents.loading.pipeline.first_pass import FirstPass
from incidents.loading.pipeline.worker import Workers
from incidents.loading.profiles.profile import parse
from incidents.loading.staging.staging_file import StagingFile

ROUNDS = 12
FEW = 0.05
"""Share of rows up to which a guess stands though they are refused: those rows are wrong then, and not the guess."""

TOLD = 10
"""Refused cells of which the lines are told."""

OTHER_ROW, IN_ORDER, NOT_BEFORE = "an id that no other row has", "at least as many as", "a day not before the start"
SAME_INCIDENT = "of the same incident says"
NEEDED = ("start", "year")
BELONGING = ("start", "year", "place", "point", "latitude", "longitude", "location_precision")
"""In these all rows of an incident agree, or they do not belong together."""

KEPT = (*NEEDED, "killed", "injured")
"""Roles that are not given up: the rows that have no such value are refused instead."""


@dataclass
class Trial:
    """What the loader makes of a proposal; `error` says why it could not even be tried."""

    rows: int = 0
    bad: int = 0
    incidents: int = 0
    error: str = ""
    faults: list[RowFault] = field(default_factory=list)
    by_column: Counter[str] = field(default_factory=Counter)
    first: dict[str, RowFault] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)


class _Collected(LoadReport):
    """Keeps what a load would report."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(io.StringIO(), io.StringIO())
        self._trial = trial
        self._counts: defaultdict[str, int] = defaultdict(int)

    def problem(self, problem: RowFault) -> None:
        """Count a refused cell by its column."""
        trial = self._trial
        trial.by_column[problem.column] += 1
        trial.first.setdefault(problem.column, problem)
        if len(trial.faults) < TOLD:
            trial.faults.append(problem)

    def note(self, remark: str, line: int) -> None:
        """Count a remark."""
        self._counts[remark] += 1
        self._trial.remarks = dict(self._counts)


def tried(plan: Plan, text: str) -> Trial:
    """Return what the loader makes of a proposal."""
    trial = Trial()
    try:
        profile = parse(text, "the proposal")
        with StagingFile() as staging, Workers() as workers:
            first_pass = FirstPass(profile, staging, workers, _Collected(trial))
            first_pass.read(plan.seen.path)
            trial.rows, trial.bad, trial.incidents = first_pass.rows, first_pass.bad, staging.count
    except LoadError as error:
        trial.error = str(error)
    return trial


def proposed(plan: Plan) -> tuple[Plan, str, Trial | None]:
    """Return the plan of the proposal that the loader takes, its text and its trial.

    The trial is None where no day can be read, so that no row loads. Guesses that most rows refute are given up, with
    the reason in the proposal. Where rows agree in all that makes an incident, they are proposed to be gathered.
    """
    if not any(role in plan.roles for role in NEEDED):
        return plan, proposal.text(plan), None
    if plan.group is not None:
        together = plan.gathered()
        text, trial = _tried_until(together)
        if not trial.error and not trial.bad and trial.incidents < trial.rows:
            return together, text, trial
    text, trial = _tried_until(plan)
    return plan, text, trial


def _tried_until(plan: Plan) -> tuple[str, Trial]:
    text = proposal.text(plan)
    trial = tried(plan, text)
    for _ in range(ROUNDS):
        if not (trial.bad and _mended(plan, trial)):
            break
        text = proposal.text(plan)
        trial = tried(plan, text)
    return text, trial


def _mended(plan: Plan, trial: Trial) -> bool:
    """Change what a trial refutes; tell whether anything was."""
    changes = [_mend(plan, column, fault, trial) for column, fault in trial.first.items()]
    return any(changes)


def _mend(plan: Plan, column: str, fault: RowFault, trial: Trial) -> bool:
    roles = [role for role, each in plan.roles.items() if each.column.name == column]
    if fault.expected.startswith(OTHER_ROW) or column == plan.said:
        if "id" not in plan.roles:
            return False
        plan.give_up("id", f"{column} does not tell rows apart: {fault.value} on line {fault.line} is not the first")
        plan.numbers_repeated = True
        return True
    if plan.gathers and SAME_INCIDENT in fault.expected:
        return _told_apart(plan, column, roles)
    if fault.expected.startswith(IN_ORDER):
        before, plan.keeps_figures = plan.keeps_figures, True
        return not before
    if trial.by_column[column] <= FEW * trial.rows or set(roles) & set(KEPT):
        return False
    for role in roles:
        plan.give_up(role, f"{trial.by_column[column]:,} cells of {column} are none: {fault}")
        _give_up_with(plan, role)
    return bool(roles)


def _told_apart(plan: Plan, column: str, roles: list[str]) -> bool:
    """Let the rows of an incident differ in a column; tell whether they can: not in its day and its place."""
    figure = next((role.removesuffix("_low").removesuffix("_high") for role in roles if role.startswith(FIGURES)), "")
    if figure:
        plan.sums.add(figure)
        return True
    label = next((role for role in (column, *roles) if role in plan.roles), "")
    if label in BELONGING or column in BELONGING:
        return False
    if label:
        plan.give_up(label, f"the rows of an incident differ in {plan.roles[label].column.name}")
        return True
    before = len(plan.joined)
    plan.joined.add(column)
    return len(plan.joined) > before


def _give_up_with(plan: Plan, role: str) -> None:
    """Give up what makes no sense without the role."""
    pair = {"latitude": "longitude", "longitude": "latitude"}.get(role, "")
    if pair in plan.roles:
        plan.give_up(pair, f"there is no {role}")
