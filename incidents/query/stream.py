"""All matches of a query at one moment, in the order of the list, in constant memory.

The matches are read in steps that grow: first references (order, id, revision), then the documents of some of them at a
time. Each step is a statement of its own that begins where the last one ended, so no transaction and no snapshot stays
open however slowly a reader takes what comes, and a publication in between changes nothing: steps are as of the
moment, and revisions are never written again. Only a redaction can take a document away, and then the stream fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from incidents.batches import batched
from incidents.ledger import shapes
from incidents.query.entries import EntryQuery, Order, Position, database, fetch, shown_sql
from incidents.query.moment import Moment
from incidents.query.reader import Reference, RowProbe, read_references
from incidents.query.shown import with_codes, with_first_published

FIRST_STEP = 500
LAST_STEP = 32_000
"""References read at once; 10 MB. Fewer would let PostgreSQL sort the matches of a frequent word over and over."""
GROWTH = 4
AT_ONCE = 500
"""Documents read at once."""


class CutError(RuntimeError):
    """The rest of a stream cannot be sent as announced."""


@dataclass
class Stream:
    """The matches of a query at a moment."""

    query: EntryQuery
    order: Order
    moment: Moment
    probe: RowProbe | None = None
    shape: int | None = None
    """The format of the documents; None: the latest."""
    has_codes: bool = True
    """Documents of places and incidents have the codes of their regions."""
    has_first_published: bool = True
    """Documents have the time at which their records were first published."""

    def __post_init__(self) -> None:
        self._first = self._step(None, FIRST_STEP)

    def count(self, counted: Callable[[], int]) -> int:
        """Number of matches; calls `counted` if there are more than one batch."""
        self.total = len(self._first) if len(self._first) < FIRST_STEP else counted()
        return self.total

    def documents(self) -> Iterator[list[bytes]]:
        """Yield all documents, some at a time; raises CutError where they are not as many as were counted."""
        sent = 0
        for references in self._steps():
            for batch in batched(references, AT_ONCE):
                some = self._read(batch)
                sent += len(some)
                self._release()
                yield some
        if sent != self.total:
            raise CutError(f"{sent} records were read, but {self.total} were counted.")

    def _steps(self) -> Iterator[list[Reference]]:
        limit, step = FIRST_STEP, self._first
        while step:
            yield step
            if len(step) < limit:
                return
            after = step[-1][:2]
            limit = min(limit * GROWTH, LAST_STEP)
            step = self._step(after, limit)

    def _step(self, after: Position | None, limit: int) -> list[Reference]:
        return read_references(self.query, self.order, self.moment, after, limit, self.probe)

    def _read(self, references: Sequence[Reference]) -> list[bytes]:
        connection = database()
        ids = [reference[2] for reference in references]
        if connection.vendor == "sqlite":
            among, params = f"IN ({', '.join(map(str, ids))})", []
        else:
            among, params = "= ANY(%s)", [ids]
        rows = fetch(
            connection,
            f"SELECT id, {shown_sql(connection)} FROM ledger_revision WHERE id {among}",  # noqa: S608 - ids are ours
            params,
            prepared=connection.vendor == "postgresql",
        )
        kind = self.query.kind
        target = self.shape or shapes.latest()
        found = {key: shapes.rewritten(kind, shape, document, target) for key, document, shape, _ in rows}
        if self.has_first_published:
            found = {key: with_first_published(found[key], first) for key, *_, first in rows}
        documents = [found[each] for each in ids]
        if not all(documents):
            raise CutError("A record was redacted during the download.")
        if not self.has_codes:
            return documents
        return list(with_codes(kind, documents, self.moment.at, self.moment.redacted))

    def _release(self) -> None:
        """Give a pooled connection back while the reader takes what it has got."""
        connection = database()
        if getattr(connection, "pool", None) and not connection.in_atomic_block:
            connection.close()
