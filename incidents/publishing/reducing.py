"""Makes records coarser in their whole history: publishes them as they are now, and reduces their earlier revisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from incidents.batches import batched
from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import IncidentEntry, Revision
from incidents.ledger.search import Terms
from incidents.ledger.store import CHUNK
from incidents.models import Incident, PublicRecord, Report
from incidents.publishing.actions import preview
from incidents.publishing.dependencies import KIND_OF
from incidents.publishing.history import IN_ORDER, reduce_records
from incidents.publishing.publish_records import publish_within
from incidents.publishing.readable_texts import refuse_revealing_reason
from incidents.publishing.results import Result
from incidents.publishing.session import publication
from incidents.text_folding import facet


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
    merged = {kind: _targets(kind, ids) for kind, ids in ended.items()}
    contents = {
        kind: [_if_published(asked[kind][each]) for each in sorted(ids) if each not in merged[kind]]
        for kind, ids in ended.items()
    }
    going_on = {kind: sorted(set(of_kind) - ended[kind]) for kind, of_kind in asked.items()}
    with publication(author=author, message=f"Reduce: {reason}") as session:
        unready = publish_within(session, [asked[kind][each] for kind, ids in going_on.items() for each in ids])
        if unready:
            raise RefusedError(f"Not marked as ready, so not reduced: {', '.join(unready)}.")
        session.cascade()
        for kind in (each for each in IN_ORDER if each in asked):
            now = session.live_documents(kind, going_on[kind])
            targets = session.live_documents(kind, list(merged[kind].values()))
            of_targets = [{**targets[each], "id": name} for name, each in merged[kind].items() if each in targets]
            for some in batched([*now.values(), *contents[kind], *of_targets], CHUNK):
                reduce_records(session, kind, some, reason=reason)
    return Result.of(session)


def _targets(kind: str, ids: Iterable[str]) -> dict[str, str]:
    """The records of these ended ones that were merged, with their targets, whose content their history gets."""
    last: dict[str, tuple[str, str]] = {}
    for some in batched(ids, CHUNK):
        rows = Revision.objects.of(kind, some).order_by("number").values_list("record_id", "change", "target")
        last |= {name: (change, target) for name, change, target in rows}
    return {name: target for name, (change, target) in last.items() if change == "merged"}


def incidents_of_reports(reports: Iterable[Report]) -> list[Incident]:
    """Incidents whose public documents name one of these reports, now or earlier; reports are published as parts."""
    of_reports = {report.public_id for report in reports}
    sources = {part.public_id for report in reports for part in (report.source, report.relays) if part}
    by_source = IncidentEntry.objects.holding(Terms([[facet("s", source) for source in sources]])) if sources else ()
    found = {entry.record_id for entry in by_source}
    found |= set(Incident.objects.filter(evidence__report__in=list(reports)).values_list("public_id", flat=True))
    resting = {
        name
        for some in batched(sorted(found), CHUNK)
        for name, document in Revision.objects.of("incident", some).each_document()
        if not of_reports.isdisjoint(each["id"] for each in document["reports"])
    }
    return list(Incident.objects.filter(public_id__in=resting).order_by("pk"))


def _ended(kind: str, ids: Sequence[str]) -> set[str]:
    """The records of these ids that were public and are so no longer."""
    ended: set[str] = set()
    for some in batched(ids, CHUNK):
        revisions = Revision.objects.of(kind, some)
        live = set(revisions.live().values_list("record_id", flat=True))
        ended |= set(revisions.values_list("record_id", flat=True)) - live
    return ended


def _if_published(record: PublicRecord) -> Document:
    found = preview(record)
    if found.working is None:
        raise RefusedError(f"{record.public_id} cannot be reduced: {found.problem}")
    return found.working
