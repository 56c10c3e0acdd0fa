"""Signed keyset cursors, and the envelope of a page.

A cursor is a position in a snapshot: the publication, the direction, sort value and id of the neighbouring record, and
the count if it is known. It is signed together with its query, so a forged cursor, or one of another query, is refused.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from typing import Any
from urllib.parse import quote, quote_plus

import orjson
from django.conf import settings
from django.http import QueryDict
from rest_framework.request import Request

from incidents_api.parameters.errors import parameter_error
from incidents_api.rest.caching import canonical_query
from incidents_api.rest.errors import bad_parameters

SIGNATURE_BYTES = 16
NOT_OF_A_QUERY = ("cursor", "limit", "as_of", "format", "count")
"""Parameters that a cursor is not tied to: they choose neither the records nor their order."""


STORED = "stored_parameters"
"""Attribute of a request: names of the parameters that `query` stands for in links."""

PUBLICATION = "incidents_api.publication"
"""Under this name the environ keeps the number of the publication that the answer is of."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Start of a page; `backwards` reads in the opposite direction."""

    at: int
    value: Any
    record_id: str
    backwards: bool = False
    count: int | None = None


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return blake2b(b"cursors", key=blake2b(secret.encode()).digest()).digest()


def _signature(payload: bytes, query: str, secret: str) -> bytes:
    signed = b"%d:%b%b" % (len(payload), payload, query.encode())
    return blake2b(signed, key=_key(secret), digest_size=SIGNATURE_BYTES).digest()


def _query(request: Request) -> str:
    return request.path + canonical_query(request, *NOT_OF_A_QUERY)


def encode(cursor: Cursor, request: Request) -> str:
    """Cursor as text, signed for the query of the request."""
    payload = orjson.dumps([cursor.at, cursor.value, cursor.record_id, int(cursor.backwards), cursor.count])
    return _text(_signature(payload, _query(request), settings.SECRET_KEY) + payload)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str, request: Request) -> Cursor:
    """Decode a cursor; raises a 400 problem if it is not valid for this query."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raw = b""
    if _text(raw) != text:  # decoding passes over what is not of its alphabet
        raw = b""
    signature, payload = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    query = _query(request)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not payload or not any(compare_digest(signature, _signature(payload, query, key)) for key in keys):
        message = "Invalid cursor for this query. Use the links in `next` and `previous` unchanged."
        raise bad_parameters([{**parameter_error("cursor", text, message, code="invalid_cursor"), "suggestion": None}])
    at, value, record_id, backwards, count = orjson.loads(payload)
    return Cursor(at, value, record_id, bool(backwards), count)


def address(request: Request, path: str, **changes: Any) -> str:
    """Absolute URL with the parameters of the request, changed; None removes one.

    Parameters of a stored query are left out, unless `query=None` removes what stands for them.

    Made from the parameters as they were understood, not from the bytes that came, which need not be escaped.
    """
    origin, given = _understood(request)
    if (stored := getattr(request._request, STORED, None)) and "query" not in changes:
        given = {name: text for name, text in given.items() if name not in stored}
    changed = {name: _parameter(name, value) if value is not None else None for name, value in changes.items()}
    query = "&".join([text for _, text in sorted({**given, **changed}.items()) if text is not None])
    return f"{origin}{path}?{query}" if query else f"{origin}{path}"


def pinned(request: Request, at: int) -> dict[str, int]:
    """Change of a URL that puts the number of the publication in the place of a time or a name in `as_of`."""
    return {"as_of": at} if "as_of" in request.query_params else {}


def _understood(request: Request) -> tuple[str, dict[str, str]]:
    """Origin and encoded parameters of a request; cached, because a page has several URLs."""
    known: tuple[str, dict[str, str]] | None = getattr(request, "_understood", None)
    if known is None:
        given = {name: _parameter(name, ",".join(values)) for name, values in request.query_params.lists()}
        known = f"{request.scheme}://{request.get_host()}", given
        request._understood = known  # type: ignore[attr-defined]  # kept with the request, as long as it lasts
    return known


def put_stored(request: Request, parameters: QueryDict, stored: Iterable[str]) -> None:
    """Give a request other parameters; in links `query` stands for those that are stored."""
    request._request.GET = parameters  # type: ignore[assignment]  # immutable to views, who only read it
    setattr(request._request, STORED, frozenset(stored))
    vars(request).pop("_understood", None)


def _parameter(name: str, value: Any) -> str:
    return f"{name}={quote_plus(str(value), safe=',:')}"


def page_link(request: Request, at: int, cursor: Cursor) -> str:
    """URL of the page at a cursor, pinned to its snapshot."""
    return address(request, quote(request.path, safe="/"), as_of=at, cursor=encode(cursor, request))


def count_link(request: Request, at: int, path: str = "") -> str:
    """URL of the count of this query, below its own path unless a path is given."""
    path = quote(path or f"{request.path}count/", safe="/")
    of_a_page = ("cursor", "limit", "count", "ordering", "fields", "format", "profile")
    return address(request, path, as_of=at, **dict.fromkeys(of_a_page))


def envelope(
    documents: Sequence[Sequence[bytes]],
    *,
    count: int | None,
    count_url: str,
    cite_url: str,
    next_url: str | None,
    previous_url: str | None,
    as_of: int,
    warnings: Sequence[Any],
) -> bytes:
    """JSON of a page, around documents that are JSON already, each in pieces."""
    head = orjson.dumps(
        {
            "count": count,
            "count_url": count_url,
            "cite_url": cite_url,
            "next": next_url,
            "previous": previous_url,
            "as_of": as_of,
            "warnings": warnings,
        }
    )
    if not documents:
        return head[:-1] + b',"results":[]}'
    # A page is large: put together in one go, it is copied once.
    parts = [head[:-1], b',"results":[']
    for pieces in documents:
        parts += pieces
        parts.append(b",")
    parts[-1] = b"]}"
    return b"".join(parts)
