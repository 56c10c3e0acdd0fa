"""The reductions of one open publication: which revisions they write, and what they take back to write again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from incidents.ledger import reduction, store
from incidents.ledger.content import digest, prepare
from incidents.ledger.denormalisation import Document
from incidents.ledger.latest_states import State, refuse_gone
from incidents.ledger.models import ENTRIES, KINDS, Revision

if TYPE_CHECKING:
    from incidents.ledger import commit as commits


class Reductions:
    """Reduces records within a commit, which writes for it."""

    def __init__(self, commit: commits.Commit) -> None:
        self._commit = commit
        self._reduced: dict[str, dict[str, None]] = {}
        """Kind → records whose earlier revisions are filled when everything else is written."""
        self._revived: set[tuple[str, str]] = set()
        """What this publication wrote before it reduced it: that goes on, though it had ended before."""

    def finish(self) -> None:
        """Fill the emptied revisions, once everything else is written."""
        for kind in KINDS:  # places before the incidents that are found by them
            reduction.fill(kind, list(self._reduced.get(kind, ())), self._commit.seq, self._commit.head)

    def reduce(self, kind: str, contents: Sequence[Document], reason: str) -> int:
        """Replace the content of all earlier revisions of records by these contents; returns how many records had any.

        What is public goes on with its content, what has ended stays ended; what this publication wrote of them before
        gives way. Raises RefusedError for a redacted record.
        """
        commit = self._commit
        by_id = {content["id"]: content for content in contents}
        again = self._undo_reduction(kind, [name for name in by_id if name in self._reduced.get(kind, {})])
        states = commit.latest(kind, list(by_id))
        mine = {name: state.change for name, state in states.items() if state.live and state.seq == commit.seq}
        earlier = Revision.objects.of(kind, list(by_id)).exclude(seq=commit.seq).with_content()
        reached = {*earlier.values_list("record_id", flat=True), *again}
        commit.take_back(kind, {name: change for name, change in mine.items() if name in reached})
        latest = commit.latest(kind, list(by_id))
        # In the order of the contents: a database has an order that depends on what the records said before.
        states = {name: latest[name] for name in by_id if name in reached and name in latest}
        for name, state in states.items():
            if state.change == "redacted":
                refuse_gone(kind, name, state)
        tombstones = [(name, state, ("redacted", reason, "")) for name, state in states.items()]
        commit.end(kind, tombstones, reduced=commit.seq)
        reduction.empty(kind, list(states), reduced=commit.seq)
        commit.emptied.add(kind)
        self._write_reduced(kind, [by_id[name] for name in states], states)
        self._revived |= {(kind, name) for name in mine}
        ended = {name: state for name, state in states.items() if not (state.live or (kind, name) in self._revived)}
        self._end_again(kind, ended)
        self._reduced.setdefault(kind, {}).update(dict.fromkeys(states))
        if states:
            commit.head.redacted = commit.seq
        return len(states)

    def _undo_reduction(self, kind: str, ids: Sequence[str]) -> list[str]:
        """Take back what an earlier reduction in this publication wrote, so that another content can take its place."""
        commit = self._commit
        if not ids:
            return []
        rows = Revision.objects.of(kind, ids)
        for change, retired in rows.filter(seq=commit.seq).values_list("change", "retired"):
            commit.count(kind, change, -1)
            commit.living[kind] -= change == "added" and retired is None
        entries = ENTRIES[kind]._default_manager.filter(record_id__in=ids)
        store.erase_entries(ENTRIES[kind], list(entries.values_list("key", flat=True)))
        rows.filter(seq=commit.seq).delete()
        commit.living[kind] += rows.filter(retired=commit.seq).update(retired=None)
        return list(ids)

    def _write_reduced(self, kind: str, contents: Sequence[Document], states: Mapping[str, State]) -> None:
        commit = self._commit
        places = commit.places_of(kind, contents)
        fresh = [
            prepare(
                kind,
                each,
                states[each["id"]].number + 2,
                commit.published,
                digest(kind, each),
                places,
                partial(dict, each),  # its faults are public already
            )
            for each in contents
        ]
        commit.write(kind, fresh, [])
        commit.living[kind] += len(fresh)
        commit.count(kind, "added", len(fresh))

    def _end_again(self, kind: str, ended: Mapping[str, State]) -> None:
        """Repeat the tombstones of records that had ended before their reduction."""
        commit = self._commit
        if not ended:
            return
        rows = Revision.objects.filter(id__in=[state.id for state in ended.values()])
        endings = {row.record_id: (row.change, row.reason, row.target) for row in rows}
        now = commit.latest(kind, list(ended))
        commit.end(kind, [(name, now[name], endings[name]) for name in ended])
