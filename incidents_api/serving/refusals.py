"""Answers to requests that Django's views do not get to see: in the form and with the headers of all others."""

from __future__ import annotations

from math import ceil

from incidents_api.rest.errors import Problem
from incidents_api.rest.problem_codes import ProblemCode


def _later(code: ProblemCode, status: int, title: str, detail: str, seconds: int) -> Problem:
    """Problem of a request that may be sent again after a number of seconds."""
    return Problem(code, status=status, title=title, detail=detail, headers={"Retry-After": str(seconds)})


def _last(code: ProblemCode, status: int, title: str, detail: str) -> Problem:
    """Problem after which the connection ends, because the rest of the request is not read."""
    return Problem(code, status=status, title=title, detail=detail, headers={"Connection": "close"})


def too_many_requests(policy: str, seconds: int) -> Problem:
    """429 problem for an address that has used up its quota."""
    detail = f"Your address has used up its quota {policy!r}. Try again in {seconds} s."
    return _later("too_many_requests", 429, "Too many requests", detail, seconds)


def busy(seconds: float = 5) -> Problem:
    """503 problem while the server is overloaded."""
    detail = "The server is overloaded. Try again soon."
    return _later("busy", 503, "Temporarily unavailable", detail, ceil(seconds))


def no_room() -> Problem:
    """503 problem for a file that exceeds the available space."""
    detail = (
        "The server does not have enough disk space for a file of this size at the moment. Try again "
        "later, or request parts, for example with date_after and date_before."
    )
    return _later("no_room", 503, "Temporarily unavailable", detail, 60)


def body_too_slow(seconds: float) -> Problem:
    """408 problem for a request body that does not arrive in time."""
    return _last("request_timeout", 408, "Request timeout", f"The request body did not arrive within {seconds:g} s.")


def body_too_large(most: int) -> Problem:
    """413 problem for a request body that is larger than any form."""
    detail = f"The request body is too large. The maximum is {most:,} bytes."
    return _last("content_too_large", 413, "Content too large", detail)


def uri_too_long(length: int, most: int) -> Problem:
    """414 problem for an address that is too long, such as one with thousands of ids."""
    detail = f"The address has {length:,} bytes. The maximum is {most:,}. Split long lists into several requests."
    return _last("uri_too_long", 414, "URI too long", detail)


def headers_too_large(most: int, most_bytes: int) -> Problem:
    """431 problem for too many or too large request headers."""
    detail = f"The request has too many headers. The maximum is {most} headers with {most_bytes:,} bytes in all."
    return _last("headers_too_large", 431, "Request header fields too large", detail)
