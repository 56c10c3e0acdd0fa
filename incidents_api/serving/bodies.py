"""Reads the body of a request within a time and a size: a slow one holds neither a thread nor a place in a line."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import IO, Any, cast

from incidents_api.rest.errors import Problem
from incidents_api.serving.refusals import body_too_large, body_too_slow

IN_MEMORY = 2**19
WITHOUT = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods whose bodies mean nothing here, and are not waited for."""


class BodyError(RuntimeError):
    """The body does not come in time, or is too large."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


class GoneError(RuntimeError):
    """The reader left before the request was complete."""


async def read_body(
    scope: Mapping[str, Any], receive: Callable[[], Awaitable[MutableMapping[str, Any]]], seconds: float, most: int
) -> IO[bytes]:
    """The body as a file at its start; raises BodyError, GoneError."""
    if scope["method"] in WITHOUT:
        return io.BytesIO()
    body = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - Django reads it
    try:
        async with asyncio.timeout(seconds):
            await _read(receive, body, most)
    except TimeoutError:
        raise BodyError(body_too_slow(seconds)) from None
    body.seek(0)
    return body


async def _read(receive: Callable[[], Awaitable[MutableMapping[str, Any]]], body: IO[bytes], most: int) -> None:
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        piece = message.get("body", b"")
        size += len(piece)
        if size > most:
            raise BodyError(body_too_large(most))
        body.write(piece)
        if not message.get("more_body"):
            return
