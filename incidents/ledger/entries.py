"""Entries into the database and out of use: what both writers of a ledger, publications and mirrors, do alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from incidents.ledger import store
from incidents.ledger.content import Found, found_by
from incidents.ledger.denormalisation import Document
from incidents.ledger.first_publications import first_publications
from incidents.ledger.index import entry_key
from incidents.ledger.models import ENTRIES, Head
from incidents.ledger.store import Sheet


class Entering(NamedTuple):
    """A document that is to be found: how, by the id of its revision, the seq that published it, and the first one."""

    id: str
    found: Found
    revision: int
    published: int
    first: int | None = None
    """None: the same as `published`."""


def entering_published(
    kind: str, published: Sequence[tuple[Document, int, int]], places: Mapping[str, Document]
) -> list[Entering]:
    """Entries of documents, each with its revision's id and seq; `places` are the documents of their places."""
    firsts = first_publications(kind, [document["id"] for document, *_ in published])
    return [
        Entering(
            document["id"], found_by(kind, document, places), revision, seq, firsts[document["id"]].seq_if_earlier(seq)
        )
        for document, revision, seq in published
    ]


def enter(kind: str, entering: Sequence[Entering], seq: int, head: Head) -> None:
    """Write entries that are valid from a publication on; numbers them from the head."""
    for sheet in entry_sheets(kind, entering, seq, head.last_entry, connection.vendor):
        store.write(sheet)
    head.last_entry += len(entering)


def entry_sheets(kind: str, entering: Sequence[Entering], seq: int, after: int, vendor: str) -> Sequence[Sheet]:
    """Entries valid from a publication on, numbered after a given number, as sheets for the database."""
    rows: list[tuple[Any, ...]] = []
    for number, (record_id, (values, _), revision, published, first) in enumerate(entering, after + 1):
        rows.append((entry_key(kind, values, number), revision, record_id, seq, None, published, first, *values))
    return store.entry_sheets(ENTRIES[kind], rows, [each.found.words for each in entering], vendor)


def retire(model: type[Model], kind: str, ids: Sequence[str], seq: int) -> None:
    """End what is live of these records with a publication; `kind` is for the table that holds several."""
    if not ids:
        return
    marks = ", ".join(["%s"] * len(ids))
    of_kind = "kind = %s AND " if kind else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET retired = %s "  # noqa: S608 - names of ours
            f"WHERE {of_kind}record_id IN ({marks}) AND retired IS NULL",
            [seq, *([kind] if kind else []), *ids],
        )
