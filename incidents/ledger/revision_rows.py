"""What a publication writes of contents that are made ready: rows alone, so they can be made where no database is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from incidents.ledger import shapes
from incidents.ledger.content import Prepared
from incidents.ledger.entries import Entering, entry_sheets
from incidents.ledger.models import Revision
from incidents.ledger.store import Sheet, sheet


class Numbers(NamedTuple):
    """What new records of a publication get besides their contents.

    `moment` is when it is published, as rows for the `vendor`'s database hold it; `revision` and `entry` are the last
    ones before theirs.
    """

    seq: int
    moment: str
    vendor: str
    revision: int
    entry: int


def added(kind: str, prepared: Sequence[Prepared], numbers: Numbers) -> list[Sheet]:
    """Make the revisions and index entries of added records."""
    revisions: list[tuple[Any, ...]] = []
    entering: list[Entering] = []
    for number, each in enumerate(prepared, numbers.revision + 1):
        revisions.append(revision_row(number, kind, each, numbers.seq, numbers.moment))
        entering.append(Entering(each.id, each.found, number, numbers.seq))
    entries = entry_sheets(kind, entering, numbers.seq, numbers.entry, numbers.vendor)
    return [sheet(Revision, revisions), *entries]


def revision_row(
    key: int,
    kind: str,
    each: Prepared,
    seq: int,
    moment: str,
    changed: Sequence[str] | None = None,
    first: str | None = None,
) -> tuple[Any, ...]:
    """Row of a revision with a document; `changed` are the fields that differ from the previous one.

    `first` is the moment at which the record was first published, where that was another one.
    """
    change = "added" if changed is None else "changed"
    fields = ",".join(changed or ())
    said = (each.digest, moment, each.document, shapes.stored(shapes.latest()), None, first)
    return (key, kind, each.id, each.number, seq, None, change, "", "", fields, *said)


def tombstone_row(
    key: int,
    kind: str,
    record_id: str,
    number: int,
    seq: int,
    moment: str,
    ending: tuple[str, str, str],
    reduced: int | None = None,
) -> tuple[Any, ...]:
    """Row of a revision that ends a record; `ending` is the change, the reason, and the target of a merger.

    `reduced` is the publication, where a revision of the record follows in it.
    """
    # Born retired: no reader's interval holds it.
    return (key, kind, record_id, number, seq, seq, *ending, "", "", moment, "", None, reduced, None)
