"""Merging: one record gives way to another, in the working records and in the ledger alike."""

from __future__ import annotations

from django.db.models import Q

from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import is_generalised
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
from incidents.models.incident_parts import Claim
from incidents.publishing.dependencies import KIND_OF
from incidents.publishing.left_places import LeftPlaces
from incidents.publishing.readable_texts import generalised_showing_actor, refuse_revealing_reason
from incidents.publishing.results import Result
from incidents.publishing.session import PublishingSession, publication


def merge(record: PublicRecord, target: PublicRecord, *, reason: str, author: str = "") -> Result:
    """Merge a record into another of its kind; readers of the old id are sent to the new one. Raises RefusedError.

    Working records that point to the old one point to its target from now on. The old working record stays, so that
    the editors can see what it was.
    """
    kind = KIND_OF[type(record)]
    if type(record) is not type(target):
        raise RefusedError(f"{record.public_id} is a {kind}, {target.public_id} is not.")
    if record.pk == target.pk:
        raise RefusedError(f"{kind} {record.public_id} cannot be merged into itself.")
    refuse_revealing_reason([record, target], reason)
    with publication(author=author, message=f"Merge {record.public_id} into {target.public_id}: {reason}") as session:
        left = LeftPlaces(session, [record] if isinstance(record, Incident) else [])
        _point_elsewhere(record, target)
        live = Revision.objects.live().of(kind, [record.public_id])
        if live.exists():
            if kind == "incident":
                _refuse_other_disclosure(session, record.public_id, target.public_id)
            session.merge(kind, record.public_id, target.public_id, reason=reason)
        elif not reason.strip():
            raise RefusedError("A merge needs a reason.")
        emptied = left.empty()
    return Result(session.seq, session.counts, emptied=emptied)


def _point_elsewhere(record: PublicRecord, target: PublicRecord) -> None:
    match record, target:
        case Location(), Location():
            _move_places(record, target)
        case Source(), Source():
            _move_sources(record, target)
        case Actor(), Actor():
            _refuse_other_name(record, target)
            _move_actors(record, target)
        case Incident(), Incident():
            Incident.objects.filter(pk=record.pk).update(editorial_status="rejected")
            _relate_elsewhere(record, target)
        case _:
            raise RefusedError("Datasets cannot be merged. Load the incidents of one into the other.")


def _refuse_other_disclosure(session: PublishingSession, record_id: str, target_id: str) -> None:
    """Refuse to send readers from an incident to one that is published more precisely, or less."""
    documents = session.live_documents("incident", [record_id, target_id])
    if len(documents) < 2:
        return
    held_back = any(map(is_generalised, documents.values()))
    history = Revision.objects.of("incident", [record_id, target_id]).with_content()
    known = [document for _, document in history.each_document()] if held_back else list(documents.values())
    if any(document["disclosure"] != documents[target_id]["disclosure"] for document in known):
        raise RefusedError(
            f"{record_id} and {target_id} are published with places or dates of different precision. Readers who "
            "follow the merger would see in one what the other holds back. Publish both with the same disclosure, "
            "reduce their earlier revisions, then merge."
        )


def _move_places(record: Location, target: Location) -> None:
    if target.is_within(record):
        raise RefusedError(f"{target.public_id} is within {record.public_id}. Move it out first.")
    Incident.objects.filter(location=record).update(location=target)
    Location.objects.filter(parent=record).update(parent=target)


def _move_sources(record: Source, target: Source) -> None:
    Report.objects.filter(source=record).update(source=target)
    Report.objects.filter(relays=record).update(relays=target)
    Claim.objects.filter(speaker=record).update(speaker=target)
    taken = set(Monitoring.objects.filter(source=target).values_list("dataset", "start"))
    for row in Monitoring.objects.filter(source=record):
        if (row.dataset_id, row.start) in taken:
            row.delete()
        else:
            row.source = target
            row.save()


def _refuse_other_name(record: Actor, target: Actor) -> None:
    """Refuse to name an actor that is not safe in generalised documents that name the one that is merged."""
    if target.safe_when_generalised:
        return
    if record.safe_when_generalised or generalised_showing_actor(record.public_id):
        raise RefusedError(
            f"actor {record.public_id} keeps its name on incidents whose place or date is coarsened, and "
            f"{target.public_id} does not. Set the same for both, publish these incidents again, then merge."
        )


def _move_actors(record: Actor, target: Actor) -> None:
    parts = IncidentActor.objects.all()
    taken = set(parts.filter(actor=target).values_list("incident", "role"))
    for part in parts.filter(actor=record):
        if (part.incident_id, part.role) in taken:
            part.delete()
        else:
            part.actor = target
            part.save()


def _relate_elsewhere(record: Incident, target: Incident) -> None:
    relations = Relation.objects.all()
    for row in relations.filter(Q(incident=record) | Q(related=record)):
        one, other = (target.pk if end == record.pk else end for end in (row.incident_id, row.related_id))
        if one != other:
            relations.get_or_create(incident_id=one, related_id=other, relation=row.relation)
        row.delete()
