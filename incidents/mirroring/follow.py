"""Copies what the origin published since, until there is nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from django.db import transaction

from incidents.ledger.bulk import in_bulk
from incidents.ledger.commit import mirrored_from
from incidents.ledger.models import Head
from incidents.mirroring.errors import MirrorError, RefusedError
from incidents.mirroring.origin import Origin, Query
from incidents.mirroring.proof import differs_in_last, differs_somewhere
from incidents.mirroring.replay import Replay
from incidents.mirroring.staging import Staged, Staging

TOGETHER = 1000
"""Changes of small publications that one transaction takes; each costs the database as much as a hundred changes."""

BEHIND = "since"


class Reached(Protocol):
    """A step of which it is told how far it is."""

    def reach(self, done: int) -> None:
        """Say how much of the total is done."""


Progress = Callable[[str, int], Reached]
"""Begins a step of so many changes; the one before has ended."""


class Mirror:
    """The ledger of this server as a copy of another's."""

    def __init__(self, origin: Origin, folder: Path, using: str, progress: Progress) -> None:
        self._origin, self._using, self._progress = origin, using, progress
        self._file = folder / f"mirror-{blake2b(origin.url.encode(), digest_size=6).hexdigest()}.sqlite3"
        self.written = 0
        """Changes that were copied."""

    @property
    def head(self) -> int:
        """Return the last publication that the ledger has."""
        return Head.objects.using(self._using).get(id=1).seq

    def require_mirror(self) -> None:
        """Raise MirrorError if the ledger holds what did not come from the origin."""
        head = self.head
        if not head:
            return
        known_as = mirrored_from(head, self._using)
        if known_as is None:
            raise MirrorError(
                f"This server has published records of its own (up to publication {head}), so it cannot become a "
                "mirror. Let DATABASE_URL name a new database."
            )
        if known_as != self._origin.url:
            if differs_somewhere(self._origin, head, self._using) is not None:
                raise MirrorError(f"This server is a mirror of {known_as}, and {self._origin.url} is not the same.")
        elif differs_in_last(self._origin, head, self._using):
            raise MirrorError(
                f"Publication {head} is not what {self._origin.url} has under this number. Its history is another one, "
                "perhaps since it was restored from a backup: begin with a new database, or compare with --check."
            )

    def catch_up(self) -> int:
        """Copy until there is nothing more; returns the last publication. Raises MirrorError."""
        with closing(Staging(self._file)) as staging:
            staging.begin_after(self.head)
            self._write(staging)
            more = True
            while more:
                more = self._fetch(staging)
                self._write(staging)
        return self.head

    def _fetch(self, staging: Staging) -> bool:
        """Fetch what follows, and tell whether there is more after it."""
        query = staging.query() or {BEHIND: str(self.head)}
        try:
            part = self._origin.changes(query)
        except RefusedError as refused:
            part = self._origin.changes(self._again(staging, query, refused))
        if part.said["results"]:
            staging.keep(part)
        if begun := staging.begun():
            total = sum(sum(counts.values()) - counts.get("unchanged", 0) for counts in begun.told["counts"].values())
            self._progress(f"fetching publication {begun.told['seq']}", total).reach(begun.count)
        return part.next is not None

    def _again(self, staging: Staging, query: Query, refused: RefusedError) -> Query:
        """Return what to ask instead of what was refused: a cursor may be of a key that the origin has no more."""
        if BEHIND in refused.parameters:
            raise MirrorError(
                f"{refused} This mirror has publication {self.head} already: has the origin been restored?"
            )
        if "cursor" not in query:
            raise refused
        staging.clear()
        return {BEHIND: str(self.head)}

    def _write(self, staging: Staging) -> None:
        """Put down the publications that are whole: many small ones in one transaction, each large one in its own."""
        whole = staging.whole()
        begin = 0
        while begin < len(whole):
            end, count = begin + 1, whole[begin].count
            while end < len(whole) and count + whole[end].count <= TOGETHER:
                count += whole[end].count
                end += 1
            self._put_down(staging, whole[begin:end], count)
            begin = end

    def _put_down(self, staging: Staging, publications: Sequence[Staged], count: int) -> None:
        progress = self._progress(f"writing publication {publications[-1].told['seq']}", count)
        before = 0
        with in_bulk(self._using) as bulk, transaction.atomic(using=self._using):
            bulk.written = count
            replay = Replay(self._origin.url, self._using)
            if replay.seq + 1 != publications[0].told["seq"]:
                raise MirrorError("Another mirror of this server is at work.")
            for staged in publications:
                for done in replay.publish(staged.told, staging.pieces(staged.told["seq"])):
                    progress.reach(before + done)
                before += staged.count
            replay.finish()
        staging.forget(publications[-1].told["seq"])
        self.written += count
