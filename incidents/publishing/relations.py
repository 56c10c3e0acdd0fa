"""Relations between incidents as documents show them: in both directions, and none of an incident that is held back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from incidents.ledger.denormalisation import Document
from incidents.models import Incident
from incidents.publishing.generalise import is_held_back
from incidents.publishing.session import PublishingSession
from incidents.vocabulary import INVERSE_RELATIONS


def related(session: PublishingSession, incidents: Sequence[Incident], batch: Collection[int]) -> list[list[Document]]:
    """Relations of each incident to incidents that are public, or become public in the batch of these keys.

    The document of an incident that is held back has none of them, whatever is returned for it.
    """
    pairs = [
        [(relation.related, relation.relation) for relation in incident.relations.all()]
        + [(relation.incident, INVERSE_RELATIONS[relation.relation]) for relation in incident.related_from.all()]
        for incident in incidents
    ]
    shown = nameable(session, [other for mine in pairs for other, _ in mine], batch)
    return [
        [
            {"id": public_id, "relation": relation}
            for public_id, relation in sorted(
                {(other.public_id, relation) for other, relation in mine if other.public_id in shown}
            )
        ]
        for mine in pairs
    ]


def nameable(session: PublishingSession, others: Iterable[Incident], batch: Collection[int] = ()) -> set[str]:
    """Ids of those incidents that the documents of others may name.

    They are held back neither in what is public nor in what the editors set, even if that is not published yet.
    """
    in_full = {other.public_id: other.pk for other in others if not is_held_back(other)}
    return {each for each, key in in_full.items() if key in batch} | session.public_in_full(in_full)
