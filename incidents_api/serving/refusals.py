"""Answers to requests that Django's views do not get to see: in the form and with the headers of all others."""

from __future__ import annotations

from math import ceil

from incidents_api.rest.errors import Problem


def too_many_requests(policy: str, seconds: int) -> Problem:
    """429 problem for an address that has used up its quota."""
    return Problem(
        "too_many_requests",
        status=429,
        title="Too many requests",
        detail=f"Your address has used up its quota {policy!r}. Try again in {seconds} s.",
        headers={"Retry-After": str(seconds)},
    )


def busy(seconds: float = 5) -> Problem:
    """503 problem while the server is overloaded."""
    return Problem(
        "busy",
        status=503,
        title="Temporarily unavailable",
        detail="The server is overloaded. Try again soon.",
        headers={"Retry-After": str(ceil(seconds))},
    )


def no_room() -> Problem:
    """503 problem for a file that exceeds the available space."""
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
    """408 problem for a request body that does not arrive in time."""
    return Problem(
        "request_timeout",
        status=408,
        title="Request timeout",
        detail=f"The request body did not arrive within {seconds:g} s.",
        headers={"Connection": "close"},
    )


def body_too_large(most: int) -> Problem:
    """413 problem for a request body that is larger than any form."""
    return Problem(
        "content_too_large",
        status=413,
        title="Content too large",
        detail=f"The request body is too large. The maximum is {most:,} bytes.",
        headers={"Connection": "close"},
    )


def uri_too_long(length: int, most: int) -> Problem:
    """414 problem for an address that is too long, such as one with thousands of ids."""
    return Problem(
        "uri_too_long",
        status=414,
        title="URI too long",
        detail=f"The address has {length:,} bytes. The maximum is {most:,}. Split long lists into several requests.",
        headers={"Connection": "close"},
    )


def headers_too_large(most: int, most_bytes: int) -> Problem:
    """431 problem for too many or too large request headers."""
    return Problem(
        "headers_too_large",
        status=431,
        title="Request header fields too large",
        detail=f"The request has too many headers. The maximum is {most} headers with {most_bytes:,} bytes in all.",
        headers={"Connection": "close"},
    )
