"""What a content is made into before it is written: its digest, its JSON, its entry and its words.

Pure functions, so a load may call them in a process that has no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from incidents.fields import RESERVED_IDS, withheld_id_fault
from incidents.ledger import index
from incidents.ledger.denormalisation import Document
from incidents.ledger.shapes import without_defaults
from incidents.text_checks import LONG_TEXT, leaves, shortened
from incidents.texts import address_faults, length_faults

MAX_WORDS_LENGTH = 500_000
"""Characters of all distinct words of a record; PostgreSQL indexes a megabyte at most, its own marks included."""

UNSET = {"revision": None, "published": None}

NUL = "\\u0000"
"""As JSON writes it. PostgreSQL stores none, and readers of CSV end a file there."""


class RefusedError(ValueError):
    """A record cannot be published; the message names it and the reason."""


class Found(NamedTuple):
    """How a document is found: the values of its entry beyond those that every entry has, and its words."""

    values: tuple[Any, ...]
    words: str


class Prepared(NamedTuple):
    """A content ready to be written as the revision of a number; `document` is its JSON."""

    id: str
    number: int
    digest: str
    document: str
    found: Found


def prepare(
    kind: str,
    content: Document,
    number: int,
    published: str,
    known_digest: str,
    places: Mapping[str, Document],
    live: Callable[[], Document | None] = lambda: None,
) -> Prepared:
    """Make a content ready; `places` holds what its place and all around it are published as. Raises RefusedError.

    `live` returns what is public of the record: a text that is too long or an address that is none, and is public
    already, does not stop another correction.
    """
    if content["id"] in RESERVED_IDS:
        raise RefusedError(f"{kind} {content['id']} has an id that is reserved by the API. Use another id.")
    if kind in ("source", "actor") and (fault := withheld_id_fault(content["id"])):
        raise RefusedError(f"{kind} {content['id']} cannot be published. {fault}")
    document = {**content, "revision": number, "published": published}
    text = orjson.dumps(document).decode()
    if NUL in text and _holds_nul(document):
        raise RefusedError(f"{kind} {content['id']} contains a NUL character. Remove it.")
    _refuse_faults(kind, content, len(text), live)
    return Prepared(content["id"], number, known_digest, text, found_by(kind, document, places))


def _refuse_faults(kind: str, content: Document, length: int, live: Callable[[], Document | None]) -> None:
    wrong = list(address_faults(kind, content))
    longer = list(length_faults(content)) if length > LONG_TEXT else []
    if not wrong and not longer:
        return
    public = live()
    if public is not None:
        known = {text for _, text, _ in address_faults(kind, public)}
        texts = {text for _, text in leaves(public) if isinstance(text, str)}
        wrong = [fault for fault in wrong if fault[1] not in known]
        longer = [fault for fault in longer if fault[1] not in texts]
    if faults := [f"{path}: {shortened(text)}, expected {expected}" for path, text, expected in wrong + longer]:
        raise RefusedError(f"{kind} {content['id']} cannot be published: {'; '.join(faults)}.")


def _holds_nul(value: Any) -> bool:
    """True for a NUL character, false for text that only mentions its JSON escape."""
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\0" in value


def found_by(kind: str, document: Document, places: Mapping[str, Document]) -> Found:
    """Index values and tokens of a document; raises RefusedError for too many words."""
    values, tokens = index.found(kind, document, places)
    words = " ".join(tokens)
    if len(words) > MAX_WORDS_LENGTH:
        raise RefusedError(f"{kind} {document['id']} has more words than the search index can hold. Shorten its texts.")
    return Found(values, words)


def digest(kind: str, content: Document) -> str:
    """Hash of a content without revision and time; equal only for equal contents.

    Raises RefusedError for a content with a value that JSON cannot hold.
    """
    content = without_defaults(kind, content)
    try:
        # PostgreSQL's jsonb hands objects back with their keys in another order, which says nothing new.
        return blake2b(orjson.dumps({**content, **UNSET}, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
    except orjson.JSONEncodeError as error:
        raise RefusedError(f"{content['id']} cannot be written as JSON: {error}.") from error


def changed_fields(before: Document, after: Document) -> list[str]:
    """Top-level fields whose values differ, in the order of the newer document."""
    names = [name for name in {**after, **before} if name not in UNSET]
    return [name for name in names if before.get(name) != after.get(name)]


def stamp(moment: datetime) -> str:
    """Format a time as in documents: ISO 8601 in UTC, ending in Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
