"""ETags that are known before the query is run, and how long an answer may be kept.

An answer is named by the state of the data, the code that renders it, the address with its parameters in a fixed order,
and its representation. So nothing is ever purged: another state has another name.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.utils.http import parse_etags, quote_etag
from rest_framework.request import Request
from rest_framework.response import Response

from incidents_api.rest.deferring import ETAG

PINNED = "public, max-age=3600, must-revalidate"
"""Cache-Control of `as_of` responses: they do not change, but are revalidated hourly because of redactions."""
LATEST = "public, no-cache"
"""Cache-Control of current responses: always revalidated, which costs one read of the head."""


LASTING = b"0.1.0"
"""What names that readers write down are made with; it is never changed."""


def canonical_query(request: Request, *leave_out: str) -> str:
    """Parameters in a canonical order, so that equal queries have equal keys."""
    return "&".join(
        f"{name}={','.join(values)!r}"  # quoted, so that no value can look like another parameter
        for name, values in sorted(request.query_params.lists())
        if name not in leave_out
    )


def digest(*parts: Any) -> str:
    """Short hash of these parts and of the version of the public bytes."""
    return blake2b(repr(parts).encode(), digest_size=16, key=settings.CODE_VERSION.encode()).hexdigest()


def lasting_digest(*parts: Any) -> str:
    """Short hash of these parts that does not depend on the code, for keys of citations."""
    return blake2b(repr(parts).encode(), digest_size=16, key=LASTING).hexdigest()


def etag_of(request: Request, *state: Any) -> str:
    """ETag of the response to this request, for a state of the data."""
    etag = quote_etag(
        digest(
            state,
            request._request.get_host(),  # links in the answer are absolute
            request.scheme,
            request.path,
            canonical_query(request),
            request.accepted_renderer.media_type,
        )
    )
    request.META[ETAG] = etag  # by it equal requests share the answer of a job
    return etag


def is_known(request: Request, etag: str) -> bool:
    """True if `If-None-Match` has the ETag of this response."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header:
        return False
    known = parse_etags(header)
    return "*" in known or any(each.removeprefix("W/") == etag for each in known)


def cacheable(response: Response, etag: str, *, pinned: bool) -> Response:
    """Add ETag and Cache-Control to a response."""
    response["ETag"] = etag
    response["Cache-Control"] = PINNED if pinned else LATEST
    return response


def not_modified(etag: str, *, pinned: bool) -> Response:
    """Empty 304 response with the ETag."""
    return cacheable(Response(status=304), etag, pinned=pinned)
