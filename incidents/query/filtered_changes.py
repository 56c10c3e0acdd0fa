"""What publications changed in the matches of a query of incidents, so that a copy of the matches can be kept.

Every publication is compared with the one before: an incident entered the query, changed within it, left it, or ended.
That follows from the entries, which are valid from one publication to another, so it also holds where an incident is
found otherwise without a new revision, as after a new name of a region.

A redaction or a reduction empties or replaces earlier entries, and the copies that were made before are not known. So
for these every copy is answered: the incident ends, leaves or is sent, whether or not it matched. The same holds for
the incidents at a place whose history a reduction replaced. Nothing here tells what the removed content matched.

Revisions and entries are read in order, a bounded number for a page, however few of them match.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from incidents.ledger import shapes
from incidents.ledger.models import LIVING, Publication, Revision
from incidents.ledger.store import words_table
from incidents.query.effect_reader import EffectReader
from incidents.query.effects import ENDED, Effect, Position
from incidents.query.entries import EntryQuery, database, fetch, shown_sql
from incidents.query.moment import Moment
from incidents.query.shown import with_codes, with_first_published

MOST_READ = 10_000
"""Revisions and entries that are compared for one page; about 0.1 s."""

MOST_READ_FOR_WORDS = 2000
"""The same on SQLite where words are asked for, which it looks up for each entry."""

FIRST_STEP = 250


class Told(NamedTuple):
    """An effect with the revision or the tombstone that it shows."""

    effect: Effect
    number: int
    change: str
    fields: str
    reason: str
    target: str
    document: bytes
    """Empty for a tombstone."""
    redacted: bool


def read_effects(query: EntryQuery, after: Position, until: int, limit: int) -> tuple[list[Effect], Position | None]:
    """Up to `limit` effects after a position, none later than the publication `until`; and where to go on.

    The position is None if there is nothing more. There may be more after few effects or none: a page reads a bounded
    number of revisions.
    """
    connection = database()
    reader = EffectReader(connection, _matching(query, connection), until)
    left = MOST_READ_FOR_WORDS if query.groups and connection.vendor == "sqlite" else MOST_READ
    found: dict[tuple[int, str], Effect] = {}
    at: Position | None = after
    step = max(FIRST_STEP, limit)
    while at is not None and left > 0 and len(found) <= limit:
        step = min(step, left)
        effects, at = reader.step(at, step)
        for each in effects:
            found.setdefault((each.position.seq, each.record_id), each)
        left, step = left - step, step * 4
    effects = list(found.values())
    if len(effects) > limit:
        return effects[:limit], effects[limit - 1].position
    return effects, at


def _matching(query: EntryQuery, connection: BaseDatabaseWrapper) -> EntryQuery:
    """The query as conditions on one entry."""
    query = query.matching_box().matching_days()
    if query.groups and connection.vendor == "sqlite":
        words = words_table(query.model)
        looked_up = f"{words}.rowid = {query.table}.key AND {words} MATCH %s"
        return query.where(f"EXISTS (SELECT 1 FROM {words} WHERE {looked_up})", query.terms().fts5())
    return query.matching_words(connection.vendor)


def told(effects: Sequence[Effect], moment: Moment) -> list[Told]:
    """The effects with their revisions as they are shown at a moment, or with the tombstones of what ended."""
    documents = _documents([each.revision for each in effects if each.revision is not None])
    tombstones = _tombstones([each for each in effects if each.revision is None])
    found = []
    for each in effects:
        if each.revision is None:
            _, number, change, reason, target = tombstones[each.position.seq, each.record_id]
            redacted = change == "redacted"
            found.append(Told(each, number, change, "", reason, target, b"", redacted))
            continue
        number, seq, change, fields, document = documents[each.revision]
        if not document:  # redacted since it was found
            found.append(Told(each._replace(effect=ENDED), number, "redacted", "", "", "", b"", redacted=True))
            continue
        is_new = seq == each.position.seq
        told_change, told_fields = (change, fields) if is_new else ("changed", "")
        found.append(Told(each, number, told_change, told_fields, "", "", document, redacted=False))
    documents_shown = with_codes("incident", [each.document for each in found], moment.at, moment.redacted)
    return [each._replace(document=document) for each, document in zip(found, documents_shown, strict=True)]


def _documents(ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    if not ids:
        return {}
    connection = database()
    rows = fetch(
        connection,
        "SELECT id, number, seq, change, CAST(fields AS varchar), "
        f"{shown_sql(connection)} FROM ledger_revision WHERE id IN ({', '.join(map(str, ids))})",
        [],
    )
    return {
        key: (*said, with_first_published(shapes.current("incident", shape, document), first))
        for key, *said, document, shape, first in rows
    }


def _tombstones(ended: Iterable[Effect]) -> dict[tuple[int, str], tuple[Any, ...]]:
    """The last revision of each record at its publication."""
    wanted: dict[str, list[int]] = {}
    for each in ended:
        wanted.setdefault(each.record_id, []).append(each.position.seq)
    rows = Revision.objects.of("incident", wanted).exclude(change__in=LIVING).order_by("number")
    found: dict[tuple[int, str], tuple[Any, ...]] = {}
    for record_id, *row in rows.values_list("record_id", "seq", "number", "change", "reason", "target"):
        for seq in wanted[record_id]:
            if row[0] <= seq:
                found[seq, record_id] = tuple(row)
    return found


def times(seqs: Iterable[int]) -> dict[int, Any]:
    """Time of each of these publications."""
    return dict(Publication.objects.filter(seq__in=set(seqs)).values_list("seq", "published_at"))
