"""Conditions of parameters: functions from a query and a value to a narrower query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import connection

from incidents import vocabulary
from incidents.ledger.models import FIRST_PUBLISHED, IncidentEntry
from incidents.query.entries import Driver, EntryQuery
from incidents.text_folding import facet, tag_token, word_facet

Meaning = Callable[[EntryQuery, Any], EntryQuery]


def among(column: str, index: str = "") -> Meaning:
    """Condition: the column has one of the values; `index` of live entries begins with it and goes on with the days."""

    def meaning(query: EntryQuery, values: list[str]) -> EntryQuery:
        # An equality keeps the order of an index that begins with the column.
        condition = f"{column} = %s" if len(values) == 1 else f"{column} IN ({placeholders(values)})"
        if index:
            return query.driven_by(Driver(index, condition, tuple(values), has_days=True))
        return query.where(condition, *values)

    return meaning


def with_ids(query: EntryQuery, values: list[str]) -> EntryQuery:
    """Keep the records with one of these ids."""
    if query.model is not IncidentEntry:  # other kinds are few
        return among("record_id")(query, values)
    driver = Driver("incident_one_live", f"record_id IN ({placeholders(values)})", tuple(values))
    return query.driven_by(driver).by_index("inc_by_record")


def not_among(column: str) -> Meaning:
    """Condition: the column has none of the values."""

    def meaning(query: EntryQuery, values: list[str]) -> EntryQuery:
        return query.where(f"{column} NOT IN ({placeholders(values)})", *values)

    return meaning


def placeholders(values: list[str]) -> str:
    """SQL placeholders (%s) for the values, separated by commas."""
    return ", ".join(["%s"] * len(values))


def compared(condition: str) -> Meaning:
    """A condition that uses the value once."""
    return lambda query, value: query.where(condition, value)


def tagged(name: str) -> Meaning:
    """Condition: the record has one of these facet values."""

    def meaning(query: EntryQuery, values: list[str]) -> EntryQuery:
        return query.with_any_token(*(facet(name, value) for value in values))

    return meaning


def tagged_with_words(name: str) -> Meaning:
    """Condition: the record has one of these free words in a facet."""
    return lambda query, values: query.with_any_token(*(word_facet(name, value) for value in values))


def having_tag(query: EntryQuery, values: list[str]) -> EntryQuery:
    """Keep the records with one of these free tags."""
    return query.with_any_token(*(tag_token(value) for value in values))


def holding_words(query: EntryQuery, tokens: list[str]) -> EntryQuery:
    """Keep the records that hold all of these words."""
    for token in tokens:
        query = query.with_any_token(token)
    return query


def published_from(query: EntryQuery, moment: int | datetime) -> EntryQuery:
    """Keep the records whose revision was published at this time or later, or after this publication."""
    return _by_publication(query, "inc_by_publication", "published >", moment)


def first_published_from(query: EntryQuery, moment: int | datetime) -> EntryQuery:
    """Keep the records that were first published at this time or later, or after this publication."""
    return _by_publication(query, "inc_by_first_publication", f"{FIRST_PUBLISHED} >", moment)


def first_published_until(query: EntryQuery, moment: int | datetime) -> EntryQuery:
    """Keep the records that were first published before this time, or by this publication."""
    return _by_publication(query, "inc_by_first_publication", f"{FIRST_PUBLISHED} <=", moment)


def _by_publication(query: EntryQuery, index: str, compared_with: str, moment: int | datetime) -> EntryQuery:
    """Compare with a publication: that of the number, or the last one before the time."""
    value: Any = moment
    condition = f"{compared_with} %s"
    if isinstance(moment, datetime):
        earlier = "SELECT max(seq) FROM ledger_publication WHERE published_at < %s"
        condition = f"{compared_with} coalesce(({earlier}), 0)"
        value = connection.ops.adapt_datetimefield_value(moment)
    if query.model is IncidentEntry:  # other kinds are few
        return query.perhaps_rare(index, condition, value)
    return query.where(condition, value)


def rare(index: str, condition: str) -> Meaning:
    """A condition that uses the value once, and may leave few matches if an index is used."""

    def meaning(query: EntryQuery, value: Any) -> EntryQuery:
        number = value.toordinal() if isinstance(value, date) else value
        return query.perhaps_rare(index, condition, number) if index else query.where(condition, number)

    return meaning


def true_or_false(column: str) -> Meaning:
    """Condition: the column is true, or false; null matches neither."""
    return lambda query, value: query.where(column if value == "true" else f"NOT {column}")


def at_least(column: str, of: vocabulary.Vocabulary) -> Meaning:
    """Condition: at least as precise as the value."""

    def meaning(query: EntryQuery, code: str) -> EntryQuery:
        return query.where(f"{column} <= %s", of.rank(code))

    return meaning
