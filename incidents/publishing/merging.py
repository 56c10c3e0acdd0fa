"""Merging: one record gives way to another, in the working records and in the ledger alike."""

from __future__ import annotations

from django.db.models import Q

from incidents.ledger.content import RefusedError
from incidents.ledger.models import Revision
from incidents.models import (
    Actor,
    Incident,
    IncidentActor,
    Location,
    Monitoring,
    PublicRecord,
    Relation,
    Report,
    Source,
)
from incidents.models.incidents import Claim
from incidents.publishing.actions import Result
from incidents.publishing.dependencies import KIND_OF
from incidents.publishing.session import publication


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
        live = Revision.objects.using(using).live().of(kind, [record.public_id])
        if live.exists():
            door.merge(kind, record.public_id, target.public_id, reason=reason)
        elif not reason.strip():
            raise RefusedError("A merge needs a reason.")
    return Result(door.seq, door.counts)


def _point_elsewhere(record: PublicRecord, target: PublicRecord, using: str) -> None:
    match record, target:
        case Location(), Location():
            _move_places(record, target, using)
        case Source(), Source():
            _move_sources(record, target, using)
        case Actor(), Actor():
            _move_actors(record, target, using)
        case Incident(), Incident():
            Incident.objects.using(using).filter(pk=record.pk).update(editorial_status="rejected")
            _relate_elsewhere(record, target, using)
        case _:
            raise RefusedError("Datasets cannot be merged. Load the incidents of one into the other.")


def _move_places(record: Location, target: Location, using: str) -> None:
    if _holds(record, target):
        raise RefusedError(f"{target.public_id} is within {record.public_id}. Move it out first.")
    Incident.objects.using(using).filter(location=record).update(location=target)
    Location.objects.using(using).filter(parent=record).update(parent=target)


def _move_sources(record: Source, target: Source, using: str) -> None:
    Report.objects.using(using).filter(source=record).update(source=target)
    Report.objects.using(using).filter(relays=record).update(relays=target)
    Claim.objects.using(using).filter(speaker=record).update(speaker=target)
    taken = set(Monitoring.objects.using(using).filter(source=target).values_list("dataset", "start"))
    for row in Monitoring.objects.using(using).filter(source=record):
        if (row.dataset_id, row.start) in taken:
            row.delete()
        else:
            row.source = target
            row.save(using=using)


def _move_actors(record: Actor, target: Actor, using: str) -> None:
    parts = IncidentActor.objects.using(using)
    taken = set(parts.filter(actor=target).values_list("incident", "role"))
    for part in parts.filter(actor=record):
        if (part.incident_id, part.role) in taken:
            part.delete()
        else:
            part.actor = target
            part.save(using=using)


def _relate_elsewhere(record: Incident, target: Incident, using: str) -> None:
    relations = Relation.objects.using(using)
    for row in relations.filter(Q(incident=record) | Q(related=record)):
        one, other = (target.pk if end == record.pk else end for end in (row.incident_id, row.related_id))
        if one != other:
            relations.get_or_create(incident_id=one, related_id=other, relation=row.relation)
        row.delete()


def _holds(area: Location, place: Location) -> bool:
    parent = place.parent
    while parent is not None:
        if parent.pk == area.pk:
            return True
        parent = parent.parent
    return False
