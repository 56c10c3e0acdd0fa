"""What a load makes of rows, and of facts, by calculating alone; each of its processes has a desk."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Sequence
from pickle import PickleBuffer
from typing import Any, NamedTuple

import orjson

from incidents.loading.errors import BadRow
from incidents.loading.pipeline.chunk import Chunk, Drafted
from incidents.loading.pipeline.drafting import Drafter
from incidents.loading.pipeline.parsed import Gathered, Tally, seal
from incidents.loading.pipeline.row_parser import Planner
from incidents.loading.profiles.parts import Profile

PlannedRow = tuple[tuple[Any, ...], str]
"""The facts of a good row as `Sealed`, and what stands for all that it says."""


class PlannedRows(NamedTuple):
    """What became of rows, in their order: None is one that the profile leaves out.

    `names` are those of the facts' fields; `remarks` are on lines.
    """

    rows: list[PlannedRow | BadRow | None]
    names: tuple[str, ...]
    remarks: list[tuple[str, int]]

    def __reduce__(self) -> tuple[Callable[..., PlannedRows], tuple[Any, ...]]:
        """Return how another process gets it: as plain values in half the time, if no row is bad."""
        if any(isinstance(row, BadRow) for row in self.rows):
            return PlannedRows, tuple(self)
        return _planned, (PickleBuffer(marshal.dumps(tuple(self))),)


def _planned(plain: memoryview) -> PlannedRows:
    return PlannedRows._make(marshal.loads(plain))  # noqa: S302 - written by a process of this load


class Desk:
    """Plans rows and drafts incidents; raises LoadError if the header lacks columns that the profile needs."""

    def __init__(self, profile: Profile, header: Sequence[str]) -> None:
        self._names: tuple[str, ...] = ()
        self._remarks: list[tuple[str, int]] = []
        self._gathered = Gathered(Tally())
        self.planner = Planner(
            profile, header, self._gathered, lambda remark, line: self._remarks.append((remark, line))
        )
        self._drafter = Drafter()

    def _note(self, remark: str, line: int) -> None:
        self._remarks.append((remark, line))

    def plan(self, lines: bytes) -> PlannedRows:
        """Return the facts of lines, a JSON list, or what is wrong with them."""
        rows = [self._planned(line, cells) for line, cells in orjson.loads(lines)]
        remarks, self._remarks[:] = list(self._remarks), []
        return PlannedRows(rows, self._names, remarks)

    def _planned(self, line: int, cells: list[str]) -> PlannedRow | BadRow | None:
        try:
            facts = self.planner.plan(line, cells)
        except BadRow as bad:
            return bad
        if facts is None:
            return None
        self._names = self._names or tuple(facts.fields)
        return tuple(seal(facts)), self.planner.said(cells)

    def gathered(self) -> Gathered:
        """Return what all rows planned here say of places, sources and actors."""
        return self._gathered

    def draft(self, chunk: Chunk) -> Drafted:
        """Return the incidents of a chunk as they are to be written."""
        return self._drafter.draft(chunk)
