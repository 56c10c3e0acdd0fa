"""The lists of an incident that a file and the editors both add to: its actors and its reports.

The file decides about what it lists, and about what an earlier load of a file added. What editors added stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from incidents.ledger.models import Publication, Revision
from incidents.loading.pipeline.bulk_rows import InTexts

T = TypeVar("T")

OWN_EXPORTS = frozenset(("incidents", "locations", "sources", "actors", "datasets"))
"""Profiles of our own exports: who edits one is an editor."""


class FileEntries(NamedTuple):
    """The public ids of the actors and reports that files added to an incident."""

    actors: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()


NO_ENTRIES = FileEntries()


def entries_of_files(ids: Iterable[str]) -> dict[str, FileEntries]:
    """Return what files added to incidents, from their published history; without a history nothing."""
    rows = list(
        Revision.objects.of("incident")
        .filter(InTexts("record_id", ids))
        .with_content()
        .order_by("record_id", "number")
        .only("kind", "record_id", "seq", "shape", "document")
    )
    loads = _loads({row.seq for row in rows})
    added: dict[str, dict[str, dict[str, bool]]] = {}
    for row in rows:
        document, before = row.content(), added.get(row.record_id, {})
        added[row.record_id] = {
            name: {each["id"]: before.get(name, {}).get(each["id"], row.seq in loads) for each in document[name]}
            for name in FileEntries._fields
        }
    return {
        record_id: FileEntries(*(_true(said[name]) for name in FileEntries._fields))
        for record_id, said in added.items()
    }


def _loads(seqs: Iterable[int]) -> set[int]:
    """Return those of some publications that a load of a research file made."""
    found = Publication.objects.filter(pk__in=list(seqs)).values_list("seq", "origin")
    return {seq for seq, origin in found if origin.get("profile") and origin["profile"] not in OWN_EXPORTS}


def _true(said: dict[str, bool]) -> frozenset[str]:
    return frozenset(public_id for public_id, is_true in said.items() if is_true)


def with_kept(told: Sequence[T], before: Sequence[T], stays: Callable[[T], bool]) -> list[T]:
    """Return what a file lists, and those of the entries before that stay, where they stood."""
    entries = list(told)
    for position, each in enumerate(before):
        if stays(each):
            entries.insert(position, each)
    return entries


def merged_entries(told: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]], gone: frozenset[str]) -> list[Any]:
    """Return the entries of a public document: the file's, and those before that neither it nor a file listed."""
    here = {each["id"] for each in told}
    return with_kept(told, before, lambda each: each["id"] not in here and each["id"] not in gone)
