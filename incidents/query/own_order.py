"""Lists in the order of a dataset's own field, from indexes: each dataset has one of its own incidents in that order.

A list of several datasets is merged from scans that each stop when they have filled the page. Incidents of datasets
that do not declare the field have no value, so they are in the order of their ids.
"""

from __future__ import annotations

from incidents.ledger.models import IncidentEntry
from incidents.query.entries import Order, Position, Segment, Statement, database, entries, fetch


def with_incidents(most: int) -> list[str]:
    """Ids of the datasets that have public incidents, by jumps through the index of datasets; at most `most` + 1."""
    connection, found = database(), [""]
    following = "SELECT CAST(min(dataset) AS varchar) FROM ledger_incidententry WHERE retired IS NULL AND dataset > %s"
    while len(found) <= most + 1:
        ((dataset,),) = fetch(connection, following, [found[-1]])
        if dataset is None:
            break
        found.append(dataset)
    return found[1:]


def segment_sql(segment: Segment, order: Order, after: Position | None, limit: int) -> Statement:
    """Statement of the first rows of a segment after a position."""
    query = entries(IncidentEntry).live().where(segment.condition)
    direction, sign = ("DESC", "<") if order.descending else ("ASC", ">")
    if after and segment.is_constant:  # no index has the constant, so it is compared for itself
        beyond = f"({segment.value} {sign} %s OR {segment.value} = %s AND record_id {sign} %s)"
        query = query.where(beyond, after[0], *after)
    elif after:
        query = query.where(f"({segment.value}, record_id) {sign} (%s, %s)", *after)
    by_value = "" if segment.is_constant else f"{segment.value} {direction}, "
    hint = f" INDEXED BY {segment.index}" if _can_name(segment.index) else ""
    sql = (
        f"SELECT {segment.value} AS value, record_id, revision_id FROM {query.table}{hint} "  # noqa: S608 - names of ours
        f"WHERE {query.sql()} ORDER BY {by_value}record_id {direction} LIMIT {limit}"
    )
    return sql, list(query.params)


def _can_name(index: str) -> bool:
    """Tell whether a statement can name an index: on SQLite, if it is there; PostgreSQL chooses by statistics."""
    connection = database()
    if connection.vendor != "sqlite":
        return False
    return bool(fetch(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = %s", [index]))
