"""The published documents that others show, fetched by the chunk and kept while one publication lasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from incidents.ledger.models import Revision

KEPT = 50_000
"""Documents kept per kind before the oldest half is dropped; bounds a load's memory."""


class DocumentCache:
    """What is public now of places, sources, actors and datasets, as parsed documents."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, dict[str, Any]]] = {}
        self._absent: set[tuple[str, str]] = set()
        """Records that were not public when they were asked for: generalised documents ask for many such."""

    @classmethod
    def holding(cls, documents: dict[str, dict[str, dict[str, Any]]]) -> DocumentCache:
        """A cache with the given documents by kind and id, which never queries the ledger."""
        cache = cls()
        cache._kept = documents
        return cache

    def fetch(self, kind: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Published documents of these ids; one query for those that are not cached."""
        kept = self._kept.setdefault(kind, {})
        wanted = list(ids)
        try:
            return {record_id: kept[record_id] for record_id in wanted}
        except KeyError:
            absent = self._absent
            missing = {each for each in wanted if each not in kept and (kind, each) not in absent}
            found = Revision.objects.live().of(kind, sorted(missing)).documents() if missing else {}
            for record_id, document in found.items():
                self.keep(kind, record_id, document)
            if len(absent) > KEPT:
                absent.clear()
            absent.update((kind, each) for each in missing if each not in found)
        return {record_id: kept[record_id] for record_id in wanted if record_id in kept}

    def keep(self, kind: str, record_id: str, document: dict[str, Any]) -> None:
        """Remember a document that was published just now."""
        kept = self._kept.setdefault(kind, {})
        if len(kept) >= KEPT and record_id not in kept:
            for old in list(kept)[: KEPT // 2]:
                del kept[old]
        kept[record_id] = document
        self._absent.discard((kind, record_id))

    def forget(self, kind: str, record_id: str) -> None:
        """Drop a document that is public no longer, or in another version."""
        self._kept.get(kind, {}).pop(record_id, None)
        self._absent.discard((kind, record_id))

    def places(self, ids: Iterable[str]) -> Mapping[str, dict[str, Any]]:
        """Documents of these places and of all areas that contain them, by id."""
        places = self.fetch("location", ids)
        around = {part for place in places.values() for part in place["within"]}
        return places | self.fetch("location", around)
