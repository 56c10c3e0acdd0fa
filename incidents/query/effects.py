"""What a publication does to an incident of a query: it enters, changes, leaves or ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from incidents.vocabulary import EFFECTS

REVISIONS, REINDEXED, WITHIN = 0, 1, 2
"""The parts of a publication, in the order in which they are read: incidents with a revision; those that are found
otherwise without one; those that were ever at a place whose history was replaced."""

ENTERED, CHANGED, LEFT, ENDED = EFFECTS


class Position(NamedTuple):
    """A position in the order of changes; `at` is the id of a revision or of a record, `key` that of an entry."""

    seq: int
    part: int
    at: Any
    key: int = 0


def behind(seq: int) -> Position:
    """Position after the last change of a publication."""
    return Position(seq, WITHIN + 1, 0)


class Effect(NamedTuple):
    """What a publication did to one incident of a query."""

    position: Position
    record_id: str
    effect: str
    revision: int | None
    """Id of the revision that is public after the publication; None after its end."""


class Side(NamedTuple):
    """An incident on one side of a publication: the id of its revision, and whether that matches."""

    revision: int
    matches: bool


ABSENT = Side(0, matches=False)


@dataclass
class Compared:
    """One incident around one publication."""

    position: Position
    record_id: str
    is_told_anyway: bool
    """A redaction or a reduction: what copies hold of it is not known."""
    before: Side = ABSENT
    after: Side = ABSENT

    def effect(self) -> Effect | None:
        """What copies of the query are told; None if they hold what they should."""
        before, after = self.before, self.after
        if after.matches:
            if before == after and not self.is_told_anyway:
                return None
            said = CHANGED if before.matches else ENTERED
        elif before.matches or self.is_told_anyway:
            said = LEFT if after.revision else ENDED
        else:
            return None
        return Effect(self.position, self.record_id, said, after.revision or None)
