"""Answers to requests that Django's views do not get to see: in the form and with the headers of all others."""

from __future__ import annotations

from math import ceil

from incidents_api.rest.errors import Problem


def too_many_requests(policy: str, seconds: int) -> Problem:
    """Return the answer to an address that has asked for more than its share."""
    return Problem(
        "too_many_requests",
        status=429,
        title="Too many requests",
        detail=f"Your address has used up its quota {policy!r}. Try again in {seconds} s.",
        headers={"Retry-After": str(seconds)},
    )


def busy(seconds: float = 5) -> Problem:
    """Return the answer while more is asked for than the server can do."""
    return Problem(
        "busy",
        status=503,
        title="Temporarily unavailable",
        detail="The server is overloaded. Try again soon.",
        headers={"Retry-After": str(ceil(seconds))},
    )


def no_room() -> Problem:
    """Return the answer where the file of an answer would be larger than the room for such files."""
    return Problem(
        "no_room",
        status=503,
        title="Temporarily unavailable",
        detail=(
            "The server does not have enough disk space for a file of this size at the moment. Try again "
            "later, or request parts, for example with date_after and date_before."
        ),
        headers={"Retry-After": "60"},
    )


def body_too_slow(seconds: float) -> Problem:
    """Return the answer to a request whose body does not arrive in time."""
    return Problem(
        "request_timeout",
        status=408,
        title="Request timeout",
        detail=f"The request body did not arrive within {seconds:g} s.",
        headers={"Connection": "close"},
    )


def body_too_large(most: int) -> Problem:
    """Return the answer to a request with a body that is larger than any form of ours."""
    return Problem(
        "content_too_large",
        status=413,
        title="Content too large",
        detail=f"The request body is too large. The maximum is {most:,} bytes.",
        headers={"Connection": "close"},
    )
