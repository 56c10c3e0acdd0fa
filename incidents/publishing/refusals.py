"""Refuses to end records that others still show, and reasons that are none."""

from __future__ import annotations

from incidents.ledger.content import RefusedError
from incidents.ledger.latest_states import latest_states
from incidents.ledger.models import DatasetEntry, IncidentEntry, LocationEntry, Revision
from incidents.ledger.search import Terms
from incidents.publishing.history import SHOWN_AS
from incidents.text_checks import REASON, STORABLE, is_storable, length_expected
from incidents.text_folding import facet


def refuse_without_reason(reason: str, what: str) -> None:
    """Raise RefusedError for a public reason that is empty, too long, or cannot be stored."""
    if not reason.strip():
        raise RefusedError(f"A {what} needs a reason, which readers will see.")
    if len(reason) > REASON or not is_storable(reason):
        raise RefusedError(f"The reason of a {what} is {STORABLE}, {length_expected(REASON, len(reason))}.")


def refuse_told_by_merged(kind: str, record_id: str) -> None:
    """Refuse a redaction while the history of merged records still has the same content."""
    merged = Revision.objects.filter(kind=kind, target=record_id, change="merged")
    for other, state in latest_states(kind, list(merged.values_list("record_id", flat=True))).items():
        if state.change != "redacted":
            raise RefusedError(
                f"{kind} {other} was merged into {record_id} and may contain the same content. Redact it first."
            )


def refuse_ever_shown(kind: str, record_id: str) -> None:
    """Refuse a redaction of what another record shows or showed: the words would stay in its history."""
    for entry in (IncidentEntry, LocationEntry) if kind == "location" else (IncidentEntry,):
        showing = entry.objects.holding(Terms([[facet(SHOWN_AS[kind], record_id)]]))
        rows = showing.exclude(record_id=record_id)
        if (shown_by := rows.values_list("record_id", flat=True).first()) is not None:
            raise RefusedError(
                f"{kind} {record_id} is or was part of {shown_by}. Redact that first, or correct it instead."
            )


def watching(source: str) -> list[str]:
    """Ids of the public datasets that monitor a source."""
    entries = DatasetEntry.objects.live().holding(Terms([[facet("s", source)]]))
    return list(entries.values_list("record_id", flat=True))
