"""The checksum of a whole ledger, which a backup notes and a restored database has to give again."""

from __future__ import annotations

from hashlib import blake2b
from typing import TypedDict

from incidents.backup.archive import Reached
from incidents.query.change_feed import DIGEST_BYTES, behind, checksum

BLOCK = 10_000
"""Changes that one checksum is made of; the proof is the checksum of these checksums."""


class Proof(TypedDict):
    """How many changes there are, and their checksum."""

    changes: int
    checksum: str


def prove(until: int, reach: Reached) -> Proof:
    """Number and checksum of all changes up to a publication; `reach` is called with each finished publication."""
    chain, count, after, more = blake2b(digest_size=DIGEST_BYTES), 0, behind(0), True
    while more:
        block = checksum(after, until, BLOCK)
        chain.update(bytes.fromhex(block.checksum))
        count, after, more = count + block.count, block.end, block.more
        reach(min(after.seq, until))
    return {"changes": count, "checksum": chain.hexdigest()}
