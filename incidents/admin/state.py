"""What is published of working records, looked up for a whole page of them in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q

from incidents.ledger.models import Revision
from incidents.models import PublicRecord, Report
from incidents.publishing.dependencies import KIND_OF

ENDS = ("withdrawn", "merged", "redacted")
GRAIN = timedelta(seconds=1)
"""The ledger's times are whole seconds, rounded down: what was edited within that second came before."""


@dataclass(frozen=True, slots=True)
class State:
    """The latest revision of a record: live, or the tombstone that ended it."""

    number: int
    seq: int
    change: str
    target: str
    published_at: datetime

    @property
    def live(self) -> bool:
        """True if the latest revision is public: not withdrawn, merged or redacted."""
        return self.change not in ENDS

    def older_than(self, edited: datetime) -> bool:
        """True if the record was saved after this revision; a hint, because it may be saved without changes."""
        return self.live and edited >= self.published_at + GRAIN


def kind_of(model: type) -> str | None:
    """Kind of record that a model is published as; None if it is not published by itself."""
    return KIND_OF.get(model)


def states(kind: str, ids: Iterable[str]) -> dict[str, State]:
    """Latest revision of each of these records, if it has one."""
    rows: Iterable[tuple[Any, ...]] = (
        Revision.objects.of(kind, list(ids))
        .filter(Q(retired__isnull=True) | Q(change__in=ENDS))
        .order_by("number")
        .values_list("record_id", "number", "seq", "change", "target", "published_at")
    )
    return {record_id: State(*rest) for record_id, *rest in rows}


def public_ids(kind: str, ids: Iterable[str]) -> set[str]:
    """The subset of these ids that is public now."""
    return set(Revision.objects.live().of(kind, list(ids)).values_list("record_id", flat=True))


def was_published(record: PublicRecord) -> bool:
    """True if the id of the record was ever public; cached on the instance."""
    known: bool | None = record.__dict__.get("_was_published")
    if known is None:
        known = record.__dict__["_was_published"] = _was_published(record)
    return known


def _was_published(record: PublicRecord) -> bool:
    if isinstance(record, Report):  # it is seen in the incidents that rest on it
        ids = list(record.incidents.values_list("public_id", flat=True))
        return Revision.objects.filter(kind="incident", record_id__in=ids).exists()
    return Revision.objects.filter(kind=kind_of(type(record)), record_id=record.public_id).exists()


def is_live(kind: str) -> Exists:
    """Condition (Exists) for working records with a live revision."""
    return Exists(Revision.objects.live().of(kind).filter(record_id=OuterRef("public_id")))


def is_stale(kind: str) -> Exists:
    """Condition (Exists) for working records that are public and were saved since."""
    moment = ExpressionWrapper(OuterRef("edited") - GRAIN, output_field=DateTimeField())
    return Exists(Revision.objects.live().of(kind).filter(record_id=OuterRef("public_id"), published_at__lte=moment))


def was_ever(kind: str) -> Exists:
    """Condition (Exists) for working records that were public at any time."""
    return Exists(Revision.objects.filter(kind=kind, record_id=OuterRef("public_id")))
