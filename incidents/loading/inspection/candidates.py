"""A column that may have a role, and how much speaks for that."""

from __future__ import annotations

from typing import NamedTuple

from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.event_terms import LIKELY, SURE, UNSURE

LEAST = 0.5
"""Score that a column needs for a role."""

LIKELY_SCORE, _SURE_SCORE = 0.65, 0.8


class Candidate(NamedTuple):
    """A column for a role, with a score from 0 to 1 and what it rests on."""

    role: str
    column: ColumnFacts
    score: float
    why: str

    @property
    def sure(self) -> str:
        """How sure it is: sure, likely or LOOK."""
        return SURE if self.score >= _SURE_SCORE else LIKELY if self.score >= LIKELY_SCORE else UNSURE

    @property
    def remark(self) -> str:
        """What to say of it in a comment."""
        return f"{self.sure}: {self.why}"
