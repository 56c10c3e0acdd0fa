"""The nearest public value to one that no public record has, among a bounded number that any reader can list."""

from __future__ import annotations

import orjson

from incidents import world
from incidents.ledger.models import ENTRIES, DatasetEntry, IncidentEntry, LocationEntry
from incidents.query.entries import EntryQuery, Order, database, entries
from incidents.query.moment import Moment
from incidents.query.reader import documents_of, read_page
from incidents.text_folding import tag_token
from incidents_api.parameters.errors import nearest

MOST_COMPARED = 10_000
"""Values that one is compared with."""
MOST_DOCUMENTS = 200
"""Incidents whose tags one is compared with."""
LEAST_PREFIX = 3
MOST_AFTER = 3
"""Letters of a value that may differ from a near one where those that begin otherwise are too many."""


def near(kind: str, parameter: str, level: str, text: str, moment: Moment) -> str | None:
    """Return the nearest value that a record had at a moment; None if none is near."""
    if level:
        return _near_place(kind, level, text, moment)
    match parameter:
        case "id" | "exclude_id":
            return nearest(text, _ids(kind, text, moment))
        case "dataset" | "source" | "actor":
            return nearest(text, _ids(parameter, text, moment))
        case "parent":
            return nearest(text, _ids("location", text, moment))
        case "tag":
            return nearest(text, _tags(text, moment))
        case "licence":
            return nearest(text, _column(entries(DatasetEntry), "licence", moment))
    return None


def _near_place(kind: str, level: str, text: str, moment: Moment) -> str | None:
    if world.country_of(text) or world.region_of_code(text):
        return None  # it means what it says, and another place is no nearer
    if kind not in ("incident", "location"):
        return None
    if level != "location":
        return nearest(text, _column(entries(LocationEntry).where("kind = %s", level), "name", moment))
    is_small = _is_small("location", moment)
    query = entries(LocationEntry)
    names = _column(query if is_small else _beginning(query, "name", text), "name", moment)
    return nearest(text, [*_ids("location", text, moment), *names])


def _is_small(kind: str, moment: Moment) -> bool:
    total = moment.total(kind)
    return total is not None and total <= MOST_COMPARED


def _ids(kind: str, text: str, moment: Moment) -> list[str]:
    """Ids of records of a kind; of a kind with many records those that begin like the text."""
    query = entries(ENTRIES[kind])
    return _column(query if _is_small(kind, moment) else _beginning(query, "record_id", text), "record_id", moment)


def _beginning(query: EntryQuery, column: str, text: str) -> EntryQuery:
    prefix = text[: max(LEAST_PREFIX, len(text) - MOST_AFTER)]
    return query.where(f"{column} >= %s AND {column} < %s", prefix, f"{prefix}\U0010ffff")


def _column(query: EntryQuery, column: str, moment: Moment) -> list[str]:
    query = query.valid_at(moment.at)
    with database().cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {column} FROM {query.table} WHERE {query.sql()} ORDER BY {column} LIMIT {MOST_COMPARED}",  # noqa: S608 - names of ours
            query.params,
        )
        return [text for (text,) in cursor.fetchall() if text]


def _tags(text: str, moment: Moment) -> list[str]:
    """Tags of the latest incidents with one that begins like the text."""
    token = tag_token(text)
    bare = len(tag_token(""))
    if len(token) < bare + LEAST_PREFIX:
        return []
    prefix = token[: max(bare + LEAST_PREFIX, len(token) - MOST_AFTER)]
    query = entries(IncidentEntry).with_any_token(f"{prefix}*")
    rows = read_page(query, Order("day_from", descending=True), moment, None, MOST_DOCUMENTS)
    documents = [orjson.loads(document) for document in documents_of(rows)]
    tags = dict.fromkeys(tag for each in documents for tag in each["tags"])
    return sorted(tag for tag in tags if tag_token(tag).startswith(prefix))
