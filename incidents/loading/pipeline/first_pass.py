"""The first pass: the whole file is read and checked before anything is written."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import orjson

from incidents.loading.errors import BadRow, LoadError, Problem
from incidents.loading.files import TableFile
from incidents.loading.load_report import Progress, Report, rate
from incidents.loading.pipeline.calculation import Desk, PlannedRow, PlannedRows
from incidents.loading.pipeline.parsed import Gathered, Sealed
from incidents.loading.pipeline.row_parser import Planner
from incidents.loading.pipeline.slugs import fitted
from incidents.loading.pipeline.staging_file import Spool
from incidents.loading.pipeline.worker import Beside
from incidents.loading.profiles.parts import Profile
from incidents.texts import storable

ONCE = "rows that say what another row says, in every column; left out"
NUMBERED = "rows that say what another row says, in every column; each is an incident of its own"

STEP = 500
"""Rows planned at once."""


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


def read(path: Path, profile: Profile, spool: Spool, beside: Beside, report: Report, sheet: str = "") -> Reading:
    """Read a file to its end and tell every row that is wrong; raises LoadError for what is no such file.

    `sheet` is that of a workbook, if it is not the profile's own.
    """
    reading, began = Reading(spool, Gathered(spool.points)), time.monotonic()
    file = profile.file
    with TableFile(
        path,
        encoding=file.encoding,
        delimiter=file.delimiter,
        sheet=sheet or file.sheet,
        header_line=file.header_line,
    ) as table:
        table.expect_workbook(sheet)
        for note in table.notes:
            report.say(f"note: {note}")
        desk = Desk(profile, table.header)
        beside.furnish(desk, profile.made_from, table.header)
        if unread := desk.planner.columns.unread():
            report.say(f"note: columns that the profile does not know, not loaded: {', '.join(unread)}")
        with report.progress("reading", table.size, "B") as progress:
            for planned in beside.each("plan", _lines(table, reading, progress)):
                _take(planned, desk.planner, reading, report)
        reading.digest = table.digest
    reading.gathered.add_all(desk.gathered())
    if (elsewhere := beside.ask("gathered")) is not None:
        reading.gathered.add_all(elsewhere)
    if table.tags:
        report.say(f"note: line {table.tags} is a row of HXL tags, no data")
    if not reading.rows:
        raise LoadError(f"{path} has a header and no rows.")
    report.say(f"read {rate(reading.rows, time.monotonic() - began)}")
    return reading


def _lines(table: TableFile, reading: Reading, progress: Progress) -> Iterator[bytes]:
    """Yield the rows, some at a time: JSON is what text is handed on as at the least cost."""
    rows = table.rows()
    while lines := list(islice(rows, STEP)):
        reading.rows += len(lines)
        progress.reach(table.position)
        try:
            yield orjson.dumps(lines)
        except TypeError:  # halves of surrogate pairs, which have no UTF-8; the rows that hold them are refused
            yield orjson.dumps([(line, list(map(storable, cells))) for line, cells in lines])


def _take(planned: PlannedRows, planner: Planner, reading: Reading, report: Report) -> None:
    for remark, line in planned.remarks:
        report.note(remark, line)
    reading.spool.names = reading.spool.names or planned.names
    if _take_together(planned.rows, planner, reading.spool):
        return
    for row in planned.rows:
        try:
            if isinstance(row, BadRow):
                raise row
            if row is not None:
                _keep(row, planner, reading, report)
        except BadRow as bad:
            _tell(bad, reading, report)


def _take_together(rows: Sequence[PlannedRow | BadRow | None], planner: Planner, spool: Spool) -> bool:
    """Keep rows at once if all are good and have ids that no row had yet, as most have; tells whether it did."""
    good = [(Sealed._make(row[0]), row[1]) for row in rows if isinstance(row, tuple)]
    if len(good) + rows.count(None) < len(rows):
        return False
    if not spool.hold_all([(facts.id, facts.line, said) for facts, said in good]):
        return False
    if planner.point_is_of_place:
        spool.points.add_all([(facts.place, facts.point) for facts, _ in good if facts.place and facts.point])
    for facts, _ in good:
        spool.add(facts)
    return True


def _tell(bad: BadRow, reading: Reading, report: Report) -> None:
    reading.bad += 1
    if bad.public_id:
        reading.spool.hold(bad.public_id, bad.problems[0].line)  # the file does hold it: it must not be withdrawn
    else:
        reading.nameless += 1
    for problem in bad.problems:
        report.problem(problem)


def _keep(row: PlannedRow, planner: Planner, reading: Reading, report: Report) -> None:
    """Keep the facts of a row, under an id of their own if it repeats an earlier one that the profile does not drop.

    Raises BadRow for another row that merely has the same id.
    """
    (packed, said), spool = row, reading.spool
    facts = Sealed._make(packed)
    if facts.place and facts.point and planner.point_is_of_place:
        spool.points.add(facts.place, facts.point)
    if (earlier := spool.hold(facts.id, facts.line, said)) is None:
        spool.add(facts)
        return
    line, before = earlier
    if not said or said != before:
        expected = f"an id that no other row has; line {line} has it too"
        raise BadRow([Problem(facts.line, planner.id_column, facts.id, expected)], facts.id)
    if planner.repeated == "once":
        report.note(ONCE, facts.line)
        return
    public_id = fitted(f"{facts.id}-{spool.times(facts.id)}")
    if spool.hold(public_id, facts.line) is not None:
        expected = f"an id that no other row has; {public_id} is one"
        raise BadRow([Problem(facts.line, planner.id_column, facts.id, expected)], facts.id)
    report.note(NUMBERED, facts.line)
    spool.add(facts._replace(id=public_id))
