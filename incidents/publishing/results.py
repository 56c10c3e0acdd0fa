"""What an action did, what it would do, and that nobody confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from incidents.ledger.denormalisation import Document
from incidents.publishing.session import PublishingSession
from incidents.publishing.still_readable import StillReadable

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Result:
    """What an action did: the publication's seq (None when nothing changed), counts, incidents that are not ready.

    `still_readable` names what it made coarser than it was published before.
    """

    seq: int | None
    counts: Counts
    unready: list[str] = field(default_factory=list)
    still_readable: StillReadable = field(default_factory=StillReadable)
    reduced: int = 0
    """Number of records whose earlier revisions have the content of the new one now."""
    left_public: list[tuple[str, str]] = field(default_factory=list)
    """Kind and id of what became public together with a reduced incident, and stays public."""
    emptied: list[str] = field(default_factory=list)
    """Public places made by loads that no published incident is in any more."""

    @classmethod
    def of(cls, session: PublishingSession, unready: Sequence[str] = (), emptied: Sequence[str] = ()) -> Result:
        """What a closed publication did."""
        left = list(session.left_public)
        done = session.seq, session.counts, list(unready), session.still_readable, session.reduced, left
        return cls(*done, list(emptied))

    def total(self, change: str) -> int:
        """Number of records of all kinds with this change."""
        return sum(counts.get(change, 0) for counts in self.counts.values())

    def __str__(self) -> str:
        parts = [f"{change} {self.total(change)}" for change in ("added", "changed", "withdrawn", "merged", "redacted")]
        told = ", ".join(part for part in parts if not part.endswith(" 0"))
        return f"publication {self.seq}: {told}" if self.seq else "nothing to publish"


@dataclass(frozen=True)
class Preview:
    """What is published of a record against what publishing it now would make of it."""

    published: Document | None
    working: Document | None
    changed: list[str]
    problem: str = ""
    still_readable: StillReadable = field(default_factory=StillReadable)


class NotConfirmedError(Exception):
    """A publication would make records coarser than what is public, and nobody confirmed that; nothing is published."""

    def __init__(self, still_readable: StillReadable) -> None:
        super().__init__("\n".join(map(str, still_readable)))
        self.still_readable = still_readable
