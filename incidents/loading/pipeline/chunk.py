"""What goes to the desk that drafts incidents, and what comes back; plain enough for another process."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from pickle import PickleBuffer
from typing import Any, NamedTuple

from incidents.ledger.content import Found, Prepared
from incidents.ledger.denormalisation import Document
from incidents.ledger.document_cache import Shown
from incidents.ledger.prepared_rows import Sheets, Writable
from incidents.ledger.revision_rows import Numbers
from incidents.loading.pipeline.existing import Before
from incidents.loading.pipeline.parsed import Point
from incidents.loading.pipeline.shared_lists import Listed
from incidents.loading.profiles.authority import Authority
from incidents.models import Actor, Dataset, Location, Report, Source

NOTHING = Sheets([], packed=False)


class Chunk(NamedTuple):
    """Facts of incidents, each id once, and all that has to be known to draft them.

    `facts` are sealed, each with its incident's id; `names` are those of their fields. `keys` are for the incidents
    that are new, in order; `past` has those that are not. The facts' reports are among `reports`, which are in the
    database, and `making`, which are not yet, with their keys; `told` holds the facts by which an earlier chunk makes
    some of those.
    """

    names: Sequence[str]
    facts: Sequence[tuple[str, bytes]]
    keys: Sequence[int]
    past: Mapping[str, Before]
    dataset: Dataset
    places: Mapping[str, Location]
    actors: Mapping[str, Actor]
    sources: Mapping[str, Source]
    reports: Mapping[str, Report]
    making: Mapping[str, int]
    told: Mapping[str, bytes]
    shown: Shown
    once: Mapping[str, set[Point]]
    """The points that a place had in any publication."""
    authority: Authority
    """What the profile sets of incidents that were there before."""
    listed: Mapping[str, Listed]
    """What files added to the lists of incidents, where a row does not list it any more."""
    published: str
    now: str
    """When working records are written, as rows hold it."""
    packed: bool
    """Whether new rows are to be packed for the way back."""
    numbers: Numbers | None
    """Given if all incidents are new, so that nothing of them need be known here before they are written."""


class Refusal(NamedTuple):
    """A row that turned out wrong only now."""

    line: int
    id: str
    expected: str


class Edited(NamedTuple):
    """A working record that was there: its fields, and the rows of the actors and reports that the file lists."""

    id: str
    fields: dict[str, Any]
    actors: list[dict[str, Any]]
    reports: list[dict[str, Any]]


class Drafted(NamedTuple):
    """What is to be written of a chunk.

    `records` are new working records, with the reports `made` here first; `reports` are rows of those that an earlier
    chunk makes, if it has use for them, by their ids. `edited` are incidents that were there; those whose keys are
    `unpublished` are to be published as the editors publish them. For the ledger there are the rows of `number`
    incidents, in `added`, or contents, in `prepared`, and in `before` what was public of those that change. `first`
    are some documents as they will be published.
    """

    records: Writable
    made: list[str]
    reports: dict[str, list[Any]]
    edited: list[Edited]
    unpublished: list[int]
    added: Writable | None
    number: int
    first: list[str]
    prepared: list[Prepared]
    before: dict[str, Document]
    refused: list[Refusal]
    unchanged: int

    def __reduce__(self) -> tuple[Callable[..., Drafted], tuple[Any, ...]]:
        """Return how another process gets it: in half the time that these many rows take otherwise.

        Raises ValueError if there is anything in it but plain values, as there is of incidents that were there before.
        """
        prepared = [(*each[:-1], *each.found) for each in self.prepared]
        refused = [tuple(each) for each in self.refused]
        plain: tuple[Any, ...] = self._replace(records=NOTHING, added=None, prepared=[], refused=[])
        handed_on = marshal.dumps((*plain[1:], prepared, refused))
        return _drafted, (self.records, self.added, PickleBuffer(handed_on))


def _drafted(records: Writable, added: Writable | None, plain: memoryview) -> Drafted:
    *others, prepared, refused = marshal.loads(plain)  # noqa: S302 - written by a process of this load
    return Drafted(records, *others)._replace(
        added=added,
        prepared=[Prepared._make((*each[:-2], Found._make(each[-2:]))) for each in prepared],
        refused=list(map(Refusal._make, refused)),
    )


def nothing_drafted() -> Drafted:
    """Return what is drafted of no facts."""
    return Drafted(
        records=NOTHING,
        made=[],
        reports={},
        edited=[],
        unpublished=[],
        added=None,
        number=0,
        first=[],
        prepared=[],
        before={},
        refused=[],
        unchanged=0,
    )
