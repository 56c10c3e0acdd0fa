"""The first pass: the whole file is read and checked before anything is written."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from incidents.loading.errors import BadRow, LoadError, Problem
from incidents.loading.facts import Gathered, IncidentFacts
from incidents.loading.forms import Profile
from incidents.loading.plan import Planner
from incidents.loading.readers import TableFile
from incidents.loading.report import Progress, Report, rate
from incidents.loading.slugs import fitted
from incidents.loading.spool import Spool

ONCE = "rows that say what another row says, in every column; left out"
NUMBERED = "rows that say what another row says, in every column; each is an incident of its own"

STEP = 200
"""Rows between two looks at the clock."""


@dataclass
class Reading:
    """What a file holds: `spool` its good rows, `gathered` what they show, `bad` how many cannot be loaded."""

    spool: Spool
    gathered: Gathered
    digest: str = ""
    rows: int = 0
    bad: int = 0
    nameless: int = 0
    """Bad rows of which not even the id can be told."""


def read(path: Path, profile: Profile, spool: Spool, report: Report) -> Reading:
    """Read a file to its end and tell every row that is wrong; raises LoadError for what is no such file."""
    reading, began = Reading(spool, Gathered(spool.points)), time.monotonic()
    file = profile.file
    with TableFile(path, encoding=file.encoding, delimiter=file.delimiter, sheet=file.sheet) as table:
        for note in table.notes:
            report.say(f"note: {note}")
        planner = Planner(profile, table.header, reading.gathered, report.note)
        if unread := planner.columns.unread():
            report.say(f"note: columns that the profile does not know, not loaded: {', '.join(unread)}")
        with report.progress("reading", table.size, "B") as progress:
            _rows(table, planner, reading, report, progress)
        reading.digest = table.digest
    if table.tags:
        report.say(f"note: line {table.tags} is a row of HXL tags, no data")
    if not reading.rows:
        raise LoadError(f"{path} has a header and no rows.")
    report.say(f"read {rate(reading.rows, time.monotonic() - began)}")
    return reading


def _rows(table: TableFile, planner: Planner, reading: Reading, report: Report, progress: Progress) -> None:
    spool = reading.spool
    for line, cells in table.rows():
        reading.rows += 1
        if reading.rows % STEP == 0:
            progress.reach(table.position)
        try:
            facts = planner.plan(line, cells)
            if facts is None:
                continue
            if (kept := _kept(facts, planner, planner.said(cells), spool, report)) is not None:
                spool.add(kept)
        except BadRow as bad:
            reading.bad += 1
            if bad.public_id:
                spool.hold(bad.public_id, line)  # the file does hold it: it must not be withdrawn
            else:
                reading.nameless += 1
            for problem in bad.problems:
                report.problem(problem)


def _kept(facts: IncidentFacts, planner: Planner, said: str, spool: Spool, report: Report) -> IncidentFacts | None:
    """Return the facts of a row, under an id of their own if it repeats an earlier one, None to leave it out.

    Raises BadRow for another row that merely has the same id.
    """
    if (earlier := spool.hold(facts.id, facts.line, said)) is None:
        return facts
    line, before = earlier
    if not said or said != before:
        expected = f"an id that no other row has; line {line} has it too"
        raise BadRow([Problem(facts.line, planner.id_column, facts.id, expected)], facts.id)
    if planner.repeated == "once":
        report.note(ONCE, facts.line)
        return None
    public_id = fitted(f"{facts.id}-{spool.times(facts.id)}")
    if spool.hold(public_id, facts.line) is not None:
        expected = f"an id that no other row has; {public_id} is one"
        raise BadRow([Problem(facts.line, planner.id_column, facts.id, expected)], facts.id)
    report.note(NUMBERED, facts.line)
    return facts._replace(id=public_id)
