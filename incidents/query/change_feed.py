"""The change feed: every revision of every kind, by publication and, within one, in order of writing.

Changes are only ever appended. Only a redaction affects earlier changes, and is reported as a change of its own; so is
a reduction, as a redaction with a new revision of the record after it (`incidents.ledger.reduction`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import orjson

from incidents.ledger.content import stamp
from incidents.ledger.models import Publication
from incidents.ledger.store import CHUNK
from incidents.query.entries import database, document_sql, fetch

LAST = 2**63 - 1
"""Beyond the id of every revision."""

COLUMNS = (
    "seq, id, kind, record_id, number, change, CAST(reason AS varchar), target, CAST(fields AS varchar), published_at, "
    "reduced"
)
"""Those of the type text are fetched as bytes, which only the document is wanted as."""

WITHIN = "WHERE seq = %s AND id > %s ORDER BY id LIMIT %s"
BEYOND = "WHERE seq > %s AND seq <= %s ORDER BY seq, id LIMIT %s"
"""Two scans of the index revision_in_order, each from where it begins. For `(seq, id) > (…)` SQLite would begin at the
first change of the publication for each page of it."""

DIGEST_BYTES = 32


class Position(NamedTuple):
    """A position in the feed: after this revision of this publication."""

    seq: int
    revision: int


class Change(NamedTuple):
    """One revision, as its row holds it, with the document as bytes."""

    seq: int
    id: int
    kind: str
    record_id: str
    number: int
    change: str
    reason: str
    target: str
    fields: str
    published_at: datetime | str
    reduced: int | None
    """The publication whose reduction replaced its content."""
    document: bytes
    """As it is stored."""
    shape: int | None

    @property
    def position(self) -> Position:
        """Position right after this change."""
        return Position(self.seq, self.id)

    @property
    def sent(self) -> bytes:
        """Document to send: none where a reduction replaced it, as after the redaction that others take it for."""
        return b"" if self.reduced is not None else bytes(self.document)


@dataclass(frozen=True, slots=True)
class Block:
    """A checksum with its number of changes, its end, and whether there are more."""

    count: int
    end: Position
    checksum: str
    more: bool


def behind(seq: int) -> Position:
    """Position after the last change of a publication."""
    return Position(seq, LAST)


def read_changes(after: Position, until: int, limit: int) -> list[Change]:
    """Up to `limit` changes after a position, none later than the publication `until`."""
    found: list[Change] = []
    if after.revision != LAST and after.seq <= until:
        found = _read(WITHIN, [*after, limit])
    if len(found) < limit:
        found += _read(BEYOND, [after.seq, until, limit - len(found)])
    return found


def _read(where: str, params: list[int]) -> list[Change]:
    connection = database()
    columns = f"{COLUMNS}, {document_sql(connection)}"
    sql = f"SELECT {columns} FROM ledger_revision {where}"  # noqa: S608 - names of ours
    return [Change(*row) for row in fetch(connection, sql, params, prepared=True)]


def read_publications(seqs: Iterable[int]) -> dict[int, bytes]:
    """Public data of these publications as JSON with sorted names, without their authors."""
    wanted = sorted(set(seqs))
    if not wanted:
        return {}
    rows = (
        Publication.objects.filter(seq__in=wanted)
        .order_by("seq")
        .values_list("seq", "published_at", "message", "counts", "totals")
    )
    return {
        seq: orjson.dumps(
            {
                "seq": seq,
                "published": _stamped(published_at),
                "message": message,
                "counts": counts,
                "totals": totals,
            },
            option=orjson.OPT_SORT_KEYS,  # jsonb has an order of its own
        )
        for seq, published_at, message, counts, totals in rows
    }


def told(change: Change, *, with_shape: bool = True) -> bytes:
    """A change as JSON bytes with its stored document and format; checksums are made of it.

    The first shape is not named; `with_shape=False` names none, as version 0.1.0 did.
    """
    document = change.sent
    said = {
        "seq": change.seq,
        "published": _stamped(change.published_at),
        "kind": change.kind,
        "id": change.record_id,
        "revision": change.number,
        "change": change.change,
        "changed_fields": change.fields.split(",") if change.fields else [],
        "reason": change.reason or None,
        "target": change.target or None,
        "redacted": not document and change.change not in ("withdrawn", "merged"),
    }
    if with_shape and document and change.shape is not None:
        said["shape"] = change.shape
    return orjson.dumps(said)[:-1] + b',"document":' + (document or b"null") + b"}"


def reductions(changes: Iterable[Change]) -> bytes:
    """The changes that belong to a reduction, as JSON bytes; they are no part of the checksum.

    Those of earlier revisions name the publication that replaced their content, its tombstone names its own.
    """
    found = [
        {"kind": each.kind, "id": each.record_id, "revision": each.number, "publication": each.reduced}
        for each in changes
        if each.reduced is not None
    ]
    return orjson.dumps(found)


def checksum(after: Position, until: int, limit: int, *, with_shapes: bool = True) -> Block:
    """Checksum of up to `limit` changes after a position, and of the publications that start there.

    BLAKE2b, 256 bits, of lines that each end in a line feed: what is told of a publication, then each of its changes.
    `with_shapes=False` gives the checksum that a mirror of version 0.1.0 computes, which does not store shapes.
    """
    hashed = blake2b(digest_size=DIGEST_BYTES)
    count, at = 0, after
    while count < limit and (changes := read_changes(at, until, min(CHUNK, limit - count))):
        for line in _lines(at.seq, changes, with_shapes=with_shapes):
            hashed.update(line)
            hashed.update(b"\n")
        count, at = count + len(changes), changes[-1].position
    more = count == limit and bool(read_changes(at, until, 1))
    return Block(count, at, hashed.hexdigest(), more)


def _lines(seq: int, changes: Sequence[Change], *, with_shapes: bool) -> Iterator[bytes]:
    publications = read_publications(change.seq for change in changes)
    for change in changes:
        if change.seq != seq:
            seq = change.seq
            yield publications[seq]
        yield told(change, with_shape=with_shapes)


def _stamped(at: datetime | str) -> str:
    """A time as in documents; SQLite returns it as text."""
    return stamp(datetime.fromisoformat(at) if isinstance(at, str) else at)
