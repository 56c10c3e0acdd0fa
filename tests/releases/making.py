"""Releases for tests, as rows without files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from incidents.ledger.models import Head, Release

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
