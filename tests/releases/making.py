"""Releases for tests: rows without files, and whole ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from incidents.ledger.models import Head, Release
from incidents.releasing.release import ReleaseRequest, make

MADE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def named(name: str, seq: int = 0, **values: Any) -> Release:
    """Give a publication, the latest if none is given, a name."""
    head = Head.objects.get()
    counts = dict.fromkeys(("dataset", "location", "source", "actor", "incident"), 0)
    return Release.objects.create(
        **{
            "name": name,
            "seq": seq or head.seq,
            "title": "Everything",
            "licences": ["CC-BY-4.0"],
            "made_at": MADE,
            "counts": counts,
            "redacted": head.redacted,
            **values,
        }
    )


class Quiet:
    """Hears what happens while a release is made."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.reached: list[int] = []

    def say(self, text: str) -> None:
        """Remember a line."""
        self.said.append(text)

    @contextmanager
    def progress(self, what: str, total: int, unit: str = "") -> Iterator[Quiet]:
        """Remember how far it is."""
        self.total = total
        yield self

    def reach(self, done: int) -> None:
        """Remember how much is done."""
        self.reached.append(done)


def made(name: str, **values: Any) -> Release:
    """Make a release with its files."""
    return make(ReleaseRequest(name, **values), Quiet())


def contents(var: Path) -> dict[str, bytes]:
    """Return every file below a folder of releases, by path."""
    below = var / "releases"
    files = (path for path in sorted(below.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(below).as_posix(): path.read_bytes() for path in files}
