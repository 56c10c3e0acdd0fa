"""Single records: what is public of one id at a moment, and all that ever was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.ledger import shapes
from incidents.ledger.content import changed_fields, stamp
from incidents.ledger.models import Revision
from incidents.query.entries import database, fetch, shown_sql
from incidents.query.moment import Moment
from incidents.query.shown import shown

TEXTS = "CAST(reason AS varchar(2000)), target"
"""Short text columns; their type keeps them as text while the document is read as bytes."""


@dataclass(frozen=True, slots=True)
class Found:
    """The latest revision of a record at a moment."""

    number: int
    seq: int
    change: str
    reason: str
    target: str
    published_at: datetime | str
    document: bytes

    @property
    def published(self) -> str:
        """Time as in documents; SQLite returns it as text."""
        at = self.published_at
        return stamp(datetime.fromisoformat(at) if isinstance(at, str) else at)


def find(kind: str, record_id: str, moment: Moment) -> Found | None:
    """Latest revision of a record as of a publication, also a tombstone; None if there was none yet."""
    connection = database()
    rows = fetch(  # by hand: Django takes longer to write this than to run it
        connection,
        f"SELECT number, seq, change, {TEXTS}, published_at, {shown_sql(connection)} FROM ledger_revision "
        "WHERE kind = %s AND record_id = %s AND seq <= %s ORDER BY number DESC LIMIT 1",
        [kind, record_id, moment.at],
        prepared=True,
    )
    return _found(kind, moment, *rows[0]) if rows else None


def find_now(kind: str, record_id: str) -> tuple[Moment, Found | None]:
    """Head and latest revision of a record in one statement, for requests without other parameters."""
    connection = database()
    latest = "SELECT id FROM ledger_revision WHERE kind = %s AND record_id = %s ORDER BY number DESC LIMIT 1"
    ((head, redacted, *found),) = fetch(
        connection,
        f"SELECT head.seq, head.redacted, number, revision.seq, change, {TEXTS}, revision.published_at, "
        f"{shown_sql(connection)} FROM ledger_head AS head LEFT JOIN ledger_revision AS revision "
        f"ON revision.id = ({latest}) WHERE head.id = 1",
        [kind, record_id],
        prepared=True,
    )
    moment = Moment(head, head, redacted, {}, pinned=False)
    return moment, _found(kind, moment, *found) if found[0] is not None else None


def _found(kind: str, moment: Moment, *row: Any) -> Found:
    number, seq, change, reason, target, published_at, document, shape, first = row
    current = shown(kind, shapes.current(kind, shape, document), first, moment.at, moment.redacted)
    return Found(number, seq, change, reason, target, published_at, current)


def history(kind: str, record_id: str, moment: Moment) -> list[dict[str, Any]]:
    """All revisions of a record up to a publication, oldest first, with the fields that changed."""
    rows = Revision.objects.filter(kind=kind, record_id=record_id, seq__lte=moment.at).order_by("number")
    told: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    for row in rows:
        document = row.content() if row.document else {}
        names = changed_fields(before, document) if row.change == "changed" and before and document else []
        told.append(
            {
                "revision": row.number,
                "as_of": row.seq,
                "published": stamp(row.published_at),
                "change": row.change,
                "reason": row.reason or None,
                "target": row.target or None,
                "redacted": not row.document and row.change not in ("withdrawn", "merged"),
                "reduced": row.reduced,
                "changes": [{"field": name, "before": before.get(name), "after": document.get(name)} for name in names],
                "url": None,
            }
        )
        before = document or before
    return told
