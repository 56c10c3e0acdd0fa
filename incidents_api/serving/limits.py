"""Rate limits per address: the generic cell rate algorithm, shared by all processes of this machine.

A policy gives each address `quota` units, which come back evenly within `window` seconds. What is kept of an address is
one number, the time at which it would have all of its units again; a request moves it on by what it costs, and is
refused if that would take it further than a window from now. (ATM Forum TM 4.1, 4.4.2.)

The numbers lie in a file that all processes map into their memory, apart from the database of the ledger. An address
has four places where it can be; the lock of its group of places is held for a few microseconds. Addresses are kept as
keyed hashes. Where all four places are taken, the address that has most of its units is forgotten: it gains least.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from pathlib import Path

logger = logging.getLogger(__name__)

GROUPS = 2**14
WAYS = 4
PLACE = struct.Struct("<Qd")
GROUP_SIZE = WAYS * PLACE.size
SIZE = GROUPS * GROUP_SIZE
"""One megabyte, for 65,536 addresses."""


@dataclass(frozen=True)
class Policy:
    """How many units an address has within a window."""

    name: str
    quota: int
    window: int

    @property
    def header(self) -> str:
        """The policy as an item of `RateLimit-Policy`."""
        return f'"{self.name}";q={self.quota};w={self.window}'


@dataclass(frozen=True)
class Verdict:
    """Whether a request is allowed, and what its address has left."""

    policy: Policy
    allowed: bool
    remaining: int
    full_after: int
    """Seconds until all units are there again."""
    retry_after: int
    """Seconds until the request would be allowed; 0 if it is."""

    @property
    def header(self) -> str:
        """The remaining units as an item of `RateLimit`."""
        return f'"{self.policy.name}";r={self.remaining};t={self.full_after}'


class Counter:
    """Counts the requests of addresses in a file that the processes of a machine share.

    Without a file each process counts for itself. One thread of a process uses it: locks of a file are of a process.
    """

    def __init__(self, path: Path | None, key: bytes) -> None:
        self.key = key[:64]
        self.file: int | None = None
        if path is not None:
            try:
                self.file = _open(path)
            except OSError as error:
                logger.warning(
                    "Rate limits are counted per process, because %s cannot be used: %s.", path, error.strerror
                )
        self.table = mmap.mmap(-1 if self.file is None else self.file, SIZE)

    def spend(self, policy: Policy, address: str, cost: int, now: float | None = None) -> Verdict:
        """Take what a request costs from what its address has; nothing is taken from one that is refused."""
        now = time.time() if now is None else now
        digest = blake2b(f"{policy.name} {address}".encode(), digest_size=16, key=self.key).digest()
        group, name = divmod(int.from_bytes(digest, "little"), 2**64)
        group, name = group % GROUPS, name or 1
        unit = policy.window / policy.quota
        with self._locked(group):
            at, before = self._find(group, name, now)
            # A clock that was ahead must not keep anybody out for longer than a window.
            full = min(max(before, now), now + policy.window)
            after = full + cost * unit
            allowed = after - now <= policy.window + 1e-6
            left = after if allowed else full
            PLACE.pack_into(self.table, at, name, left)
        remaining = int((policy.window - (left - now)) / unit + 1e-6)
        wait = 0 if allowed else max(1, ceil(after - now - policy.window))
        return Verdict(policy, allowed, remaining, ceil(left - now), wait)

    def _find(self, group: int, name: int, now: float) -> tuple[int, float]:
        """Position of an address in the file, or the one to use for it, and its stored number."""
        start = group * GROUP_SIZE
        found = start, now
        least = float("inf")
        for at in range(start, start + GROUP_SIZE, PLACE.size):
            known, full = PLACE.unpack_from(self.table, at)
            if known == name:
                return at, full
            if full < least:
                found, least = (at, now), full
        return found

    @contextmanager
    def _locked(self, group: int) -> Iterator[None]:
        if self.file is None:
            yield
            return
        fcntl.lockf(self.file, fcntl.LOCK_EX, 1, group)
        try:
            yield
        finally:
            fcntl.lockf(self.file, fcntl.LOCK_UN, 1, group)


def headers(policies: Iterable[Policy], verdicts: Iterable[Verdict]) -> list[tuple[bytes, bytes]]:
    """`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers)."""
    return [
        (b"ratelimit-policy", ", ".join(policy.header for policy in policies).encode()),
        (b"ratelimit", ", ".join(verdict.header for verdict in verdicts).encode()),
    ]


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    if os.fstat(file).st_size != SIZE:
        os.ftruncate(file, SIZE)
    return file
