"""What staff and commands do: publish, withdraw, merge, redact, and look before they leap."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from django.db import transaction

from incidents.batches import batched
from incidents.ledger.content import RefusedError, changed_fields
from incidents.ledger.models import Revision
from incidents.ledger.store import CHUNK
from incidents.models import Incident, PublicRecord
from incidents.publishing.dependencies import KIND_OF
from incidents.publishing.history import reduce_noted
from incidents.publishing.left_places import LeftPlaces
from incidents.publishing.publish_records import publish_within
from incidents.publishing.readable_texts import refuse_revealing_reason
from incidents.publishing.results import NotConfirmedError, Preview, Result
from incidents.publishing.session import publication
from incidents.publishing.still_readable import StillReadable


def publish(
    records: Iterable[PublicRecord],
    *,
    author: str = "",
    message: str = "",
    confirmed: str | None = None,
    reduce_because: str = "",
) -> Result:
    """Publish records and whatever they show that is not public yet, as one publication.

    Incidents whose editorial status is not "ready" are left out and listed in the result. Raises RefusedError, which
    names each record that cannot be published and why; nothing is published then. With `confirmed`, the token of a
    `StillReadable` that somebody has seen, raises NotConfirmedError if the publication makes coarser what is not in it.
    `reduce_because` is the public reason for which the earlier revisions of such records get their new content.
    """
    asked = list(records)
    with publication(author=author, message=message) as session:
        left = LeftPlaces(session, (each for each in asked if isinstance(each, Incident)))
        unready = publish_within(session, asked, message=message)
        session.cascade()
        if confirmed is not None and session.still_readable.token not in ("", confirmed):
            raise NotConfirmedError(session.still_readable)
        if reduce_because:
            refuse_revealing_reason(asked, reduce_because)
            reduce_noted(session, reduce_because)
        emptied = left.empty()
    return Result.of(session, unready, emptied)


def what_stays_readable(records: Iterable[PublicRecord]) -> StillReadable:
    """Public values that publishing these records now would make coarser; writes nothing.

    Raises RefusedError.
    """
    with transaction.atomic():
        with publication() as session:
            publish_within(session, list(records))
            session.cascade()
        transaction.set_rollback(True)
    return session.still_readable


def withdraw(records: Iterable[PublicRecord], *, reason: str, author: str = "") -> Result:
    """Withdraw public records with a reason that readers see; raises RefusedError."""
    by_kind: dict[str, list[str]] = {}
    ended = list(records)
    refuse_revealing_reason(ended, reason)
    for record in ended:
        by_kind.setdefault(KIND_OF[type(record)], []).append(record.public_id)
    with publication(author=author, message=f"Withdraw: {reason}") as session:
        left = LeftPlaces(session, ended)
        for kind in ("incident", "location", "dataset", "actor", "source"):
            if by_kind.get(kind):
                session.withdraw(kind, sorted(by_kind[kind]), reason=reason)
        _no_longer_ready(ended)
        emptied = left.empty()
    return Result(session.seq, session.counts, emptied=emptied)


def redact(record: PublicRecord, *, reason: str, author: str = "") -> Result:
    """Take a record's content out of all published history, for safety; raises RefusedError."""
    refuse_revealing_reason([record], reason)
    with publication(author=author, message=f"Redact: {reason}") as session:
        session.redact(KIND_OF[type(record)], record.public_id, reason=reason)
        _no_longer_ready([record])
    return Result(session.seq, session.counts)


def _no_longer_ready(records: Iterable[PublicRecord]) -> None:
    """Reset the status of ended records, so that publishing all ready records does not restore them."""
    incidents = [record.pk for record in records if isinstance(record, Incident)]
    for some in batched(incidents, CHUNK):
        Incident.objects.filter(pk__in=some).update(editorial_status="rejected")


def preview(record: PublicRecord) -> Preview:
    """Published document of a record, and the document that publishing now would create; writes nothing."""
    kind = KIND_OF[type(record)]
    live = Revision.objects.live().of(kind, [record.public_id])
    published = live.document()
    problem, working, still_readable = "", None, StillReadable()
    with transaction.atomic():
        try:
            with publication(preview=True) as session:
                publish_within(session, [_as_ready(record)])
            working, still_readable = live.all().document(), session.still_readable
        except RefusedError as error:
            problem = str(error)
        transaction.set_rollback(True)
    changed = changed_fields(published or {}, working) if working else []
    return Preview(published, working, changed, problem, still_readable)


def _as_ready(record: PublicRecord) -> PublicRecord:
    record = copy.copy(record)  # the caller's own keeps its status
    if isinstance(record, Incident):
        record.editorial_status = "ready"
    return record
