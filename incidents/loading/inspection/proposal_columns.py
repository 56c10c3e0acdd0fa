"""The parts of a proposal that account for every column: how the file lies, what is left out, what is kept as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.evidence import NUMBERS
from incidents.loading.inspection.plan import Plan
from incidents.loading.inspection.toml_text import in_comment, key, listing, quoted
from incidents.loading.pipeline.locations import NAME_LENGTH
from incidents.text_checks import LONG_TEXT

KEPT_TOO = {"event_type", "event_subtype", "location_precision", "date_precision", "as_reported"}
NAMES = {"place", "country", "admin1", "admin2", "admin3", "actor", "target", "source"}
"""Roles of which the field holds less than the column: its text is published as well."""


def file_table(plan: Plan) -> Iterator[str]:
    """Yield [file]: how the rows lie in it, what says nothing, what is left out and why."""
    seen = plan.seen
    yield "[file]"
    encoding = seen.encoding.split(" ")[0]
    if seen.named_encoding:
        yield f"encoding = {quoted(seen.named_encoding)} # as asked for"
    elif encoding and not seen.encoding.startswith(("utf-8", "utf-16 ")):
        look = "LOOK: " if "a guess" in seen.encoding else ""
        yield f"encoding = {quoted(encoding)} # {look}{seen.encoding}"
    if seen.sheet:
        yield f"sheet = {quoted(seen.sheet)}"
    if seen.header_line:
        yield f"header_line = {seen.header_line}" + (" # LOOK: titles stand above it" if seen.titles else "")
    yield from _missing(plan)
    if any(column.type == "number with decimal comma" for column in seen.columns):
        yield 'decimal = ","'
    yield from _doubtful(plan)
    yield from _ignored(plan)
    yield from _skipped(plan)


def _missing(plan: Plan) -> Iterator[str]:
    columns = plan.seen.columns
    markers = sorted({marker for column in columns for marker in column.markers})
    if not markers:
        return
    codes = [column.name for column in columns if "NA" in column.markers and _is_two_letters(column)]
    namibia = f" # LOOK: NA may be a code in {in_comment(', '.join(codes))}, Namibia's for example" if codes else ""
    yield f"missing = {listing(markers)}{namibia}"
    for column in columns:
        if column.markers:
            yield f"# not told in {in_comment(column.name)}: {_counted(column.markers.most_common())}"


def _doubtful(plan: Plan) -> Iterator[str]:
    """Yield what may say that there were none as well as that nothing is known."""
    for column in plan.seen.columns:
        if column.doubtful and not column.says_yes:
            said = _counted(column.doubtful)
            yield f"# LOOK: {in_comment(column.name)} says {said}: not known, or none? Nothing is not 0."
        if column.suspects:
            yield f"# LOOK: {in_comment(column.name)} has {_counted(column.suspects)}: perhaps nothing is meant."


def _counted(pairs: list[tuple[str, int]]) -> str:
    return ", ".join(f"{in_comment(text)} ({number:,})" for text, number in pairs)


def _is_two_letters(column: ColumnFacts) -> bool:
    return bool(column.values) and all(len(text) == 2 and text.isupper() for text in column.values)


def _ignored(plan: Plan) -> Iterator[str]:
    """Yield the columns that are left out, each with the reason; those that cannot be named in a remark."""
    left = [(column, why) for column in plan.readable if (why := _why_left_out(plan, column))]
    if left:
        yield "ignored = ["
        for column, why in left:
            yield f"  {quoted(column.name)}, # {why}"
        yield "]"
    for number, column in enumerate(plan.seen.columns, 1):
        if not column.name and column.filled:
            yield f"# LOOK: column {number} has no name and is not loaded; give it one in the file."
    for name in dict.fromkeys(plan.seen.twice):
        if name:
            yield f"# LOOK: {in_comment(name)} is there twice and not loaded; give the columns names that differ."


def _why_left_out(plan: Plan, column: ColumnFacts) -> str:
    if why := plan.private.get(id(column)):
        return f"LOOK: not to be published, it points to a private person: {in_comment(why, 120)}"
    if why := plan.technical.get(id(column)):
        return f"of the form, not of the incident: {why}"
    if column.longest > LONG_TEXT and not any(each.column is column for each in plan.roles.values()):
        return f"LOOK: it has texts of {column.longest:,} characters; {LONG_TEXT:,} are the most that is published"
    return "" if column.filled else "empty in this file"


def _skipped(plan: Plan) -> Iterator[str]:
    for line, texts in plan.seen.footers:
        yield f"# LOOK: line {line} stands below the data and is no row."
        yield "[[file.skip]]"
        yield 'why = "lines below the data"'
        yield f"when = {{ {', '.join(f'{key(name)} = {quoted(_form(text))}' for name, text in texts.items())} }}"


def _form(text: str) -> str:
    return "^" + ("".join(char if char.isalnum() else "." for char in text[:FORM]) or "$")


FORM = 100
"""Characters of a line below the data by which it is known again."""


def kept(plan: Plan, document: Mapping[str, Any]) -> Iterator[str]:
    """Yield [incident.extra]: what the rest of the document does not take up, or not all of, under its own name."""
    names = set(_names_in(document["incident"]))
    used = {id(each) for each in plan.readable if each.name in names or plan.alias(each) in names}
    used -= {id(each.column) for role, each in plan.roles.items() if _holds_less(role, each.column)}
    left = [column for column in plan.readable if id(column) not in used and not _why_left_out(plan, column)]
    if not left:
        return
    yield "[incident.extra] # LOOK: what need not be published goes to [file] ignored"
    sorts: dict[str, list[ColumnFacts]] = {}
    for column in left:
        sort = "gathered" if column.name in plan.joined else sort_of(column)
        sorts.setdefault(sort, []).append(column)
    for sort, columns in sorts.items():
        yield f"{sort} = {listing(column.name for column in columns)}"


def _holds_less(role: str, column: ColumnFacts) -> bool:
    """Tell whether the field of a role may hold less than the column."""
    if role == "url":
        return column.share_of_links < 1
    return role in KEPT_TOO or (role in NAMES and column.longest > NAME_LENGTH)


def _names_in(value: Any) -> Iterator[str]:
    """Yield whatever may name a column in a part of a profile: texts, what templates insert, conditions."""
    if isinstance(value, str):
        yield value
        for field in re.findall(r"\{([^{}]*)\}", value):
            yield from field.split("|")
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield name
            yield from _names_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _names_in(each)


def sort_of(column: ColumnFacts) -> str:
    """Return how a column is kept: as text, integer or number; what says more than its value is a text."""
    if column.codes:
        return "text"
    if column.type == "integer":
        return "integer" if max(abs(column.low or 0), abs(column.high or 0)) < 2**31 else "text"
    thousands = column.type == "number with decimal comma" and all(
        len(text.rpartition(",")[2]) == 3 for text in column.values if "," in text
    )
    # 1,200 may be one thousand two hundred: the text says what the file says.
    return "number" if column.type in NUMBERS and not thousands else "text"
