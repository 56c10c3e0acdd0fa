"""Makes records coarser in their whole history: publishes them as they are now, and reduces their earlier revisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import Revision
from incidents.models import PublicRecord
from incidents.publishing.actions import Result, preview, publish_within
from incidents.publishing.dependencies import KIND_OF
from incidents.publishing.session import publication


def reduce(records: Iterable[PublicRecord], *, reason: str, author: str = "") -> Result:
    """Publish records as they are now, and replace the content of all their earlier revisions by that.

    An ended record stays ended; its history gets the content that publishing it now would have. Raises RefusedError,
    also for an incident that is public and not marked as ready.
    """
    asked: dict[str, dict[str, PublicRecord]] = {}
    for record in records:
        asked.setdefault(KIND_OF[type(record)], {})[record.public_id] = record
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
            session.reduce(kind, [*now.values(), *contents[kind]], reason=reason)
    return Result(session.seq, session.counts, still_readable=session.still_readable, reduced=session.reduced)


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
