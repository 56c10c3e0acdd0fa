"""What differs between two states of the ledger, from the revisions that were written between them.

A record is listed once, at its last revision between the two, which is the ledger's order. What was added and ended in
between is in neither state, and what was changed and changed back is the same in both: neither is listed. What has been
redacted since is in neither any more, and is listed as redacted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from incidents.ledger import shapes
from incidents.ledger.content import changed_fields
from incidents.ledger.models import KINDS
from incidents.query.entries import database, document_sql, fetch

DIFFERENCES = ("added", "changed", "withdrawn", "merged", "redacted")
COUNTED_UP_TO = 20_000
"""Maximum number of revisions between two states for an automatic count, which takes about 50 ms."""

Position = tuple[int, int]
"""Publication and id of a revision."""

LAST_ID = "SELECT id FROM ledger_revision WHERE seq <= %s ORDER BY seq DESC, id DESC LIMIT 1"
"""Ids follow the ledger's order, so the revisions between two publications are those between two ids."""

_TOMB = "last.change IN ('withdrawn', 'merged', 'redacted')"
_DIFFERENCE = (
    f"CASE WHEN {_TOMB} THEN last.change WHEN last.digest = '' THEN 'redacted' "
    "WHEN first.id IS NULL THEN 'added' ELSE 'changed' END"
)
_FROM = f"""
FROM ledger_revision AS last
LEFT JOIN ledger_revision AS first ON first.kind = last.kind AND first.record_id = last.record_id
    AND first.seq <= %s AND (first.retired IS NULL OR first.retired > %s)
WHERE last.id > coalesce(%s, ({LAST_ID}), 0) AND last.id <= coalesce(({LAST_ID}), 0) AND (
    ({_TOMB} AND first.id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM ledger_revision AS later WHERE later.kind = last.kind AND later.record_id = last.record_id
        AND later.number > last.number AND later.seq <= %s))
    OR (NOT {_TOMB} AND (last.retired IS NULL OR last.retired > %s)
        AND (first.id IS NULL OR first.digest <> last.digest OR last.digest = ''))
)"""
"""Scans the revisions between two ids and looks up the history of each record."""


@dataclass(frozen=True, slots=True)
class Span:
    """Two publications (the later one inclusive), and filters on the differences between them."""

    after: int
    upto: int
    kinds: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    dataset: str = ""

    def found(self, position: Position | None = None) -> tuple[str, list[Any]]:
        """FROM clause of the differences after a position, with its parameters."""
        beyond = position[1] if position else None
        sql = _FROM
        params: list[Any] = [self.after, self.after, beyond, self.after, self.upto, self.upto, self.upto]
        if self.kinds:
            sql += f" AND last.kind IN ({', '.join(['%s'] * len(self.kinds))})"
            params += self.kinds
        if self.changes:
            sql += f" AND {_DIFFERENCE} IN ({', '.join(['%s'] * len(self.changes))})"
            params += self.changes
        if self.dataset:
            # A redacted incident has no entry left that tells its dataset; it is listed rather than left out.
            sql += """ AND (last.kind <> 'incident' OR last.digest = '' AND last.change NOT IN ('withdrawn', 'merged')
                OR EXISTS (SELECT 1 FROM ledger_incidententry AS entry
                    WHERE entry.record_id = last.record_id AND entry.dataset = %s))
                AND (last.kind <> 'dataset' OR last.record_id = %s)"""
            params += [self.dataset, self.dataset]
        return sql, params


@dataclass(frozen=True, slots=True)
class Difference:
    """How one record differs between two states."""

    position: Position
    """Position of the last revision; differences are sorted by it."""
    kind: str
    record_id: str
    change: str
    before: int | None
    """The number of the revision that was public in the earlier state."""
    after: int | None
    fields: list[str]
    """Top-level names that a change changed."""
    reason: str
    target: str


def differences(span: Span, position: Position | None, limit: int) -> list[Difference]:
    """Up to `limit` differences whose last revision comes after a position."""
    connection = database()
    sql, params = span.found(position)
    documents = ", ".join(
        f"CASE WHEN {_TOMB} THEN NULL ELSE {column} END"
        for name in ("last", "first")
        for column in document_sql(connection, name).split(", ")
    )
    rows = fetch(
        connection,
        f"SELECT last.id, last.kind, last.record_id, {_DIFFERENCE}, last.seq, first.number, last.number, "
        f"CAST(last.reason AS varchar(2000)), last.target, {documents} {sql} "
        f"ORDER BY last.id LIMIT {limit}",
        params,
    )
    return [_difference(*row) for row in rows]


def _difference(
    key: int,
    kind: str,
    record_id: str,
    change: str,
    seq: int,
    before: int | None,
    after: int,
    reason: str,
    target: str,
    later: bytes | None,
    later_shape: int | None,
    earlier: bytes | None,
    earlier_shape: int | None,
) -> Difference:
    fields = (
        changed_fields(shapes.parsed(kind, earlier_shape, earlier), shapes.parsed(kind, later_shape, later))
        if change == "changed" and earlier and later
        else []
    )
    stays = change in ("added", "changed")
    told = before if change != "redacted" else None
    return Difference((seq, key), kind, record_id, change, told, after if stays else None, fields, reason, target)


def counts(span: Span) -> dict[str, dict[str, int]]:
    """Kind → difference → number of records, including zeros."""
    sql, params = span.found()
    found = {kind: dict.fromkeys(DIFFERENCES, 0) for kind in span.kinds or KINDS}
    with database().cursor() as cursor:
        cursor.execute(f"SELECT last.kind, {_DIFFERENCE}, count(*) {sql} GROUP BY 1, 2", params)
        for kind, change, number in cursor.fetchall():
            found[kind][change] = number
    return found


def revisions_between(span: Span) -> int:
    """Number of revisions between the two, computed from ids, including those taken back by their publication."""
    with database().cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(({LAST_ID}), 0) - coalesce(({LAST_ID}), 0)",
            [span.upto, span.after],
        )
        ((number,),) = cursor.fetchall()
    return int(number)


def total(counted: dict[str, dict[str, int]], changes: Sequence[str] = ()) -> int:
    """Sum of the counts, of some differences or of all."""
    return sum(number for each in counted.values() for change, number in each.items() if change in (changes or each))
