"""Makes records coarser in their whole history: publishes them as they are now, and reduces their earlier revisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import Revision
from incidents.models import Incident, PublicRecord, Report
from incidents.publishing.actions import Result, preview, publish_within
from incidents.publishing.dependencies import KIND_OF
from incidents.publishing.history import reduce_records
from incidents.publishing.readable_texts import refuse_revealing_reason
from incidents.publishing.session import publication


def reduce(records: Iterable[PublicRecord], *, reason: str, author: str = "") -> Result:
    """Publish records as they are now, and replace the content of all their earlier revisions by that.

    An ended record stays ended; its history gets the content that publishing it now would have. Raises RefusedError,
    also for an incident that is public and not marked as ready.
    """
    asked: dict[str, dict[str, PublicRecord]] = {}
    for record in records:
        asked.setdefault(KIND_OF[type(record)], {})[record.public_id] = record
    refuse_revealing_reason((record for of_kind in asked.values() for record in of_kind.values()), reason)
    ended = {kind: _ended(kind, list(of_kind)) for kind, of_kind in asked.items()}
    contents = {kind: [_if_published(asked[kind][each]) for each in ids] for kind, ids in ended.items()}
    going_on = {kind: [each for each in of_kind if each not in ended[kind]] for kind, of_kind in asked.items()}
    with publication(author=author, message=f"Reduce: {reason}") as session:
        unready = publish_within(session, [asked[kind][each] for kind, ids in going_on.items() for each in ids])
        if unready:
            raise RefusedError(f"Not marked as ready, so not reduced: {', '.join(unready)}.")
        session.cascade()
        for kind in asked:
            now = session.live_documents(kind, going_on[kind])
            reduce_records(session, kind, [*now.values(), *contents[kind]], reason=reason)
    return Result.of(session)


def incidents_of_reports(reports: Iterable[Report]) -> list[Incident]:
    """Incidents that rest on one of these reports and are or were public; reports are published as parts of them."""
    showing = Incident.objects.filter(evidence__report__in=[report.pk for report in reports]).distinct()
    public = Revision.objects.of("incident", list(showing.values_list("public_id", flat=True)))
    return list(showing.filter(public_id__in=public.values_list("record_id", flat=True)).order_by("pk"))


def _ended(kind: str, ids: Sequence[str]) -> set[str]:
    """The records of these ids that were public and are so no longer."""
    revisions = Revision.objects.of(kind, ids)
    live = set(revisions.live().values_list("record_id", flat=True))
    return set(revisions.values_list("record_id", flat=True)) - live


def _if_published(record: PublicRecord) -> Document:
    found = preview(record)
    if found.working is None:
        raise RefusedError(f"{record.public_id} cannot be reduced: {found.problem}")
    return found.working
