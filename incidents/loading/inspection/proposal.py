"""A profile to begin with, in TOML: each guess says how sure it is and why, LOOK marks what a person has to decide."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from incidents.loading.dates.reader import EXCEL, WORDS
from incidents.loading.inspection import proposal_columns, proposal_events, proposal_places, proposal_reports
from incidents.loading.inspection.column_statistics import DOUBTFUL, ColumnFacts
from incidents.loading.inspection.plan import Plan
from incidents.loading.inspection.toml_text import in_comment, key, listing, literal, quoted
from incidents.loading.slugs import slug

SUSPECT = ("-9", "-99", "-999", "-9999")
NOTHING = DOUBTFUL | proposal_events.NOT_TOLD
"""Texts in a column of figures that say that there were none, or that nothing is known."""

PARTS = ("year", "month", "day")


def text(plan: Plan) -> str:
    """Return the profile as text."""
    lines = list(_lines(plan))
    # What no part above has taken up is kept as it is.
    lines += proposal_columns.kept(plan, tomllib.loads("\n".join(lines)))
    return "\n".join(lines).rstrip() + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    seen = plan.seen
    name = slug(seen.path.name.split(".")[0])[:40].strip("-") or "dataset"
    yield f"# Proposed for {in_comment(seen.path.name)} ({seen.rows:,} rows). LOOK marks what only you can decide."
    yield "# Guesses are sure, likely, or marked LOOK, and say why. What each key means: docs/loading.md."
    yield "# Try it: manage.py load_incidents FILE --profile THIS --dry-run"
    yield ""
    yield f"title = {quoted(seen.path.name)}"
    yield ""
    yield from proposal_columns.file_table(plan)
    yield ""
    yield "[dataset]"
    yield f"id = {quoted(name)} # LOOK: it begins every public id"
    yield f"name = {quoted(seen.path.name.split('.')[0] or seen.path.name)} # LOOK"
    yield 'licence = "LicenseRef-not-stated" # LOOK: an SPDX id such as CC-BY-4.0, or the address of the terms'
    yield 'attribution = "" # LOOK: whom to name, and how'
    yield ""
    yield from _cells(plan)
    yield "[incident]"
    yield from _identity(plan, name)
    yield from _summary(plan)
    yield from _time(plan)
    if tags := plan.column("tags"):
        yield f"tags = {{ column = {quoted(tags.name)}, separator = {quoted(tags.separator)} }} # {plan.remark('tags')}"
    yield ""
    yield from proposal_events.events(plan)
    yield from _date(plan)
    yield from proposal_places.place(plan)
    yield from _figures(plan)
    yield from proposal_events.actors(plan, name)
    yield from proposal_reports.reports(plan)


def _cells(plan: Plan) -> Iterator[str]:
    named = [each for each in plan.readable if plan.alias(each) != each.name]
    if not named and "id" in plan.roles:
        return
    yield "[cells]"
    for column in named:
        yield f"{key(plan.alias(column))} = {quoted(column.name)} # a template cannot hold its name"
    if "id" not in plan.roles:
        yield "# No column tells the rows apart. LOOK: leave out what a later edition may correct, as long as no two"
        yield "# rows that differ have one id then; the trial tells."
        columns = [each for each in plan.readable if each.filled and id(each) not in plan.private]
        yield f"{plan.said} = {{ fingerprint = {listing(each.name for each in columns)} }}"
    yield ""


def _identity(plan: Plan, name: str) -> Iterator[str]:
    identity = plan.column("id")
    field = plan.alias(identity) if identity else plan.said
    remark = f" # {plan.remark('id')}" if identity else ""
    yield f"id = {quoted(f'{name}-{{{field}}}')}{remark}"
    if plan.gathers:
        yield 'repeated = "gather" # LOOK: rows with one id are one incident; if not, each needs an id of its own'
    if plan.numbers_repeated:
        yield 'repeated = "number" # rows that are equal in every column are kept, and told'
    for role, why in plan.given_up.items():
        yield f"# LOOK: no {role.replace('_', ' ')}: {in_comment(why, 200)}"


def _summary(plan: Plan) -> Iterator[str]:
    others = [plan.alias(column) for role in ("event_type", "place") if (column := plan.column(role))]
    if summary := plan.column("summary"):
        words = "|".join([plan.alias(summary), *others, '"No text."'])
        yield f"summary = {{ template = {literal('{' + words + '}')} }} # {plan.remark('summary')}"
        return
    words = ", ".join("{" + each + "}" for each in others) or "No text"
    if others:
        words = ", ".join("{" + each + '|"not told"}' for each in others)
    yield "# LOOK: no column has a text; say what is coded and no more."
    yield f"summary = {{ template = {literal(words + '.')} }}"


def _time(plan: Plan) -> Iterator[str]:
    if (time := plan.column("time")) and time.share("clock") == 1:
        yield f"time = {quoted(time.name)} # {plan.remark('time')}"


def _date(plan: Plan) -> Iterator[str]:
    yield "[incident.date]"
    start, end = plan.column("start"), plan.column("end")
    if start is None:
        yield from _calendar(plan)
        yield ""
        return
    columns = [start, *([end] if end else [])]
    yield f"# {plan.remark('start')}"
    yield f"start = {quoted(start.name)}"
    if end:
        yield from _end(plan, start, end)
    yield f"formats = {listing(_formats(columns))}"
    yield from _undated(start)
    if any(column.serials for column in columns):
        yield "# LOOK: numbers are read as spreadsheets count days, 45293 for 2024-01-02."
    if start.undated and not start.serials:
        yield f"# LOOK: not all are days, for example {quoted(start.undated[0])}; the trial tells their lines."
    for column in columns:
        if (mixed := mixed_orders(column)) is not None:
            yield f"# LOOK: MIXED. {in_comment(column.name)}: {mixed}"
    if rivals := sorted({form for column in columns if column.type == "date" for form in column.formats.rivals}):
        yield f"# LOOK: AMBIGUOUS. Every day could as well be {listing(rivals)}: ask whoever made the file."
    yield from proposal_places.date_precision(plan)
    yield ""


def _calendar(plan: Plan) -> Iterator[str]:
    if plan.column("year") is None:
        yield 'start = "NAME OF THE COLUMN" # LOOK: no column was found that holds days'
        return
    yield from _undated(plan.roles["year"].column)
    for part in PARTS:
        if column := plan.column(part):
            missing = listing(["0", *SUSPECT[:2]])
            yield f"{part} = {{ column = {quoted(column.name)}, missing = {missing} }} # {plan.remark(part)}"


def _undated(column: ColumnFacts) -> Iterator[str]:
    if without := column.empty + sum(column.markers.values()):
        yield f'# LOOK: {without:,} rows have no date; "refuse" lists them. Of merged cells only the first has a value.'
        yield 'missing = "unknown"'


def _end(plan: Plan, start: ColumnFacts, end: ColumnFacts) -> Iterator[str]:
    if end.filled < start.filled:
        columns = listing([end.name, start.name])
        yield f"end = {{ columns = {columns} }} # LOOK: without an end it is over on the day it starts"
    else:
        yield f"end = {quoted(end.name)} # {plan.remark('end')}"


def _formats(columns: list[ColumnFacts]) -> list[str]:
    formats = [form for column in columns for form in column.formats.fitting]
    # What is said with a time of day or in words comes after what is said in digits: the first that fits counts.
    formats += [WORDS for column in columns if column.worded] + [EXCEL for column in columns if column.serials]
    return list(dict.fromkeys(formats)) or [WORDS]


def mixed_orders(column: ColumnFacts) -> str | None:
    """Return what to say of a column in which days come first in some cells and months in others."""
    if column.type == "date" or not column.dated:
        return None
    left = column.formats.left
    if column.dated < column.filled or not left:
        return None
    kept = listing(sorted(column.formats.fitting))
    return f"some are {kept}, others can only be {listing(left)}; the trial tells their lines."


def _figures(plan: Plan) -> Iterator[str]:
    for figure in ("killed", "injured"):
        named = [(bound, role) for bound, role in _bounds(figure) if plan.column(role)]
        if not named:
            continue
        yield f"[incident.{figure}]"
        for bound, role in named:
            column = plan.roles[role].column
            yield f"{bound} = {_figure(column)} # {plan.remark(role)}"
            if none := [text for text, _ in column.doubtful]:
                meant = in_comment(", ".join(none))
                yield f"# LOOK: does {meant} mean nobody? Then add zero = {listing(map(str.casefold, none))}"
        if figure in plan.sums:
            yield 'rows = "sum" # LOOK: the figures of the rows of an incident are added up'
        if plan.keeps_figures:
            yield 'out_of_order = "keep" # LOOK: in some rows the low one is above the high one'
        yield ""
    if plan.gathers and not plan.column("killed"):
        yield '# LOOK: if each row is a person who was killed, add [incident.killed] with best = { constant = "1" }'
        yield '# and rows = "sum"; conditions can tell the killed from others: docs/loading.md.'
        yield ""


def _bounds(figure: str) -> list[tuple[str, str]]:
    return [("low", f"{figure}_low"), ("best", figure), ("high", f"{figure}_high")]


def _figure(column: ColumnFacts) -> str:
    doubtful = [text for text, _ in column.suspects if text in SUSPECT]
    doubtful += [text for text in column.values if text.casefold() in NOTHING]
    if not doubtful:
        return quoted(column.name)
    return f"{{ column = {quoted(column.name)}, missing = {listing(doubtful)} }}"
