"""Working records by their public ids, and what merged ones have become."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from incidents.ledger.models import Revision
from incidents.models import PublicRecord
from incidents.publishing.session import chunks

Record = TypeVar("Record", bound=PublicRecord)
CHUNK = 500
MOST_STEPS = 10
"""How many times a record may have been merged on and on."""


def existing(model: type[Record], ids: Iterable[str]) -> dict[str, Record]:
    """Return the working records of these public ids."""
    found: dict[str, Record] = {}
    for some in chunks(sorted(set(ids)), CHUNK):
        rows = model._default_manager.filter(public_id__in=some)
        found |= {record.public_id: record for record in rows}
    return found


def merged(kind: str, ids: Iterable[str]) -> dict[str, str]:
    """Return for the merged ones of these records the record that stands for them now."""
    targets: dict[str, str] = {}
    asked = sorted(set(ids))
    for _ in range(MOST_STEPS):
        step: dict[str, str] = {}
        for some in chunks(asked, CHUNK):
            rows = Revision.objects.filter(kind=kind, record_id__in=some, change="merged")
            step |= dict(rows.values_list("record_id", "target"))
        if not step:
            break
        targets = {old: step.get(new, new) for old, new in targets.items()} | {
            old: new for old, new in step.items() if old not in targets
        }
        asked = sorted(set(step.values()))
    return targets
