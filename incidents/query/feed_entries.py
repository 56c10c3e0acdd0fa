"""What a feed tells, newest publication first: single records, and publications of too many to tell each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from incidents.ledger.content import changed_fields
from incidents.ledger.models import Revision
from incidents.query.entries import EntryQuery, Order, Position
from incidents.query.moment import Moment
from incidents.query.reader import Row, RowProbe, read_page

NEWEST = Order("published", descending=True)

MOST_OF_ONE = 50
"""Records of one publication that a feed tells one by one; of more it tells that there are so many."""
MOST_READS = 20
"""Reads for one page of a feed; it is shorter where nearly all publications are large."""

Document = dict[str, Any]


class Single(NamedTuple):
    """One record: the publication of its revision, its document, and what this revision did."""

    seq: int
    document: Document
    is_new: bool
    changed: list[str]
    """Names of the fields that differ from the revision before; empty if that is not known."""


class Batch(NamedTuple):
    """More records of one publication than are told one by one."""

    seq: int


class FeedPage(NamedTuple):
    """Part of a feed, and the position at which it goes on; None at the end."""

    entries: list[Single | Batch]
    following: Position | None


def read_at_once(limit: int) -> int:
    """Return how many records are read at once for a page of so many entries."""
    return max(limit, MOST_OF_ONE) + 1


def read_feed(
    query: EntryQuery, moment: Moment, after: Position | None, limit: int, probe: RowProbe | None = None
) -> FeedPage:
    """Read up to `limit` entries after a position; `probe` is the one that `moment` was read with."""
    size = read_at_once(limit)
    found: list[Row | Batch] = []
    position = after
    for _ in range(MOST_READS):
        rows = read_page(query, NEWEST, moment, position, size, probe)
        groups = [list(group) for _, group in groupby(rows, key=lambda row: row[0])]
        is_last = len(rows) < size
        for at, group in enumerate(groups):
            if len(found) >= limit:
                break
            if len(group) > MOST_OF_ONE:
                found.append(Batch(group[0][0]))
                position = (group[0][0], "")  # before the first id, so behind all of this publication
            elif is_last or at + 1 < len(groups):
                taken = group[: limit - len(found)]
                found += taken
                position = (taken[-1][0], taken[-1][1])
            # Else it may go on: the next read begins with it.
        if is_last or len(found) >= limit:
            break
    else:
        is_last = False
    done = is_last and (not rows or position == _end(rows, found))
    return FeedPage(_told(found, moment), None if done or not found else position)


def _end(rows: list[Row], found: list[Row | Batch]) -> Position | None:
    """Position behind all rows, if the last of what was found is the last of them."""
    if not found or not rows:
        return None
    last = found[-1]
    if isinstance(last, Batch):
        return (last.seq, "") if rows[-1][0] == last.seq else None
    return (last[0], last[1]) if rows[-1][:2] == last[:2] else None


def _told(found: list[Row | Batch], moment: Moment) -> list[Single | Batch]:
    documents = {row[1]: orjson.loads(b"".join(row[2])) for row in found if not isinstance(row, Batch)}
    revisions = _revisions(documents.values(), moment)
    told: list[Single | Batch] = []
    for row in found:
        if isinstance(row, Batch):
            told.append(row)
            continue
        document = documents[row[1]]
        number = document["revision"]
        change, after = revisions.get((row[1], number), ("added", None))
        _, before = revisions.get((row[1], number - 1), ("", None))
        # Both as they are stored: what a page adds to a document is no change of it.
        changed = changed_fields(before, after) if change == "changed" and before and after else []
        told.append(Single(row[0], document, change != "changed", changed))
    return told


def _revisions(documents: Iterable[Document], moment: Moment) -> dict[tuple[str, int], tuple[str, Document | None]]:
    """Change and content of the revisions of these documents and of those before them, as they are public now."""
    numbers = {document["id"]: document["revision"] for document in documents}
    later = [record_id for record_id, number in numbers.items() if number > 1]
    if not later:
        return {}
    wanted = {number for record_id in later for number in (numbers[record_id], numbers[record_id] - 1)}
    rows = Revision.objects.filter(kind="incident", record_id__in=later, number__in=wanted, seq__lte=moment.at)
    return {(row.record_id, row.number): (row.change, row.content() if row.document else None) for row in rows}
