"""A proposal tried on the file that it was made from, by what reads and checks files in a load; nothing is written."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from incidents.loading.errors import LoadError, RowFault
from incidents.loading.inspection import proposal
from incidents.loading.inspection.plan import Plan
from incidents.loading.load_report import LoadReport
from incidents.loading.pipeline.first_pass import FirstPass
from incidents.loading.pipeline.worker import Workers
from incidents.loading.profiles.profile import parse
from incidents.loading.staging.staging_file import StagingFile

ROUNDS = 6
FEW = 0.05
"""Share of rows up to which a guess stands though they are refused: those rows are wrong then, and not the guess."""

TOLD = 10
"""Refused cells of which the lines are told."""

OTHER_ROW, IN_ORDER, NOT_BEFORE = "an id that no other row has", "at least as many as", "a day not before the start"
NEEDED = ("start", "year")
KEPT = (*NEEDED, "killed", "injured")
"""Roles that are not given up: the rows that have no such value are refused instead."""


@dataclass
class Trial:
    """What the loader makes of a proposal; `error` says why it could not even be tried."""

    rows: int = 0
    bad: int = 0
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
            trial.rows, trial.bad = first_pass.rows, first_pass.bad
    except LoadError as error:
        trial.error = str(error)
    return trial


def proposed(plan: Plan) -> tuple[str, Trial | None]:
    """Return the proposal that the loader takes, and its trial; None where no day can be read, so that none loads.

    Guesses that most rows refute are given up, with the reason in the proposal.
    """
    text = proposal.text(plan)
    if not any(role in plan.roles for role in NEEDED):
        return text, None
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
    if fault.expected.startswith(IN_ORDER) and not plan.keeps_figures:
        plan.keeps_figures = True
        return True
    if trial.by_column[column] <= FEW * trial.rows or set(roles) & set(KEPT):
        return False
    for role in roles:
        plan.give_up(role, f"{trial.by_column[column]:,} cells of {column} are none: {fault}")
        _give_up_with(plan, role)
    return bool(roles)


def _give_up_with(plan: Plan, role: str) -> None:
    """Give up what makes no sense without the role."""
    pair = {"latitude": "longitude", "longitude": "latitude"}.get(role, "")
    if pair in plan.roles:
        plan.give_up(pair, f"there is no {role}")
