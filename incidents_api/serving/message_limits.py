"""How long the address and the headers of a request may be.

The limits lie below those of the libraries under granian, whose answers have no body: 65,534 bytes of address and 100
headers, which no setting changes, and 400,000 bytes in all.
"""

from __future__ import annotations

from incidents_api.serving.calls import Scope
from incidents_api.serving.refusals import headers_too_large, uri_too_long

ADDRESS_BYTES = 60_000
"""Path and query: two thousand ids of usual length."""
HEADERS = 90
HEADER_BYTES = 60_000
"""Names and values of all headers."""


def require_acceptable(scope: Scope) -> None:
    """Raise a 414 problem for a longer address, a 431 problem for more or longer headers."""
    length = len(scope.get("raw_path") or scope["path"].encode()) + 1 + len(scope["query_string"])
    if length > ADDRESS_BYTES:
        raise uri_too_long(length, ADDRESS_BYTES)
    headers = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > HEADERS or size > HEADER_BYTES:
        raise headers_too_large(HEADERS, HEADER_BYTES)
