"""Writes publications to a mirror's ledger as the origin wrote them: the second of the two writers that a ledger has.

A mirror has no working records, so nothing is rendered and nothing can be refused here. What comes is put down with its
numbers and times; entries are made from the documents, as they were at the origin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from django.db import connection, transaction

from incidents.batches import batched
from incidents.ledger import reduction, shapes, store
from incidents.ledger.content import digest
from incidents.ledger.denormalisation import Document
from incidents.ledger.document_cache import DocumentCache
from incidents.ledger.entries import enter, entering_published, retire
from incidents.ledger.first_publications import First, first_publications
from incidents.ledger.index import FOUND_BY
from incidents.ledger.mirrored import MIRROR_OF
from incidents.ledger.models import ENTRIES, KINDS, LIVING, Head, IncidentEntry, Publication, Revision
from incidents.ledger.search import Terms
from incidents.ledger.signals import datasets_published, redacted
from incidents.mirroring.errors import MirrorError
from incidents.text_folding import facet
from incidents.vocabulary import CHANGES

Told = Mapping[str, Any]
FACETS = 200
"""Places looked for at once."""


class Replay:
    """Puts down whole publications, within a transaction of the caller's; it takes the head's lock."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._head = Head.objects.select_for_update().get(id=1)
        self._shown = DocumentCache()
        self._seq = 0
        self._now: Any = None
        self._moved: list[str] = []
        self._emptied: set[str] = set()
        self._reduced: dict[str, list[str]] = {}
        self._redacted = False

    @property
    def seq(self) -> int:
        """Number of the last publication in the local ledger; 0 if it is empty."""
        return self._head.seq

    def publish(self, told: Told, pieces: Iterable[Sequence[Told]]) -> Iterator[int]:
        """Put down one publication with all its changes, and yield how many those are so far. Raises MirrorError."""
        if told["seq"] != self._head.seq + 1:
            raise MirrorError(f"{self._url} sends publication {told['seq']} after {self._head.seq}.")
        self._seq, self._moved, self._reduced = told["seq"], [], {}
        published_at = _moment(told["published"])
        self._now = connection.ops.adapt_datetimefield_value(published_at)
        count = 0
        for piece in pieces:
            for run in _runs(piece):
                self._write(run[0]["kind"], run)
                count += len(run)
                yield count
        self._index_anew()
        for kind in KINDS:  # places before the incidents that are found by them
            reduction.fill(kind, self._reduced.get(kind, ()), self._seq, self._head)
        Publication.objects.create(
            seq=self._seq,
            published_at=published_at,
            message=told["message"],
            origin={MIRROR_OF: self._url},
            counts=told["counts"],
            totals=told["totals"],
        )
        self._head.seq, self._head.published_at, self._head.totals = self._seq, published_at, told["totals"]

    def finish(self) -> None:
        """Move the head to the last publication that was put down."""
        for kind in self._emptied:
            store.forget_erased_words(ENTRIES[kind])
        self._head.save()
        transaction.on_commit(partial(datasets_published.send_robust, sender=Replay))
        if self._redacted:
            tell = partial(redacted.send_robust, sender=Replay)
            transaction.on_commit(tell)

    def _write(self, kind: str, run: Sequence[Told]) -> None:
        """Put down changes of one kind, of each record one."""
        ids = [change["id"] for change in run]
        before = self._live_places(ids) if kind == "location" else {}
        for model, of_kind in ((Revision, kind), (ENTRIES[kind], "")):
            retire(model, of_kind, ids, self._seq)
        firsts = first_publications(kind, [change["id"] for change in run if change["revision"] > 1])
        revisions: list[tuple[Any, ...]] = []
        written: list[tuple[Document, int, int]] = []
        for change in run:
            self._head.last_revision += 1
            revisions.append(self._revision(change, firsts.get(change["id"])))
            if change["document"]:
                document = shapes.upgraded(kind, _shape(change), change["document"])
                written.append((document, self._head.last_revision, self._seq))
                self._show(kind, document)
            else:
                self._shown.forget(kind, change["id"])
        store.write(store.sheet(Revision, revisions))
        self._enter(kind, written)
        self._moved += [each["id"] for each, *_ in written if _is_found_otherwise(before.get(each["id"]), each)]
        for change in run:
            if change["redacted"]:
                self._empty(kind, change)

    def _revision(self, change: Told, first: First | None) -> tuple[Any, ...]:
        document = change["document"]
        is_later = first is not None and first.seq != self._seq and change["change"] in LIVING
        return (
            self._head.last_revision,
            change["kind"],
            change["id"],
            change["revision"],
            self._seq,
            None if change["change"] in LIVING else self._seq,
            change["change"],
            change["reason"] or "",
            change["target"] or "",
            ",".join(change["changed_fields"]),
            digest(change["kind"], document) if document else "",
            self._now,
            orjson.dumps(document).decode() if document else "",
            _shape(change) if document else None,
            change.get("reduced"),
            store.moment(first.at) if first and is_later else None,
        )

    def _show(self, kind: str, document: Document) -> None:
        if kind == "location":  # of what others show only places tell how those are found
            self._shown.keep(kind, document["id"], document)

    def _live_places(self, ids: Sequence[str]) -> dict[str, Document]:
        return Revision.objects.live().of("location", ids).documents()

    def _enter(self, kind: str, written: Sequence[tuple[Document, int, int]]) -> None:
        """Make the entries of documents, each with its revision's id and seq."""
        at = [document["location"]["id"] for document, *_ in written] if kind == "incident" else []
        places = self._shown.places(place for place in at if place)
        entering = entering_published(kind, written, places)
        enter(kind, entering, self._seq, self._head)

    def _empty(self, kind: str, change: Told) -> None:
        """Take a record's content out of all history, as soon as it is known to be redacted or reduced."""
        ending = change["change"] == "redacted"
        reduced = change.get("reduced")
        if not ending and reduced is not None:
            return  # an earlier revision, whose content its reduction brings
        known = reduction.empty(kind, [change["id"]], reduced=reduced)
        if known:
            self._emptied.add(kind)
        if reduced is not None:
            self._reduced.setdefault(kind, []).append(change["id"])
        if known or ending:
            self._head.redacted = self._seq
            self._redacted = True

    def _index_anew(self) -> None:
        """Give the incidents at places that are found otherwise now new entries, without new revisions.

        Nothing of this is sent: it follows from the documents.
        """
        for places in batched(self._moved, FACETS):
            terms = Terms([[facet("l", place) for place in places]])
            last = -1
            while some := self._entries_found_by(terms, last):
                last = some[-1][0]
                documents = Revision.objects.in_bulk([revision for _, revision, _ in some])
                written = [(documents[revision].content(), revision, published) for _, revision, published in some]
                ids = [document["id"] for document, *_ in written]
                retire(IncidentEntry, "", ids, self._seq)
                self._enter("incident", written)

    def _entries_found_by(self, terms: Terms, after: int) -> list[tuple[int, int, int]]:
        """Key, revision and its publication for live entries from before this publication, by key."""
        entries = IncidentEntry.objects.live().holding(terms).filter(key__gt=after, seq__lt=self._seq)
        return list(entries.order_by("key").values_list("key", "revision_id", "published")[: store.CHUNK])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _shape(change: Told) -> int | None:
    """Format number of a change's document, as stored."""
    return shapes.stored(change.get("shape", shapes.FIRST))


def _is_found_otherwise(before: Document | None, after: Document) -> bool:
    return before is not None and any(before[name] != after[name] for name in FOUND_BY)


def _runs(changes: Sequence[Told]) -> Iterator[list[Told]]:
    """Cut changes, in their order, where the kind changes, a record comes again, or they become many."""
    run: list[Told] = []
    ids: set[str] = set()
    for change in changes:
        if change["kind"] not in KINDS or change["change"] not in CHANGES:
            raise MirrorError(
                f"This version does not support “{change['change']}” of a “{change['kind']}”. Upgrade the mirror."
            )
        if run and (change["kind"] != run[0]["kind"] or change["id"] in ids or len(run) == store.CHUNK):
            yield run
            run, ids = [], set()
        run.append(change)
        ids.add(change["id"])
    if run:
        yield run
