"""The parts of a proposal on what happened and who took part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from incidents.loading.inspection.column_statistics import KEPT, ColumnFacts
from incidents.loading.inspection.day_formats import CELLS
from incidents.loading.inspection.event_terms import LIKELY, UNKNOWN, UNSURE, EventTerm, codebook_of, term_of
from incidents.loading.inspection.plan import Plan
from incidents.loading.inspection.proposal_places import name_value
from incidents.loading.inspection.toml_text import in_comment, key, listing, literal, quoted
from incidents.loading.pipeline.locations import NAME_LENGTH
from incidents.loading.profiles.patterns import LONGEST
from incidents.vocabulary import EVENT_TYPES

NOT_TOLD = frozenset(CELLS["not_told"])


def events(plan: Plan) -> Iterator[str]:
    """Yield the event type and the sub-type, a line for each value of their columns."""
    yield f"# LOOK: ours are {', '.join(EVENT_TYPES)}."
    told = []
    for role in ("event_subtype", "event_type"):
        column = plan.column(role)
        if column is not None and column.many:
            yield f"# LOOK: {in_comment(column.name)} has more than {KEPT} different values; they are kept in extra."
        elif column is not None:
            told.append(_Told(role, column, _terms(column)))
    if not told:
        yield "[incident.event_type]"
        yield f'constant = "{UNKNOWN}"'
        yield ""
        return
    for each in told:
        # The finer column tells the type where it tells a sub-type of ours, which has that type; else the coarser one.
        yield from _rule(plan, each, only_finer=each is not told[-1])
    yield "[[incident.event_type]] # where nothing is said"
    yield f'constant = "{UNKNOWN}"'
    yield ""
    yield from _subtypes(next((each for each in told if each.finer), told[-1]))


class _Told(NamedTuple):
    role: str
    column: ColumnFacts
    terms: dict[str, EventTerm]

    @property
    def finer(self) -> dict[str, EventTerm]:
        """The values that stand for a sub-type of ours."""
        return {text: term for text, term in self.terms.items() if term.subtype}


def _rule(plan: Plan, told: _Told, *, only_finer: bool) -> Iterator[str]:
    terms, pattern = told.terms, "."
    if only_finer:
        whole = f"^({'|'.join(re.escape(text) for text in told.finer)})$"
        if not told.finer:
            return
        if len(whole) <= LONGEST:
            terms, pattern = told.finer, whole
    yield f"# {plan.remark(told.role)}"
    yield "[[incident.event_type]]"
    yield f"when = {{ {key(told.column.name)} = {literal(pattern)} }}"
    yield f"column = {quoted(told.column.name)}"
    yield "[incident.event_type.values]"
    for text, number in told.column.values.most_common():
        if text in terms:
            yield f"{key(text)} = {quoted(terms[text].event_type)} # {_remark(terms[text], number)}"


def _terms(column: ColumnFacts) -> dict[str, EventTerm]:
    """Return what the values stand for; numbers only under the name that a known codebook has for them."""
    book = codebook_of("event", column)
    if book is not None and book.is_named:
        return {text: term_of(code)._replace(sure=LIKELY) for text, code in book.codes.items()}
    return {text: term_of(text) for text in column.values}


def _remark(term: EventTerm, number: int) -> str:
    rows = f"{number:,} row" + "s" * (number > 1)
    if term.sure != UNSURE:
        return f"{term.sure}; {rows}"
    return f"LOOK: a guess; {rows}" if term.event_type != UNKNOWN else f"LOOK; {rows}"


def _subtypes(told: _Told) -> Iterator[str]:
    if not told.finer:
        return
    yield "[incident.event_subtype]"
    yield f"column = {quoted(told.column.name)}"
    yield 'otherwise = ""'
    yield "[incident.event_subtype.values]"
    for text, term in told.finer.items():
        yield f"{key(text)} = {quoted(term.subtype)} # {_remark(term, told.column.values[text])}"
    yield ""


def _named(column: ColumnFacts) -> str:
    """Return the value of the name of who took part: nobody where the text says that nobody knows."""
    unknown = [text for text in column.values if text.casefold() in NOT_TOLD]
    if not unknown or column.longest > NAME_LENGTH:
        return name_value(column)
    return f"{{ column = {quoted(column.name)}, missing = {listing(unknown)} }}"


def actors(plan: Plan, dataset: str) -> Iterator[str]:
    """Yield those who took part."""
    for role, part in (("actor", "alleged_perpetrator"), ("target", "target")):
        if (column := plan.column(role)) is None:
            continue
        template = f'{dataset}-actor-{{{plan.alias(column)}|"unnamed"}}'
        yield "[[incident.actors]] # LOOK: groups, never private persons"
        if column.separator:
            yield f"# LOOK: some cells list several, parted by {quoted(column.separator)}; each cell is taken for one."
        yield f"id = {literal(template)}"
        yield f"name = {_named(column)} # {plan.remark(role)}"
        yield 'kind = { constant = "unknown" } # LOOK: what they are'
        yield f'role = {{ constant = "{part}" }} # LOOK: sides of a fight are belligerent'
        yield 'certainty = { constant = "coded" }'
        yield ""
