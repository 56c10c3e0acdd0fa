"""What a load makes of rows, and of facts, by calculating alone; each of its processes has a desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from incidents.loading.drafting import Chunk, Drafted, Drafter
from incidents.loading.errors import BadRow
from incidents.loading.facts import Gathered, Packed, Tally, packed
from incidents.loading.forms import Profile
from incidents.loading.plan import Planner

Line = tuple[int, list[str]]
"""The number of a line, and its cells."""


class PlannedRow(NamedTuple):
    """The facts of a good row, and what stands for all that it says."""

    facts: Packed
    said: str


class PlannedRows(NamedTuple):
    """What became of rows, in their order: None is one that the profile leaves out. And remarks on lines."""

    rows: list[PlannedRow | BadRow | None]
    remarks: list[tuple[str, int]]


class Desk:
    """Plans rows and drafts incidents; raises LoadError if the header lacks columns that the profile needs."""

    def __init__(self, profile: Profile, header: Sequence[str]) -> None:
        self._remarks: list[tuple[str, int]] = []
        self._gathered = Gathered(Tally())
        self.planner = Planner(
            profile, header, self._gathered, lambda remark, line: self._remarks.append((remark, line))
        )
        self._drafter = Drafter()

    def _note(self, remark: str, line: int) -> None:
        self._remarks.append((remark, line))

    def plan(self, lines: Sequence[Line]) -> PlannedRows:
        """Return the facts of rows, or what is wrong with them."""
        rows = [self._planned(line, cells) for line, cells in lines]
        remarks, self._remarks[:] = list(self._remarks), []
        return PlannedRows(rows, remarks)

    def _planned(self, line: int, cells: list[str]) -> PlannedRow | BadRow | None:
        try:
            facts = self.planner.plan(line, cells)
        except BadRow as bad:
            return bad
        return PlannedRow(packed(facts), self.planner.said(cells)) if facts else None

    def gathered(self) -> Gathered:
        """Return what all rows planned here say of places, sources and actors."""
        return self._gathered

    def draft(self, chunk: Chunk) -> Drafted:
        """Return the incidents of a chunk as they are to be written."""
        return self._drafter.draft(chunk)
