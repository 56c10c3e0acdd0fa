"""The parts of a proposal on what happened and who took part."""

from __future__ import annotations

from collections.abc import Iterator

from incidents.loading.inspection.assignment import LIKELY, UNSURE
from incidents.loading.inspection.codebooks import codebook_of
from incidents.loading.inspection.column_statistics import KEPT, ColumnFacts
from incidents.loading.inspection.event_terms import UNKNOWN, EventTerm, term_of
from incidents.loading.inspection.plan import Plan
from incidents.loading.inspection.proposal_places import name_value
from incidents.loading.inspection.toml_text import in_comment, key, literal, quoted
from incidents.vocabulary import EVENT_TYPES

FINER = 0.9
"""Share of rows whose sub-type has to be known for it to tell the event type."""


def events(plan: Plan) -> Iterator[str]:
    """Yield the event type and the sub-type, a line for each value of the column."""
    column, role = _column(plan)
    yield f"# LOOK: ours are {', '.join(EVENT_TYPES)}."
    if column is None or column.many:
        if column is not None:
            yield f"# LOOK: {in_comment(column.name)} has more than {KEPT} different values; they are kept in extra."
        yield "[incident.event_type]"
        yield f'constant = "{UNKNOWN}"'
        yield ""
        return
    terms = _terms(column)
    yield f"# {plan.remark(role)}"
    yield "[[incident.event_type]]"
    yield f"when = {{ {key(column.name)} = '.' }}"
    yield f"column = {quoted(column.name)}"
    yield "[incident.event_type.values]"
    for text, number in column.values.most_common():
        yield f"{key(text)} = {quoted(terms[text].event_type)} # {_remark(terms[text], number)}"
    yield "[[incident.event_type]] # where nothing is said"
    yield f'constant = "{UNKNOWN}"'
    yield ""
    yield from _subtypes(column, terms)


def _terms(column: ColumnFacts) -> dict[str, EventTerm]:
    """Return what the values stand for; numbers only under the name that a known codebook has for them."""
    book = codebook_of("event", column)
    if book is not None and book.is_named:
        return {text: term_of(code)._replace(sure=LIKELY) for text, code in book.codes.items()}
    return {text: term_of(text) for text in column.values}


def _column(plan: Plan) -> tuple[ColumnFacts | None, str]:
    """Return the column that tells the event type: the finer one, if nearly all that it says is known."""
    finer = plan.column("event_subtype")
    if finer is not None and not finer.many:
        known = sum(number for text, number in finer.values.items() if term_of(text).event_type != UNKNOWN)
        if known >= FINER * finer.filled or plan.column("event_type") is None:
            return finer, "event_subtype"
    return plan.column("event_type"), "event_type"


def _remark(term: EventTerm, number: int) -> str:
    rows = f"{number:,} row" + "s" * (number > 1)
    if term.sure != UNSURE:
        return f"{term.sure}; {rows}"
    return f"LOOK: a guess; {rows}" if term.event_type != UNKNOWN else f"LOOK; {rows}"


def _subtypes(column: ColumnFacts, terms: dict[str, EventTerm]) -> Iterator[str]:
    finer = {text: term for text, term in terms.items() if term.subtype}
    if not finer:
        return
    yield "[incident.event_subtype]"
    yield f"column = {quoted(column.name)}"
    yield 'otherwise = ""'
    yield "[incident.event_subtype.values]"
    for text, term in finer.items():
        yield f"{key(text)} = {quoted(term.subtype)} # {_remark(term, column.values[text])}"
    yield ""


def actors(plan: Plan, dataset: str) -> Iterator[str]:
    """Yield those who took part."""
    for role, part in (("actor", "alleged_perpetrator"), ("target", "target")):
        if (column := plan.column(role)) is None:
            continue
        template = f'{dataset}-actor-{{{plan.alias(column)}|"unnamed"}}'
        yield "[[incident.actors]] # LOOK: groups, never private persons"
        yield f"id = {literal(template)}"
        yield f"name = {name_value(column)} # {plan.remark(role)}"
        yield 'kind = { constant = "unknown" } # LOOK: what they are'
        yield f'role = {{ constant = "{part}" }} # LOOK: sides of a fight are belligerent'
        yield 'certainty = { constant = "coded" }'
        yield ""
