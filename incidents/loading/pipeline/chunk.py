"""What goes to the calculator that drafts incidents, and what comes back; plain enough for another process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from incidents.ledger.content import Prepared
from incidents.ledger.denormalisation import Document
from incidents.ledger.document_cache import DocumentCache
from incidents.ledger.prepared_rows import Sheets, Writable
from incidents.ledger.revision_rows import Numbers
from incidents.loading.pipeline.existing import Existing, FileEntries
from incidents.loading.profiles.authority import Authority
from incidents.loading.staging.parsed import Point
from incidents.models import Actor, Dataset, Location, Report, Source


class WorkingRecords(NamedTuple):
    """Working records by the ids that the facts use; a merged one stands for its target."""

    dataset: Dataset
    places: Mapping[str, Location]
    sources: Mapping[str, Source]
    actors: Mapping[str, Actor]


class Chunk(NamedTuple):
    """Facts of incidents, each id once, and all that has to be known to draft them."""

    facts: Sequence[tuple[str, bytes]]
    """Staged, each with its incident's id."""
    keys: Sequence[int]
    """For the incidents that have no working record, in order."""
    existing: Mapping[str, Existing]
    """The incidents that are not new."""
    dataset: Dataset
    places: Mapping[str, Location]
    actors: Mapping[str, Actor]
    sources: Mapping[str, Source]
    reports: Mapping[str, Report]
    """Those of the facts' reports that are in the database."""
    new_reports: Mapping[str, tuple[int, str]]
    """The keys and public ids of all others."""
    earlier_facts: Mapping[str, bytes]
    """The facts by which an earlier chunk makes some of those."""
    cache: DocumentCache
    earlier_points: Mapping[str, set[Point]]
    """The points that a place had in any publication."""
    authority: Authority
    """What the profile sets of incidents that were there before."""
    file_entries: Mapping[str, FileEntries]
    """What files added to the lists of incidents, where a row does not list it any more."""
    safe_actors: frozenset[str]
    """The actors that incidents which are held back may go on naming."""
    published: str
    now: str
    """When working records are written, as rows hold it."""
    packed: bool
    """Whether new rows are to be packed for the way back."""
    numbers: Numbers | None
    """Given if all incidents are new, so that nothing of them need be known here before they are written."""


class RefusedRow(NamedTuple):
    """A row that turned out wrong only now."""

    line: int
    id: str
    expected: str


class EditedIncident(NamedTuple):
    """A working record that was there: its fields, and the rows of the actors and reports that the file lists."""

    id: str
    fields: dict[str, Any]
    actors: list[dict[str, Any]]
    reports: list[dict[str, Any]]


class UnchangedRow(NamedTuple):
    """A row of a held back incident whose public document stays as it is, and the working record that it would make."""

    line: int
    incident: EditedIncident


@dataclass(slots=True)
class Drafted:
    """What is to be written of a chunk."""

    records: Writable = field(default_factory=lambda: Sheets([], packed=False))
    """New working records."""
    made: list[str] = field(default_factory=list)
    """The reports among them."""
    reports: dict[str, list[Any]] = field(default_factory=dict)
    """Rows of reports that an earlier chunk makes, if it has use for them."""
    edited: list[EditedIncident] = field(default_factory=list)
    unpublished: list[int] = field(default_factory=list)
    """Keys of edited incidents that are to be published as the editors publish them."""
    added: Writable | None = None
    """The ledger's rows of new incidents; without them there are contents in `prepared`."""
    number: int = 0
    """How many incidents the ledger gets."""
    prepared: list[Prepared] = field(default_factory=list)
    before: dict[str, Document] = field(default_factory=dict)
    """What was public of those that change."""
    samples: list[str] = field(default_factory=list)
    """Some documents as they will be published."""
    refused: list[RefusedRow] = field(default_factory=list)
    unchanged: int = 0
    withheld: list[UnchangedRow] = field(default_factory=list)
    """The unchanged rows of which readers see only a part."""
