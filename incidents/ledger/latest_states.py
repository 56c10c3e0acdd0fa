"""The latest revision of records, as far as a commit needs it: whether it is live, and what it says, as a digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incidents.ledger import shapes
from incidents.ledger.content import RefusedError, digest
from incidents.ledger.models import Revision


class State:
    """The latest revision of a record."""

    __slots__ = ("change", "digest", "id", "live", "number", "seq", "target")

    def __init__(
        self, key: int, number: int, digest: str, retired: int | None, change: str, seq: int, target: str
    ) -> None:
        self.id, self.number, self.digest, self.change, self.seq = key, number, digest, change, seq
        self.live = retired is None
        self.target = target


def latest_states(kind: str, ids: Sequence[str]) -> dict[str, State]:
    """Latest revision of each of these records, live or not; records without one are missing."""
    rows = (
        Revision.objects.of(kind, ids)
        .order_by("number")
        .values_list("record_id", "id", "number", "digest", "retired", "change", "seq", "target")
    )
    states = {row[0]: State(*row[1:]) for row in rows}
    if shapes.UPGRADES:
        _compare_in_latest_shape(kind, states)
    return states


def refuse_gone(kind: str, record_id: str, state: State | None) -> None:
    """Raise RefusedError for a record that was merged or redacted."""
    if state and state.change == "merged":
        raise RefusedError(f"{kind} {record_id} was merged into {state.target}. Publish that record instead.")
    if state and state.change == "redacted":
        raise RefusedError(f"{kind} {record_id} was redacted. It cannot be published again with this id.")


def _compare_in_latest_shape(kind: str, states: Mapping[str, State]) -> None:
    """Let what an upgrade has changed in the documents not make records count as changed."""
    older = Revision.objects.live().of(kind, states).exclude(shape=shapes.latest())
    for record_id, document in older.documents().items():
        states[record_id].digest = digest(kind, document)
