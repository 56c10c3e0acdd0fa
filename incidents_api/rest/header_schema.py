"""The headers of answers, as the OpenAPI document describes them: each is written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class SentHeader(NamedTuple):
    """A header of some kinds of answers."""

    description: str
    is_always_sent: bool = True
    """With every answer of the kinds that have it."""
    type: str = "string"

    def schema(self) -> dict[str, Any]:
        """Header object of OpenAPI."""
        return {"description": self.description, "required": self.is_always_sent, "schema": {"type": self.type}}


SHARED = ("ETag", "Cache-Control")
"""Headers of every answer that is not an error."""
LIMITS = ("RateLimit-Policy", "RateLimit")
"""Headers that answers have where the server limits addresses (draft-ietf-httpapi-ratelimit-headers)."""

HEADERS: Mapping[str, SentHeader] = {
    "ETag": SentHeader("Identifies this exact response; send it back in `If-None-Match`."),
    "Cache-Control": SentHeader("How long the response may be cached without revalidation."),
    "RateLimit-Policy": SentHeader("Quota in units per address, and the seconds in which it is refilled.", False),
    "RateLimit": SentHeader(
        "Remaining units of each policy that this request used, and the seconds until it is full again.", False
    ),
    "Retry-After": SentHeader("Seconds to wait before the next request.", type="integer"),
    "Location": SentHeader("URL of the record that it was merged into."),
    "Link": SentHeader(
        "`cite-as` is the permanent URL of this query and `describedby` its citation; both are absent if the query is "
        "very long. For files with `limit` or `cursor` also `next` and `prev`.",
        False,
    ),
    "X-Notice": SentHeader(
        "Explains what may differ from what you expect: how a day in `as_of` was read, or that a search could not be "
        "stored. Absent otherwise.",
        False,
    ),
    "X-Warnings": SentHeader(
        "Values of parameters that could exist and that no public record has had, as the JSON array `warnings` of a "
        "page in ASCII. If it would be too long, its last member has `left_out`. Absent without any.",
        False,
    ),
    "X-As-Of": SentHeader("The publication that the data is from.", type="integer"),
    "X-Row-Count": SentHeader("Number of records in this response.", type="integer"),
    "X-Total-Count": SentHeader("Number of all matching records, if known.", False, "integer"),
    "Content-Disposition": SentHeader("The file name."),
    "Accept-Ranges": SentHeader("`bytes`: parts of the file can be requested with `Range`."),
    "Content-Range": SentHeader("Which bytes of the file these are, and its size."),
    "Repr-Digest": SentHeader("SHA-256 digest of the whole file (RFC 9530)."),
    "Accept-Post": SentHeader("Media types of a body."),
}
