"""Values of parameters that no public record has had, and the nearest that one has.

Only the ledger is read, up to the moment of the answer. What a draft, what is held back, and what a redaction or a
reduction removed is in none of its indexes, so a value that only such records have is like one that never was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from incidents import world
from incidents.batches import batched
from incidents.ledger.models import ENTRIES, Entry, IncidentEntry, LocationEntry
from incidents.ledger.search import Terms
from incidents.ledger.store import words_table
from incidents.query.entries import database
from incidents.query.filters.lists import LedgerFilterSet
from incidents.query.filters.places import CodedPlaces
from incidents.query.moment import Moment
from incidents.query.near_values import near
from incidents.query.places import is_id
from incidents.text_folding import called_token, code_token, facet, spelt_token, tag_token
from incidents_api.parameters.errors import LONGEST_ECHO

AT_ONCE = 50
"""Values that one statement looks for."""
MOST_SUGGESTED = 20
"""Unknown values of one answer that something is suggested for."""
MOST_ENTRIES = 10_000
"""Entries of a token that PostgreSQL looks at. With a bound as high as this it takes the index for a rare token."""

IDS: Mapping[str, str] = {"dataset": "dataset", "source": "source", "actor": "actor", "parent": "location"}
"""Parameters whose values are ids → the kind of record; `id` and `exclude_id` are of the kind of the list."""
COLUMNS = ("language", "licence")
"""Parameters whose values are in the column of their name."""
PLACES = ("location", "country", "admin1", "admin2")
OPEN = frozenset(("id", "exclude_id", *IDS, *PLACES, "tag", *COLUMNS))
"""Parameters that take any value of their form."""
FACETS: Mapping[str, str] = {"source": "s", "actor": "a"}
"""Parameters whose values are facets of incidents too, which may show a record that was published after them."""

Probe = tuple[str, list[Any]]
"""A condition in SQL, and its parameters."""


class UnknownValue(TypedDict):
    """A value that could exist and that no public record has had."""

    parameter: str
    value: str
    message: str
    suggestion: str | None


class Asked(NamedTuple):
    """A value of a parameter that takes any value of its form, in the list of a kind."""

    kind: str
    parameter: str
    value: str
    level: str
    """Of a place; else empty."""


def asked(filterset: LedgerFilterSet, *, found: bool) -> list[Asked]:
    """Return the values that may be unknown; `found`: records match, so they have what is the only value asked for."""
    return [
        Asked(filterset.record_kind, name, text, each.field.level if isinstance(each.field, CodedPlaces) else "")
        for name, each in filterset.found.items()
        if name in OPEN
        for text in _values(filterset.values[name], name, found=found)
    ]


def _values(values: Sequence[str], name: str, *, found: bool) -> Iterable[str]:
    return () if found and len(values) == 1 and name != "exclude_id" else dict.fromkeys(values)


def unknown(values: Sequence[Asked], moment: Moment) -> list[UnknownValue]:
    """Return a warning for each value that no record had that was public up to a moment."""
    missing = [
        each
        for some in batched(values, AT_ONCE)
        for each, is_known in zip(some, _are_known(some, moment.at), strict=True)
        if not is_known
    ]
    return [_warning(each, moment, suggests=at < MOST_SUGGESTED) for at, each in enumerate(missing)]


def _warning(each: Asked, moment: Moment, *, suggests: bool) -> UnknownValue:
    text = each.value
    return {
        "parameter": each.parameter,
        "value": text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…",
        "message": f"Up to publication {moment.at}, {_what(each)}.",
        "suggestion": near(each.kind, each.parameter, each.level, text, moment) if suggests else None,
    }


def _what(each: Asked) -> str:
    if each.level == "country" and _of_places(each.kind):
        return "no public place was in this country"
    if each.level and _of_places(each.kind):
        return "no public place had this id, code or name"
    kind = _kind_of_id(each)
    return f"no public {kind} had this id" if kind else f"no public {each.kind} had this {each.parameter}"


def _of_places(kind: str) -> bool:
    return kind in ("incident", "location")


def _kind_of_id(each: Asked) -> str | None:
    return each.kind if each.parameter in ("id", "exclude_id") else IDS.get(each.parameter)


def _are_known(values: Sequence[Asked], at: int) -> list[bool]:
    """Tell of each value whether a record had it up to a publication, in one statement."""
    probes = [list(_probes(each, at)) for each in values]
    columns = [f"CASE WHEN {' OR '.join(sql for sql, _ in each) or '1 = 0'} THEN 1 ELSE 0 END" for each in probes]
    with database().cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)}", [param for each in probes for _, given in each for param in given]
        )
        return [bool(told) for told in cursor.fetchone()]


def _probes(each: Asked, at: int) -> Iterator[Probe]:
    """Yield conditions of which one is true if a record had the value."""
    text = each.value
    if each.level:
        yield from _of_a_place(each, at)
    elif kind := _kind_of_id(each):
        yield _published(kind, text, at)
        if name := FACETS.get(each.parameter):
            yield _with_token(IncidentEntry, facet(name, text), at)
    elif each.parameter == "tag":
        yield _with_token(IncidentEntry, tag_token(text), at)
    else:
        yield _in_column(ENTRIES[each.kind], each.parameter, text, at)


def _of_a_place(each: Asked, at: int) -> Iterator[Probe]:
    text = each.value
    model = LocationEntry if _of_places(each.kind) else ENTRIES[each.kind]
    if each.level == "country":
        country = world.country_of(text)
        yield _in_column(model, "country", country.alpha3 if country else text.upper(), at)
    if model is not LocationEntry:
        return
    if is_id(public_id := text.lower()):
        yield _published("location", public_id, at)
        if each.level == "location":
            yield _with_token(IncidentEntry, facet("l", public_id), at)
    for token in {spelt_token(text), called_token(text), code_token(text)} - {""}:
        yield _with_token(LocationEntry, token, at)


def _published(kind: str, record_id: str, at: int) -> Probe:
    """A record has this id, and some of its content is public."""
    return (
        "EXISTS (SELECT 1 FROM ledger_revision WHERE kind = %s AND record_id = %s AND seq <= %s AND document <> '')",
        [kind, record_id, at],
    )


def _in_column(model: type[Entry], column: str, value: str, at: int) -> Probe:
    """An entry has this value in a column; of kinds that have few records."""
    return f"EXISTS (SELECT 1 FROM {model._meta.db_table} WHERE {column} = %s AND seq <= %s)", [value, at]  # noqa: S608 - names of ours


def _with_token(model: type[Entry], token: str, at: int) -> Probe:
    """An entry has this token in the word index."""
    table, terms = model._meta.db_table, Terms([[token]])
    if database().vendor == "sqlite":
        words = words_table(model)
        joined = f"{words} CROSS JOIN {table} ON {table}.key = {words}.rowid"
        return f"EXISTS (SELECT 1 FROM {joined} WHERE {words} MATCH %s AND seq <= %s)", [terms.fts5(), at]  # noqa: S608 - names of ours
    some = f"SELECT 1 FROM {table} WHERE words @@ %s::tsquery AND seq <= %s LIMIT {MOST_ENTRIES}"  # noqa: S608 - names of ours
    return f"(SELECT count(*) FROM ({some}) AS looked_at) > 0", [terms.tsquery(), at]  # noqa: S608 - names of ours
