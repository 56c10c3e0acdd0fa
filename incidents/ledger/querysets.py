"""Named queries of revisions, entries and releases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Self

from django.db import models
from django.db.models import Q

from incidents.ledger import shapes
from incidents.ledger.search import Matches, Terms
from incidents.ledger.shapes import Document


class LivingQuerySet(models.QuerySet[Any]):
    """Rows that are valid from a publication until another retires them."""

    def live(self) -> Self:
        """Keep what is public now."""
        return self.filter(retired__isnull=True)

    def valid_at(self, seq: int) -> Self:
        """Keep what was public after a publication."""
        return self.filter(Q(retired__isnull=True) | Q(retired__gt=seq), seq__lte=seq)


class EntryQuerySet(LivingQuerySet):
    """Entries of one kind; `IncidentEntry.objects.live().holding(terms)`."""

    def holding(self, terms: Terms) -> Self:
        """Keep the entries whose words and facets meet the terms."""
        return self.filter(Matches(self.model, terms))


class RevisionQuerySet(LivingQuerySet):
    """Revisions, chosen by kind, record and time; `Revision.objects.live().of("incident", ids).documents()`."""

    def of(self, kind: str, ids: Collection[str] | None = None) -> Self:
        """Keep revisions of a kind, and of these records where some are named."""
        chosen = self.filter(kind=kind)
        return chosen if ids is None else chosen.filter(record_id__in=list(ids))

    def with_content(self) -> Self:
        """Leave out tombstones, and what a redaction has emptied."""
        return self.exclude(document="")

    def documents(self) -> dict[str, Document]:
        """Documents by record id, in the latest format; for several revisions of a record, the last one."""
        rows = self.with_content().values_list("kind", "record_id", "shape", "document")
        return {record_id: shapes.parsed(kind, shape, text) for kind, record_id, shape, text in rows}

    def live_documents(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        """Documents of these records that are public now, in the order of the ids and not in that of the database."""
        found = self.live().of(kind, ids).documents()
        return {record_id: found[record_id] for record_id in ids if record_id in found}

    def document(self) -> Document | None:
        """Document of the one record that is chosen, in the latest format; None if it has none."""
        return next(iter(self.documents().values()), None)

    def each_document(self) -> Iterator[tuple[str, Document]]:
        """Yield each record id with its document, in the latest shape, without keeping them in memory."""
        rows = self.with_content().values_list("kind", "record_id", "shape", "document")
        for kind, record_id, shape, text in rows.iterator(chunk_size=500):
            yield record_id, shapes.parsed(kind, shape, text)


class ReleaseQuerySet(models.QuerySet[Any]):
    """Releases, whatever became of their files."""

    def with_files(self) -> Self:
        """Keep those whose files were not taken down for ever."""
        return self.filter(withdrawn_at=None)


EntryManager = models.Manager.from_queryset(EntryQuerySet)
ReleaseManager = models.Manager.from_queryset(ReleaseQuerySet)
RevisionManager = models.Manager.from_queryset(RevisionQuerySet)
