"""Copies what the origin published since, until there is nothing more."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from django.db import DataError, IntegrityError, transaction

from incidents.ledger.bulk import in_bulk
from incidents.ledger.mirrored import mirrored_from
from incidents.ledger.models import Head
from incidents.mirroring.errors import MirrorError, RefusedError
from incidents.mirroring.origin import Origin, Part, Query
from incidents.mirroring.proof import differs_in_last, differs_somewhere
from incidents.mirroring.replay import Replay
from incidents.mirroring.staging import Staged, Staging
from incidents.mirroring.transport import plain

TOGETHER = 1000
"""Changes of small publications that one transaction takes; each costs the database as much as a hundred changes."""

BEHIND = "since"

STRANGE = (
    DataError,
    IntegrityError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What values raise that are well formed and still cannot be stored, such as a place that was never published."""


class Reached(Protocol):
    """Receives the position within a step."""

    def reach(self, done: int) -> None:
        """Say how much of the total is done."""


Progress = Callable[[str, int], Reached]
"""Starts a step with this number of changes; the previous step has ended."""


class Mirror:
    """The ledger of this server as a copy of another's."""

    def __init__(self, origin: Origin, folder: Path, progress: Progress) -> None:
        self._origin, self._progress = origin, progress
        self._file = folder / f"mirror-{blake2b(origin.url.encode(), digest_size=6).hexdigest()}.sqlite3"
        self.written = 0
        """Changes that were copied."""
        self._began_again: int | None = None

    @property
    def head(self) -> int:
        """Number of the last publication in the local ledger; 0 if it is empty."""
        return Head.objects.get(id=1).seq

    def require_mirror(self) -> None:
        """Raise MirrorError if the ledger holds what did not come from the origin."""
        head = self.head
        if not head:
            return
        known_as = mirrored_from(head)
        if known_as is None:
            raise MirrorError(
                f"This server has published records of its own (up to publication {head}), so it cannot become a "
                "mirror. Set DATABASE_URL to a new database."
            )
        if known_as != self._origin.url:
            if differs_somewhere(self._origin, head) is not None:
                raise MirrorError(f"This server is a mirror of {known_as}, and {self._origin.url} is not the same.")
        elif differs_in_last(self._origin, head):
            raise MirrorError(
                f"Publication {head} is not what {self._origin.url} has under this number. Its history differs, "
                "perhaps because it was restored from a backup. Start with a new database, or compare with --check."
            )

    def catch_up(self) -> int:
        """Copy until there is nothing more; returns the last publication. Raises MirrorError."""
        try:
            with closing(Staging(self._file)) as staging:
                staging.begin_after(self.head)
                self._write(staging)
                while self._fetch(staging):
                    self._write(staging)
                self._write(staging)
        except sqlite3.Error as error:
            raise MirrorError(f"{self._file} cannot be used: {error}.") from None
        return self.head

    def _fetch(self, staging: Staging) -> bool:
        """Fetch the next part; True if there is more after it."""
        query = staging.query() or {BEHIND: str(self.head)}
        try:
            part = self._origin.changes(query)
        except RefusedError as refused:
            part = self._origin.changes(self._again(staging, query, refused))
        self._refuse_unlike(part, staging.begun())
        if part.said["results"]:
            with self._telling(staging, "changes that cannot be stored"):
                staging.keep(part)
        if begun := staging.begun():
            self._progress(f"fetching publication {begun.told['seq']}", _changes_of(begun.told)).reach(begun.count)
        return part.next is not None

    def _refuse_unlike(self, part: Part, begun: Staged | None) -> None:
        """Raise MirrorError for a part of the feed that does not follow on what is here."""
        last = int(begun.told["seq"]) if begun else self.head
        if not part.said["results"]:
            if part.said["as_of"] != last:
                self._refuse(f"nothing after publication {last}, and says that {part.said['as_of']} is the latest")
            return
        first = part.said["publications"][0]["seq"]
        if first not in ((last, last + 1) if begun else (last + 1,)):
            self._refuse(f"publication {first} after {last}")
        counted = Counter(change["seq"] for change in part.said["results"])
        told = {publication["seq"]: publication for publication in part.said["publications"]}
        if begun and last in told:
            counted[last] += begun.count
            told[last] = begun.told
        for seq, number in counted.items():
            if number > _changes_of(told[seq]):
                self._refuse(f"more changes of publication {seq} than the {_changes_of(told[seq]):,} that it counts")

    def _refuse(self, what: str) -> None:
        raise MirrorError(f"{self._origin.url}changes/ sends {what}.")

    @contextmanager
    def _telling(self, staging: Staging, what: str) -> Iterator[None]:
        """Turn what a database or our own code says of strange values into one sentence; nothing is kept then."""
        try:
            yield
        except STRANGE as error:
            staging.clear()  # else the same would be tried again, though the origin may have been mended
            said = plain(str(error).split("\n", 1)[0])
            raise MirrorError(f"{self._origin.url}changes/ sends {what}: {type(error).__name__}: {said}") from error

    def _again(self, staging: Staging, query: Query, refused: RefusedError) -> Query:
        """Query to retry after a refused one: the cursor may be signed with an old key of the origin."""
        if BEHIND in refused.parameters:
            raise MirrorError(
                f"{refused} This mirror has publication {self.head} already: was the origin restored from a backup?"
            )
        if "cursor" not in query or self._began_again == self.head:
            raise refused  # a second time, and nothing was gained by the first
        self._began_again = self.head
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
        latest = publications[-1].told["seq"]
        progress = self._progress(f"writing publication {latest}", count)
        before = 0
        written = self._telling(staging, f"up to publication {latest} what cannot be written")
        with written, in_bulk() as bulk, transaction.atomic():
            bulk.written = count
            replay = Replay(self._origin.url)
            if replay.seq + 1 != publications[0].told["seq"]:
                raise MirrorError("Another mirror process of this server is already running.")
            for staged in publications:
                for done in replay.publish(staged.told, staging.pieces(staged.told["seq"])):
                    progress.reach(before + done)
                before += staged.count
            replay.finish()
        staging.forget(latest)
        self.written += count


def _changes_of(told: Mapping[str, Any]) -> int:
    """Number of changes in a publication."""
    return sum(sum(counts.values()) - counts.get("unchanged", 0) for counts in told["counts"].values())
