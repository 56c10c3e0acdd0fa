"""The one function that writes the ledger: a commit takes the head's lock, adds revisions, and moves the head.

Everything happens in one transaction. The lock is taken before anything is read, and is held until the transaction
ends, so the order of `seq` is the order of commits and a failed one leaves no gap.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone

from incidents.ledger import reduction, store
from incidents.ledger.content import Prepared, RefusedError, changed_fields, digest, prepare, stamp
from incidents.ledger.denormalisation import Document
from incidents.ledger.document_cache import DocumentCache
from incidents.ledger.entries import Entering, enter, entering_published, retire
from incidents.ledger.first_publications import first_publications
from incidents.ledger.latest_states import State, latest_states, refuse_gone
from incidents.ledger.mirrored import refuse_on_mirror
from incidents.ledger.models import ENTRIES, KINDS, Head, Publication, Revision
from incidents.ledger.planner_samples import Samples
from incidents.ledger.prepared_rows import Writable
from incidents.ledger.reductions import Reductions
from incidents.ledger.revision_rows import Numbers, revision_row, tombstone_row
from incidents.ledger.signals import datasets_published, redacted

Counts = dict[str, int]


class Commit:
    """One publication in the making; use `incidents.publishing.publication`, which opens and closes it."""

    def __init__(self, author: str, message: str, origin: dict[str, Any]) -> None:
        self.on_change: Callable[[str, Document, Document], None] = lambda kind, before, after: None
        """Called with the kind and both documents of a record that has a new revision and had one before."""
        self.cache = DocumentCache()
        self.counts: dict[str, Counts] = {}
        head = Head.objects.select_for_update().get(id=1)
        self.head = head
        refuse_on_mirror(head.seq)
        self.seq = head.seq + 1
        # Times never run backwards, so that `as_of=<time>` has one answer.
        now = timezone.now().replace(microsecond=0)
        self.now = max(now, head.published_at or now)
        self.published = stamp(self.now)
        self._now_value = store.moment(self.now)
        self.living: Counts = dict.fromkeys(KINDS, 0)
        self._samples = Samples(Revision)
        self._publication = Publication(
            seq=self.seq, published_at=self.now, author=author, message=message, origin=origin
        )
        self._moved: dict[tuple[str, str], tuple[Document | None, Document | None]] = {}
        self.emptied: set[str] = set()
        """Kinds with records whose content was removed."""
        self._reductions = Reductions(self)

    @property
    def changed_anything(self) -> bool:
        """False if every record is unchanged, so no publication is written."""
        return any(
            number for counts in self.counts.values() for change, number in counts.items() if change != "unchanged"
        )

    def count(self, kind: str, change: str, number: int) -> None:
        """Add to the counts of this publication."""
        counts = self.counts.setdefault(kind, {})
        counts[change] = counts.get(change, 0) + number

    def latest(self, kind: str, ids: Sequence[str]) -> dict[str, State]:
        """Latest revision of each of these records, live or not; records without one are missing."""
        return latest_states(kind, ids)

    def live_documents(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        """Parsed documents of these records that are public now, in the order of the ids."""
        return Revision.objects.live_documents(kind, ids)

    def _live_document(self, kind: str, record_id: str) -> Document | None:
        return self.live_documents(kind, [record_id]).get(record_id)

    def put(self, kind: str, contents: Sequence[Document]) -> Counts:
        """Publish contents; those that say what is public already write nothing.

        At most `store.CHUNK` contents of one kind, each id once; what this publication wrote of them before gives way.
        Returns how many were added, changed and unchanged. Raises RefusedError for a record merged or redacted.
        """
        digests = {content["id"]: digest(kind, content) for content in contents}
        states = self._states(kind, digests)
        places = self.places_of(kind, contents)
        fresh: list[Prepared] = []
        for content in contents:
            state = states.get(content["id"])
            if state is None or not state.live or state.digest != digests[content["id"]]:
                number = state.number + 1 if state else 1
                live = partial(self._live_document, kind, content["id"])
                fresh.append(prepare(kind, content, number, self.published, digests[content["id"]], places, live))
        return self._put_fresh(kind, fresh, states, len(contents) - len(fresh))

    def put_prepared(self, kind: str, prepared: Sequence[Prepared], states: Mapping[str, State]) -> Counts:
        """Publish contents that were prepared elsewhere; `states` are the `latest` revisions of the records.

        Only for records that this publication has not written before. One that was made ready for another number than
        it gets is made ready again.
        """
        fresh: list[Prepared] = []
        for each in prepared:
            state = states.get(each.id)
            if state is not None and state.live and state.digest == each.digest:
                continue
            number = state.number + 1 if state else 1
            if number != each.number:
                content = orjson.loads(each.document)
                live = partial(self._live_document, kind, each.id)
                places = self.places_of(kind, [content])
                each = prepare(kind, content, number, self.published, each.digest, places, live)
            fresh.append(each)
        return self._put_fresh(kind, fresh, states, len(prepared) - len(fresh))

    def numbers_for(self, count: int) -> Numbers:
        """Reserve row numbers for at most this many new records, whose rows are made elsewhere."""
        vendor = connection.vendor
        numbers = Numbers(self.seq, self._now_value, vendor, self.head.last_revision, self.head.last_entry)
        self.head.last_revision += count
        self.head.last_entry += count
        return numbers

    def put_added(self, kind: str, rows: Writable, number: int) -> None:
        """Publish records without a revision, with the rows that `added` made of them."""
        rows.write()
        self.living[kind] += number
        self.count(kind, "added", number)
        self._samples.written(number)

    def _before_ending(self, kind: str, ids: Collection[str]) -> dict[str, Document]:
        """Last documents of withdrawn records, which are still readable as of earlier publications."""
        earlier = Revision.objects.of(kind, ids).filter(seq__lt=self.seq)
        return earlier.order_by("number").documents() if ids else {}

    def places_of(self, kind: str, documents: Sequence[Document]) -> Mapping[str, Document]:
        """What the places of incidents, and all areas around them, are published as; nothing for other kinds."""
        if kind != "incident":
            return {}
        return self.cache.places(each["location"]["id"] for each in documents if each["location"]["id"])

    def _put_fresh(self, kind: str, fresh: Sequence[Prepared], states: Mapping[str, State], unchanged: int) -> Counts:
        for each in fresh:
            state = states.get(each.id)
            if state is None or not state.live:
                refuse_gone(kind, each.id, state)
        superseded = [each.id for each in fresh if each.id in states and states[each.id].live]
        ended = {each.id: each for each in fresh if each.id in states and not states[each.id].live}
        self.write(kind, fresh, superseded)
        for record_id, before in self._before_ending(kind, ended).items():
            self.on_change(kind, before, orjson.loads(ended[record_id].document))
        added = len(fresh) - len(superseded)
        self.living[kind] += added
        result = {"added": added, "changed": len(superseded), "unchanged": unchanged}
        for change, number in result.items():
            self.count(kind, change, number)
        return result

    def _states(self, kind: str, digests: Mapping[str, str]) -> dict[str, State]:
        """Latest revisions before this publication, ignoring what it has written so far."""
        states = self.latest(kind, list(digests))
        mine = {record_id: state for record_id, state in states.items() if state.live and state.seq == self.seq}
        again = [record_id for record_id, state in mine.items() if digests[record_id] != state.digest]
        if again:
            self.take_back(kind, {record_id: mine[record_id].change for record_id in again})
            states = {name: state for name, state in states.items() if name not in again}
            states |= self.latest(kind, again)
        return states

    def take_back(self, kind: str, changes: dict[str, str]) -> None:
        """Undo what this publication wrote of records, so that each still gets one revision of it."""
        revisions = Revision.objects.of(kind, changes)
        entries = ENTRIES[kind]._default_manager.filter(record_id__in=changes)
        keys = list(entries.filter(seq=self.seq).values_list("key", flat=True))
        store.erase_entries(ENTRIES[kind], keys)
        revisions.filter(seq=self.seq).delete()
        for rows in (revisions, entries):
            rows.filter(retired=self.seq).update(retired=None)
        for record_id, change in changes.items():
            self.count(kind, change, -1)
            self.living[kind] -= change == "added"
            self.cache.forget(kind, record_id)

    def write(self, kind: str, fresh: Sequence[Prepared], superseded: Sequence[str]) -> None:
        """Write revisions and entries of prepared contents; those of the superseded records retire."""
        before = self.live_documents(kind, superseded) if superseded else {}
        firsts = first_publications(kind, [each.id for each in fresh if each.number > 1])
        revisions: list[tuple[Any, ...]] = []
        entering: list[Entering] = []
        for each in fresh:
            old = before.get(each.id)
            document = orjson.loads(each.document) if old or kind != "incident" else None
            self.head.last_revision += 1
            changed = changed_fields(old, document) if old and document else None
            if old and document:
                self.on_change(kind, old, document)
            first = firsts.get(each.id)
            first_at = store.moment(first.at) if first and first.seq != self.seq else None
            key = self.head.last_revision
            revisions.append(revision_row(key, kind, each, self.seq, self._now_value, changed, first_at))
            first_seq = first.seq_if_earlier(self.seq) if first else None
            entering.append(Entering(each.id, each.found, key, self.seq, first_seq))
            if document and kind != "incident":
                self.cache.keep(kind, each.id, document)
                self._moved[kind, each.id] = (old, document)
        self._retire(kind, superseded)
        store.write(store.sheet(Revision, revisions))
        self._samples.written(len(revisions))
        enter(kind, entering, self.seq, self.head)

    def reenter(self, kind: str, revisions: Sequence[tuple[Document, int, int]]) -> None:
        """Reindex unchanged revisions from this publication on, because their index values have changed.

        Each is its document, its id and the seq that published it.
        """
        retire(ENTRIES[kind], "", [document["id"] for document, *_ in revisions], self.seq)
        places = self.places_of(kind, [document for document, *_ in revisions])
        entering = entering_published(kind, revisions, places)
        enter(kind, entering, self.seq, self.head)

    def _retire(self, kind: str, ids: Sequence[str]) -> None:
        retire(Revision, kind, ids, self.seq)
        retire(ENTRIES[kind], "", ids, self.seq)

    def retire(self, kind: str, ids: Sequence[str], change: str, reason: str, target: str = "") -> int:
        """End records with a tombstone each; returns how many.

        Raises RefusedError for one that is not public (a redaction also takes one that was, and for one it has taken).
        """
        states = self.latest(kind, ids)
        for record_id in ids:
            state = states.get(record_id)
            if state is None or not (state.live or change == "redacted" != state.change):
                raise RefusedError(f"{kind} {record_id} is not public, so it cannot be {change}.")
        self.end(kind, [(record_id, states[record_id], (change, reason, target)) for record_id in ids])
        return len(ids)

    def end(
        self, kind: str, ended: Sequence[tuple[str, State, tuple[str, str, str]]], *, reduced: int | None = None
    ) -> None:
        """Write a tombstone for each of these records: its id, its latest revision, and how it ends."""
        tombstones: list[tuple[Any, ...]] = []
        for record_id, state, ending in ended:
            self.living[kind] -= state.live
            self.head.last_revision += 1
            key, number = self.head.last_revision, state.number + 1
            row = tombstone_row(key, kind, record_id, number, self.seq, self._now_value, ending, reduced)
            tombstones.append(row)
            self.cache.forget(kind, record_id)
            self.count(kind, ending[0], 1)
        self._retire(kind, [record_id for record_id, *_ in ended])
        store.write(store.sheet(Revision, tombstones))

    def empty(self, kind: str, record_id: str) -> None:
        """Take a record's content out of all history: documents, entries, words. Its tombstone stays."""
        reduction.empty(kind, [record_id])
        self.emptied.add(kind)
        self.head.redacted = self.seq

    def reduce(self, kind: str, contents: Sequence[Document], reason: str) -> int:
        """Replace the content of all earlier revisions of records by these contents; returns how many had any.

        At most `store.CHUNK` contents of one kind, each id once. Raises RefusedError for a redacted record.
        """
        return self._reductions.reduce(kind, contents, reason)

    def moved(self) -> dict[tuple[str, str], tuple[Document | None, Document | None]]:
        """Documents before and after of shown records that changed since the last call; clears the list."""
        moved, self._moved = self._moved, {}
        return moved

    def finish(self) -> int | None:
        """Write the publication and move the head; returns its seq, or None when nothing changed."""
        if not self.changed_anything:
            return None
        self._reductions.finish()
        for kind in self.emptied:
            store.forget_erased_words(ENTRIES[kind])
        totals = {kind: self.head.totals.get(kind, 0) + self.living[kind] for kind in KINDS}
        self._publication.counts = self.counts
        self._publication.totals = totals
        self._publication.save(force_insert=True)
        self.head.seq = self.seq
        self.head.published_at = self.now
        self.head.totals = totals
        self.head.save()
        if "dataset" in self.counts:
            transaction.on_commit(partial(datasets_published.send_robust, sender=Commit))
        if self.head.redacted == self.seq:
            # Robust: what is committed stays so, whatever becomes of files that were made of it.
            transaction.on_commit(partial(redacted.send_robust, sender=Commit))
        return self.seq
