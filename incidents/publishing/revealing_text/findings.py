"""What a text can reveal, and what must not be revealed by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as day

MOST_FINDINGS = 200
"""Findings of one text; whoever has read as many knows that the text cannot stay as it is."""

Point = tuple[float, float]
"""Latitude and longitude, in degrees."""


@dataclass(frozen=True, order=True)
class Finding:
    """Words of a text, from `start` to `end`, that reveal something hidden, or may do so if `possible`."""

    start: int
    end: int
    kind: str
    words: str
    hidden: str
    why: str
    possible: bool = False


@dataclass(frozen=True)
class HiddenName:
    """A name of a hidden place, or of another place close to it if `nearby`."""

    name: str
    place: str
    nearby: bool = False


@dataclass(frozen=True)
class Hidden:
    """All that the text of one incident must not reveal.

    `names`, `points` and `codes` are those of the places that are hidden, `public_names` those that may be read. `days`
    are the first and the last hidden day. `place` and `date` are the levels of disclosure.
    """

    place: str = "full"
    date: str = "full"
    names: tuple[HiddenName, ...] = ()
    public_names: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    codes: tuple[str, ...] = ()
    days: tuple[day, ...] = ()


def outermost(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the text, without those within a longer one of the same kind."""
    kept: list[Finding] = []
    reached: dict[str, int] = {}
    for each in sorted(findings, key=lambda found: (found.start, -found.end, found.possible, found.kind)):
        if each.end > reached.get(each.kind, -1):
            kept.append(each)
            reached[each.kind] = each.end
    return kept[:MOST_FINDINGS]
