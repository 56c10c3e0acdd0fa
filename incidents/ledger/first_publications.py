"""When records were first published: by their first revisions, whatever became of them since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from incidents.batches import batched
from incidents.ledger.models import Revision
from incidents.ledger.store import CHUNK


class First(NamedTuple):
    """The first publication of a record."""

    seq: int
    at: datetime

    def seq_if_earlier(self, published: int) -> int | None:
        """Number of the publication; None if it is that of the revision itself, as rows have it."""
        return None if self.seq == published else self.seq


Firsts = Mapping[str, First]


def first_publications(kind: str, ids: Collection[str]) -> dict[str, First]:
    """First publication of each of these records; those that have no revision are missing."""
    found: dict[str, First] = {}
    for some in batched(list(ids), CHUNK):
        rows = Revision.objects.of(kind, some).filter(number=1)
        found |= {name: First(seq, at) for name, seq, at in rows.values_list("record_id", "seq", "published_at")}
    return found
