"""What `manage.py profile` tells of a file: short on a terminal, column by column otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from incidents.loading.errors import shortened, shown
from incidents.loading.inspection.column_names import name_score
from incidents.loading.inspection.column_statistics import SHOWN_VOCABULARY, ColumnFacts
from incidents.loading.inspection.evidence import no_degrees
from incidents.loading.inspection.inspect import Inspection
from incidents.loading.inspection.plan import Plan
from incidents.loading.inspection.proposal import mixed_orders
from incidents.loading.inspection.trial import Trial

VALUES_TOLD = 12
HEADING = 2
"""Lines of a proposal that only explain what LOOK means."""

TAB = "\t"
NO_DEGREES = "WARNING: no degrees; save the points as longitude and latitude (WGS 84)"


def file_lines(seen: Inspection) -> Iterator[str]:
    """Yield what is told of the file as a whole."""
    yield f"{seen.path.name}: {seen.form}, {seen.rows:,} rows, {len(seen.columns)} columns"
    if seen.encoding:
        yield f"  encoding   {seen.encoding}"
    if seen.delimiter:
        yield f"  delimiter  {'tab' if seen.delimiter == TAB else seen.delimiter}"
    yield from (f"  note       {note}" for note in seen.notes)
    yield from _marked_lines(seen)
    if seen.twice:
        listing = ", ".join(name or "(no name)" for name in seen.twice)
        yield f"  WARNING    columns that are there twice: {listing}; give them names that differ, or none can be read"
    if seen.unsure:
        yield "  note       too many rows to know of every column whether its texts are all different"


def _marked_lines(seen: Inspection) -> Iterator[str]:
    if seen.titles:
        yield f"  note       titles above the names of the columns, which are on line {seen.header_line}"
    if seen.tags:
        yield f"  note       line {seen.tags} is a row of HXL tags, no data"
    if seen.lone:
        listing = ", ".join(str(line) for line, _ in seen.lone)
        yield f"  note       lines below the data, such as totals: {listing}"
    if seen.uneven:
        yield f"  WARNING    lines with another number of cells than the header: {', '.join(map(str, seen.uneven))} …"


def column_lines(plan: Plan) -> Iterator[str]:
    """Yield what each column holds, and the roles that it has in the proposal."""
    by_column: dict[int, list[str]] = {}
    for role, each in plan.roles.items():
        by_column.setdefault(id(each.column), []).append(role)
    for column in plan.seen.columns:
        yield ""
        yield from _column(column, plan.seen.rows, by_column.get(id(column), []))
        if why := plan.private.get(id(column)):
            yield f"  left out: it points to a private person ({why})"


def short_lines(plan: Plan) -> Iterator[str]:
    """Yield which column was taken for what, and what becomes of the others."""
    yield ""
    width = max((len(role) for role in plan.roles), default=0)
    for role, each in plan.roles.items():
        yield f"  {role:<{width}}  {each.column.name}  ({each.sure})"
    private = [each.name for each in plan.seen.columns if id(each) in plan.private]
    if private:
        yield f"  left out, since they point to private persons: {', '.join(private)}"
    for column in plan.seen.columns:
        yield from (f"  {column.name}: {line.strip()}" for line in _degrees(column))
        if (mixed := mixed_orders(column)) is not None:
            yield f"  {column.name}: MIXED days and months: {mixed}"
        if column.type == "date" and column.formats.rivals:
            yield f"  {column.name}: AMBIGUOUS: day and month could be the other way round"
    taken = {id(each.column) for each in plan.roles.values()}
    others = sum(id(each) not in taken for each in plan.seen.columns) - len(private)
    yield f"  {others} other columns are kept under their own names, or left out with the reason"


def trial_lines(plan: Plan, trial: Trial | None) -> Iterator[str]:
    """Yield what became of the trial."""
    yield ""
    if trial is None:
        yield "Not tried: no column was found that holds days, without which no row is an incident."
    elif trial.error:
        yield f"Tried: the proposal does not load the file yet. {trial.error}"
    elif not trial.bad and plan.gathers:
        yield f"Tried: all {trial.rows:,} rows can be loaded with it, as {trial.incidents:,} incidents."
    elif not trial.bad:
        yield f"Tried: all {trial.rows:,} rows can be loaded with it."
    else:
        yield f"Tried: {trial.bad:,} of {trial.rows:,} rows would be refused (--skip-bad leaves them out):"
        yield from (f"  {fault}" for fault in trial.faults)
        if sum(trial.by_column.values()) > len(trial.faults):
            yield "  …"


def next_steps(plan: Plan, text: str, output: Path | None) -> Iterator[str]:
    """Yield where the proposal is, which of its lines to look at, and what to do then."""
    looks = [number for number, line in enumerate(text.splitlines(), 1) if "LOOK" in line and number > HEADING]
    name = str(output) if output else "mine.toml"
    yield ""
    if output:
        yield f"The proposed profile is in {output}. LOOK marks what only you can decide."
        yield f"  1. Open it and decide on lines {', '.join(map(str, looks))}."
    else:
        yield "  1. Write it to a file with --output mine.toml, and decide on the lines marked LOOK."
    yield f"  2. manage.py load_incidents {plan.seen.path} --profile {name} --dry-run"
    yield "  3. The same without --dry-run publishes it."


def _column(column: ColumnFacts, rows: int, roles: list[str]) -> Iterator[str]:
    likely = f"  → {', '.join(roles)}" if roles else ""
    unique = ", every one different" if column.is_unique else ""
    yield f"{column.name or '(no name)'}: {column.type}, {column.filled:,} of {rows:,} filled{unique}{likely}"
    if column.markers:
        yield f"  says nothing: {_counted(list(column.markers.most_common()))}"
    if column.suspects:
        yield f"  may say nothing: {_counted(column.suspects)}"
    yield from _days(column)
    if column.low is not None and column.type.startswith(("integer", "number")):
        yield f"  from {column.low:g} to {column.high:g}"
        yield from _degrees(column)
    if column.separator:
        yield f"  a list: items are separated by {column.separator!r} in {column.separators[column.separator]:,}"
    if column.breaks:
        yield f"  line breaks in {column.breaks:,}"
    if column.vocabulary and len(column.values) <= SHOWN_VOCABULARY and column.filled >= 2 * len(column.values):
        yield f"  values: {_counted(column.vocabulary)}"
    elif column.sample:
        yield f"  for example {', '.join(shown(text) for text in column.sample)}"


def _degrees(column: ColumnFacts) -> Iterator[str]:
    if any(name_score(column.name, role).score and no_degrees(column, role) for role in ("latitude", "longitude")):
        yield f"  {NO_DEGREES}"


def _days(column: ColumnFacts) -> Iterator[str]:
    formats, rivals = column.formats.fitting, column.formats.rivals
    if column.type == "date":
        yield f"  written as {' or '.join(formats)}"
    elif (mixed := mixed_orders(column)) is not None:
        yield f"  MIXED days and months: {mixed}"
    elif column.mostly_days:
        examples = ", ".join(shown(text) for text in column.undated)
        yield f"  mostly days ({' or '.join(formats)}); no days are {examples}"
    if column.type == "date" and rivals:
        yield f"  AMBIGUOUS: every one could as well be {' or '.join(rivals)}, for example {column.sample[0]}"


def _counted(pairs: list[tuple[str, int]]) -> str:
    listing = ", ".join(f"{shortened(text, 40)} ({number:,})" for text, number in pairs[:VALUES_TOLD])
    return listing + (f" and {len(pairs) - VALUES_TOLD} more" if len(pairs) > VALUES_TOLD else "")
