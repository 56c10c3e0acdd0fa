"""Merging: one record gives way to another, in the working records and in the ledger alike."""

from __future__ import annotations

from incidents.ledger.commit import RefusedError
from incidents.ledger.models import Revision
from incidents.models import (
    Actor,
    Incident,
    IncidentActor,
    Location,
    Monitoring,
    PublicRecord,
    Report,
    Source,
)
from incidents.models.incidents import Claim
from incidents.publishing.actions import Result
from incidents.publishing.closure import KIND_OF
from incidents.publishing.door import publication


def merge(
    record: PublicRecord, target: PublicRecord, *, reason: str, author: str = "", using: str = "default"
) -> Result:
    """Merge a record into another of its kind; readers of the old id are sent to the new one. Raises RefusedError.

    Working records that point to the old one point to its target from now on. The old working record stays, so that
    the editors can see what it was.
    """
    kind = KIND_OF[type(record)]
    if type(record) is not type(target):
        raise RefusedError(f"{record.public_id} is a {kind}, {target.public_id} is not.")
    if record.pk == target.pk:
        raise RefusedError(f"{kind} {record.public_id} cannot be merged into itself.")
    with publication(
        author=author, message=f"Merge {record.public_id} into {target.public_id}: {reason}", using=using
    ) as door:
        _point_elsewhere(record, target, using)
        live = Revision.objects.using(using).filter(
            kind=kind, record_id=record.public_id, retired__isnull=True
        )
        if live.exists():
            door.merge(kind, record.public_id, target.public_id, reason=reason)
        elif not reason.strip():
            raise RefusedError("A merger needs a reason.")
    return Result(door.seq, door.counts)


def _point_elsewhere(record: PublicRecord, target: PublicRecord, using: str) -> None:
    if isinstance(record, Location):
        if _holds(record, target):
            raise RefusedError(f"{target.public_id} lies inside {record.public_id}; move it out first.")
        Incident.objects.using(using).filter(location=record).update(location=target)
        Location.objects.using(using).filter(parent=record).update(parent=target)
    elif isinstance(record, Source):
        Report.objects.using(using).filter(source=record).update(source=target)
        Report.objects.using(using).filter(relays=record).update(relays=target)
        Claim.objects.using(using).filter(speaker=record).update(speaker=target)
        watched = Monitoring.objects.using(using).filter(source=target).values("dataset", "start")
        taken = {(row["dataset"], row["start"]) for row in watched}
        for row in Monitoring.objects.using(using).filter(source=record):
            if (row.dataset_id, row.start) not in taken:
                row.source = target
                row.save(using=using)
    elif isinstance(record, Actor):
        parts = IncidentActor.objects.using(using)
        taken_parts = set(parts.filter(actor=target).values_list("incident", "role"))
        for part in parts.filter(actor=record):
            if (part.incident_id, part.role) in taken_parts:
                part.delete()
            else:
                part.actor = target
                part.save(using=using)
    elif isinstance(record, Incident):
        Incident.objects.using(using).filter(pk=record.pk).update(editorial_status="rejected")
    else:
        raise RefusedError("Datasets cannot be merged; load the incidents of one into the other.")


def _holds(area: Location, place: PublicRecord) -> bool:
    parent = place.parent if isinstance(place, Location) else None
    while parent is not None:
        if parent.pk == area.pk:
            return True
        parent = parent.parent
    return False
