"""Proves that two ledgers are equal, by checksums of ten thousand changes at a time, and finds where they are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from incidents.mirroring.errors import MirrorError
from incidents.mirroring.origin import BLOCK, Origin, Query
from incidents.query.change_feed import DIGEST_BYTES, Position, behind, checksum


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence that both ledgers are equal: number of changes and their checksum."""

    until: int
    count: int
    checksum: str


def prove(origin: Origin, until: int, reach: Callable[[int], None]) -> Proof | int:
    """Compare all publications up to one; returns the proof, or the first publication that differs."""
    after, query = behind(0), {"since": "0", "until": str(until)}
    chain, count = blake2b(digest_size=DIGEST_BYTES), 0
    while True:
        theirs, mine = origin.checksum(query), checksum(after, until, BLOCK)
        if (theirs.said["checksum"], theirs.said["count"]) != (mine.checksum, mine.count):
            return _first_difference(origin, query, after, until)
        chain.update(bytes.fromhex(mine.checksum))
        count, after = count + mine.count, mine.end
        reach(after.seq)
        if theirs.next is None:
            return Proof(until, count, chain.hexdigest())
        if not mine.more:
            raise MirrorError(f"{origin.url}changes/checksum/ says that more follows publication {until}.")
        query = theirs.next


def differs_somewhere(origin: Origin, until: int) -> int | None:
    """First publication that differs, up to a given one; None if all are equal."""
    found = prove(origin, until, lambda _: None)
    return found if isinstance(found, int) else None


def differs_in_last(origin: Origin, head: int) -> bool:
    """True if the start of the last publication differs for another reason than a redaction."""
    theirs = origin.checksum({"since": str(head - 1), "until": str(head)}, limit=1000)
    if theirs.said["redacted"] > head:
        return False
    return checksum(behind(head - 1), head, 1000).checksum != str(theirs.said["checksum"])


def _first_difference(origin: Origin, query: Query, after: Position, until: int) -> int:
    """Halve a block that differs until one change is left; returns its publication."""
    same, differing = 0, BLOCK
    while differing - same > 1:
        middle = (same + differing) // 2
        theirs, mine = origin.checksum(query, middle), checksum(after, until, middle)
        if (theirs.said["checksum"], theirs.said["count"]) == (mine.checksum, mine.count):
            same = middle
        else:
            differing = middle
    theirs, mine = origin.checksum(query, differing), checksum(after, until, differing)
    return min(int(theirs.said["seq"]), mine.end.seq)
