"""An open publication: writes contents, and updates all documents that show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from incidents.batches import batched
from incidents.ledger import denormalisation
from incidents.ledger.commit import Commit, Counts
from incidents.ledger.content import Prepared, RefusedError, digest
from incidents.ledger.denormalisation import Document, is_generalised
from incidents.ledger.document_cache import DocumentCache
from incidents.ledger.latest_states import State
from incidents.ledger.models import LocationEntry, Revision
from incidents.ledger.prepared_rows import Writable
from incidents.ledger.revision_rows import Numbers
from incidents.ledger.store import CHUNK
from incidents.publishing import relation_ends
from incidents.publishing.history import shown_by
from incidents.publishing.refusals import (
    refuse_ever_shown,
    refuse_told_by_merged,
    refuse_without_reason,
    watching,
)
from incidents.publishing.showing import Change, Changed, Live, found_otherwise, refuse_shown, showing
from incidents.publishing.still_readable import StillReadable


class PublishingSession:
    """One open publication; made by `publication`."""

    def __init__(self, commit: Commit, *, preview: bool = False) -> None:
        self._commit = commit
        self._preview = preview
        self.seq: int | None = None
        self.still_readable = StillReadable()
        """The records that this publication makes coarser than what is public; complete after `cascade`."""
        self.reduced = 0
        """Number of records whose earlier revisions were reduced, without those that only showed one."""
        self.left_public: dict[tuple[str, str], None] = {}
        """Places, sources and actors that became public together with a reduced incident, and stay so."""
        commit.on_change = self.still_readable.note

    @property
    def cache(self) -> DocumentCache:
        """The published documents that others show, this publication's own included."""
        return self._commit.cache

    @property
    def counts(self) -> dict[str, Counts]:
        """Kind → change → number of records, so far."""
        return self._commit.counts

    @staticmethod
    def digest(kind: str, content: Document) -> str:
        """Hash of a content, equal only for equal contents of a kind."""
        return digest(kind, content)

    @property
    def published(self) -> str:
        """When what is put is published, as documents write it."""
        return self._commit.published

    def public_among(self, kind: str, ids: Iterable[str]) -> set[str]:
        """The subset of these ids that is public now."""
        live = Revision.objects.live().of(kind, list(ids))
        return set(live.values_list("record_id", flat=True))

    def public_in_full(self, ids: Collection[str]) -> set[str]:
        """The subset of these ids of incidents that are public now and held back in nothing."""
        documents = self._commit.live_documents("incident", list(ids)) if ids else {}
        return {public_id for public_id, document in documents.items() if not is_generalised(document)}

    def put(self, kind: str, contents: Sequence[Document]) -> Counts:
        """Publish contents of one kind, each id once; returns added, changed, unchanged. Raises RefusedError."""
        total: Counts = {"added": 0, "changed": 0, "unchanged": 0}
        for chunk in batched(contents, CHUNK):
            for change, number in self._commit.put(kind, chunk).items():
                total[change] += number
        return total

    def put_moved(self, place: Document) -> None:
        """Publish a place that moved into another area, and at once the places inside it."""
        self.put("location", [place])
        moved = [place]
        while moved:
            moved = [inside for area in moved for inside in self._move_children(area["id"], area)]

    def latest(self, kind: str, ids: Sequence[str]) -> Mapping[str, State]:
        """Latest revision of each of these records, live or not; records without one are missing."""
        return self._commit.latest(kind, ids)

    def put_prepared(self, kind: str, prepared: Sequence[Prepared], states: Mapping[str, State]) -> Counts:
        """Publish at most a chunk of contents of one kind that were made ready elsewhere, each record once.

        `states` are what `latest` says of them. Raises RefusedError.
        """
        return self._commit.put_prepared(kind, prepared, states)

    def numbers_for(self, count: int) -> Numbers:
        """Reserve row numbers for at most this many new records, whose rows are made elsewhere."""
        return self._commit.numbers_for(count)

    def put_added(self, kind: str, rows: Writable, number: int) -> None:
        """Publish records without a revision, with the rows that `ledger.revision_rows` made of them."""
        self._commit.put_added(kind, rows, number)

    def withdraw(self, kind: str, ids: Sequence[str], *, reason: str) -> int:
        """End public records with a reason; returns how many. Raises RefusedError for one that is still shown."""
        refuse_without_reason(reason, "withdrawal")
        return self._end(kind, ids, "withdrawn", reason)

    def merge(self, kind: str, record_id: str, target: str, *, reason: str) -> None:
        """End a public record in favour of another; whatever shows it shows its target instead."""
        refuse_without_reason(reason, "merger")
        if record_id == target:
            raise RefusedError(f"{kind} {record_id} cannot be merged into itself.")
        documents = self._commit.live_documents(kind, [record_id, target])
        if target not in documents:
            raise RefusedError(f"{kind} {target} is not public, so nothing can be merged into it.")
        if record_id not in documents:
            raise RefusedError(f"{kind} {record_id} is not public, so it cannot be merged.")
        old, new = documents[record_id], documents[target]
        if kind == "incident" and is_generalised(new):
            # No other document may name the target.
            self._put_each(relation_ends.of_none(self._commit.seq, [record_id]))
        else:
            self._refer_to(kind, old, new)
        if kind == "location":
            self._move_children(record_id, new)
        if kind == "source":
            datasets = self._commit.live_documents("dataset", watching(record_id))
            self.put(
                "dataset", [denormalisation.watching_instead(each, record_id, target) for each in datasets.values()]
            )
        self._commit.retire(kind, [record_id], "merged", reason, target)

    def _refer_to(self, kind: str, old: Document, new: Document) -> None:
        """Show a record in place of the one that was merged into it, wherever that is shown."""
        for chunk in showing(self._commit.seq, [(kind, old["id"])]):
            self._put_changed(
                [(before, denormalisation.replace_reference(before, kind, old, new)) for before, *_ in chunk]
            )
        if kind == "incident":
            self._put_changed(relation_ends.inherited(old, new["id"]))

    def redact(self, kind: str, record_id: str, *, reason: str) -> None:
        """Take a record's content out of all history; a tombstone with the reason stays."""
        refuse_without_reason(reason, "redaction")
        refuse_told_by_merged(kind, record_id)
        if kind != "incident":
            refuse_ever_shown(kind, record_id)
        if kind == "incident":
            self._put_each(relation_ends.of_none(self._commit.seq, [record_id]))
        self._commit.retire(kind, [record_id], "redacted", reason)
        self._commit.empty(kind, record_id)

    def reduce(self, kind: str, contents: Sequence[Document], *, reason: str) -> int:
        """Replace the content of all earlier revisions of these records by these contents; returns how many had any.

        `publishing.history` reduces what else shows them. Raises RefusedError.
        """
        refuse_without_reason(reason, "reduction")
        number = 0
        for chunk in batched(contents, CHUNK):
            number += self._commit.reduce(kind, chunk, reason)
            self.still_readable.forget((kind, content["id"]) for content in chunk)
        return number

    def merged_into(self, kind: str, ids: Sequence[str]) -> dict[str, str]:
        """The records that were merged into one of these, and still are, with their targets; not the redacted ones."""
        wanted = set(ids)
        rows = Revision.objects.of(kind).filter(change="merged").values_list("record_id", "target")
        ever = sorted(
            record_id for record_id, target in rows.iterator() if target in wanted
        )  # no index has the targets
        states = [state for some in batched(ever, CHUNK) for state in self._commit.latest(kind, some).items()]
        merged = {name: state.target for name, state in states if state.change == "merged"}
        return {name: target for name, target in merged.items() if target in wanted}

    def live_documents(self, kind: str, ids: Sequence[str]) -> Mapping[str, Document]:
        """What is public of these records, this publication included."""
        found = (self._commit.live_documents(kind, some) for some in batched(ids, CHUNK))
        return {name: document for documents in found for name, document in documents.items()}

    def relate(self, contents: Sequence[Document]) -> None:
        """Make the other ends of these contents' relations, and of those they no longer have, say the same.

        To be called before the contents are put.
        """
        self._put_each(relation_ends.of_contents(contents))

    def end_relations(self, incidents: Iterable[Document]) -> None:
        """Take incidents out of the relations of others; the given documents are those that they had before."""
        self._put_each(relation_ends.without_incidents(incidents))

    def cascade(self) -> None:
        """Bring up to date what shows a place, source, actor or dataset that this publication changed."""
        changed: Changed = {}
        if self._preview:
            return
        while moved := self._commit.moved():
            corrected = {
                key: (old, new)
                for key, (old, new) in moved.items()
                # Of a dataset, incidents show the licence alone: a new field of it changes none of them.
                if old and new and (key[0] != "dataset" or old["licence"] != new["licence"])
            }
            changed |= corrected
            for (kind, record_id), (_, new) in corrected.items():
                if kind == "location":
                    self._move_children(record_id, new)
        for chunk in showing(self._commit.seq, list(changed)):
            self._show_again(chunk, changed)

    def _show_again(self, chunk: Sequence[Live], changed: Changed) -> None:
        rendered, reindexed = [], []
        for live in chunk:
            before = after = live.document
            for kind, record_id in shown_by(before):
                if (kind, record_id) in changed:
                    after = denormalisation.show_again(after, kind, *changed[kind, record_id])
            if _differ("incident", before, after):
                rendered.append((before, after))
            elif found_otherwise(self.cache, before, changed):
                reindexed.append(live)
        self._put_changed(rendered)
        if reindexed:
            self._commit.reenter("incident", reindexed)

    def _end(self, kind: str, ids: Sequence[str], change: str, reason: str) -> int:
        if kind == "incident":
            self._put_each(relation_ends.of_none(self._commit.seq, ids))
        else:
            for record_id in ids:
                refuse_shown(self._commit.seq, kind, record_id, change, ids)
        return sum(self._commit.retire(kind, chunk, change, reason) for chunk in batched(ids, CHUNK))

    def _put_each(self, chunks: Iterable[Sequence[Change]]) -> None:
        for pairs in chunks:
            self._put_changed(pairs)

    def _put_changed(self, pairs: Sequence[Change]) -> None:
        fresh = [after for before, after in pairs if _differ("incident", before, after)]
        if fresh:
            self.put("incident", fresh)

    def _move_children(self, record_id: str, parent: Document) -> list[Document]:
        """Show the places inside a place by what it is now; returns those that changed."""
        changed: list[Document] = []
        inside = LocationEntry.objects.live().filter(parent=record_id)
        ids = sorted(inside.values_list("record_id", flat=True))
        for chunk in batched(ids, CHUNK):
            documents = self._commit.live_documents("location", chunk)
            moved = [(before, denormalisation.place_within(before, parent)) for before in documents.values()]
            fresh = [after for before, after in moved if _differ("location", before, after)]
            self.put("location", fresh)
            changed += fresh
        return changed

    def close(self) -> None:
        """Bring everything up to date and write the publication."""
        self.cascade()
        self.seq = self._commit.finish()


def _differ(kind: str, before: Document, after: Document) -> bool:
    return digest(kind, before) != digest(kind, after)


@contextmanager
def publication(
    *,
    author: str = "",
    message: str = "",
    origin: dict[str, Any] | None = None,
    preview: bool = False,
) -> Iterator[PublishingSession]:
    """Open one publication in one transaction; an exception leaves nothing behind, no change writes nothing.

    `preview` is for whoever rolls it back: only the records themselves are rendered, not what shows them.
    """
    with transaction.atomic():
        session = PublishingSession(Commit(author, message, origin or {}), preview=preview)
        yield session
        session.close()
