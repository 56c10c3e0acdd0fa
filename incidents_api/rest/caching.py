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
"""An answer of a fixed state does not change, yet is asked for again each hour: a redaction must reach every cache."""
LATEST = "public, no-cache"
"""May be kept, and must be asked for again each time; that costs one look at the head."""


LASTING = b"0.1.0"
"""What names that readers write down are made with; it is never changed."""


def canonical_query(request: Request, *leave_out: str) -> str:
    """Return the parameters in a fixed order, so that one query has one name."""
    return "&".join(
        f"{name}={','.join(values)!r}"  # quoted, so that no value can look like another parameter
        for name, values in sorted(request.query_params.lists())
        if name not in leave_out
    )


def digest(*parts: Any) -> str:
    """Return a short name for these parts together, another one for code that makes other bytes of them."""
    return blake2b(repr(parts).encode(), digest_size=16, key=settings.CODE_VERSION.encode()).hexdigest()


def lasting_digest(*parts: Any) -> str:
    """Return a short name for these parts together that no change of the code changes, as keys of citations need."""
    return blake2b(repr(parts).encode(), digest_size=16, key=LASTING).hexdigest()


def etag_of(request: Request, *state: Any) -> str:
    """Return the ETag of the answer to this request in a state of the data."""
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
    """Tell whether the reader has this very answer already."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header:
        return False
    known = parse_etags(header)
    return "*" in known or any(each.removeprefix("W/") == etag for each in known)


def cacheable(response: Response, etag: str, *, pinned: bool) -> Response:
    """Return the response with the headers that caches read."""
    response["ETag"] = etag
    response["Cache-Control"] = PINNED if pinned else LATEST
    return response


def not_modified(etag: str, *, pinned: bool) -> Response:
    """Return the empty answer that says the reader's copy is still right."""
    return cacheable(Response(status=304), etag, pinned=pinned)
