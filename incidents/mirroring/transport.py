"""One answer of an origin over HTTP: of the same origin, within bounds of bytes and time, as JSON.

A hostile or broken server can send headers or bytes without end, as slowly as it likes. So each wait has a limit, and a
watch ends the connection when the whole answer takes too long, wherever it is just then.
"""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

import orjson

from incidents.mirroring import checks
from incidents.mirroring.errors import MirrorError
from incidents_api import __version__

TIMEOUT = 60
"""Seconds without a byte."""

ANSWER_SECONDS = 900
"""For a whole answer, headers included, however steadily its bytes drip."""

MAX_ANSWER = 64 * 2**20
"""Maximum size of a response in bytes, compressed and decompressed; larger pages are requested in parts."""

PORTS = {"http": 80, "https": 443}
HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"incidents-api-mirror/{__version__}",
}
BROKEN = (OSError, HTTPException, zlib.error, ValueError, OverflowError)
"""What a connection that breaks, or a server that speaks no HTTP, raises; asking again may help."""


class TooLargeError(Exception):
    """An answer does not fit; smaller ones may."""


class CutError(Exception):
    """An answer has no end."""


class Watch(AbstractContextManager["Watch"]):
    """Ends the connections that are opened under it when the time is up; `ended` says whether it did."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []
        self.ended = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def over(self, opened: socket.socket) -> None:
        """Watch a connection too."""
        self._sockets.append(opened)
        if self.ended:
            self._end()

    def _end(self) -> None:
        self.ended = True
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def read(address: str, watch: Watch) -> Any:
    """Parsed JSON of a response; raises HTTPError, MirrorError, TooLargeError, CutError and BROKEN."""
    with _opener(address, watch).open(Request(address, headers=HEADERS), timeout=TIMEOUT) as response:  # noqa: S310 - http(s) alone, see _opener
        _refuse_other_kinds(address, response.headers)
        packed = response.headers.get("Content-Encoding", "identity").strip().lower() == "gzip"
        body = _unpacked(address, response) if packed else _all_of(response)
    if watch.ended:
        raise CutError("the response took too long")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise CutError(f"the response is not complete JSON ({plain(str(error))})") from None
    if b"\\u0000" in body and (path := checks.null_character(said)):
        raise MirrorError(f"{address} sends a NUL character in {plain(path).lstrip('.')}, which is not allowed.")
    return said


def plain(text: str) -> str:
    """Untrusted text as one line for a terminal: truncated, without control characters."""
    return "".join(each if each.isprintable() else "?" for each in text[:300])


def _refuse_other_kinds(address: str, headers: Any) -> None:
    kind = headers.get_content_type() if "Content-Type" in headers else "application/json"
    if kind != "application/json":
        raise MirrorError(f"{address} answers with {plain(kind)}, not JSON. Is this the URL of an incidents server?")
    coding = headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("gzip", "identity"):
        raise MirrorError(f"{address} uses the encoding {plain(coding)!r}; only gzip is supported.")


def _pieces(response: Any) -> Iterator[bytes]:
    until, size = time.monotonic() + ANSWER_SECONDS, 0
    while piece := response.read1(2**18):
        size += len(piece)
        if size > MAX_ANSWER:
            raise TooLargeError
        if time.monotonic() > until:
            raise CutError("the response took too long")
        yield piece


def _all_of(response: Any) -> bytes:
    return b"".join(_pieces(response))


def _unpacked(address: str, response: Any) -> bytes:
    """Unpack gzip as it comes, so that a small answer cannot become a large one unnoticed."""
    unpack, body = zlib.decompressobj(wbits=31), bytearray()
    for piece in _pieces(response):
        body += unpack.decompress(piece, MAX_ANSWER + 1 - len(body))
        if len(body) > MAX_ANSWER:
            raise TooLargeError
        if unpack.unused_data:
            raise MirrorError(f"{address} sends bytes after the end of its compressed response.")
    if not unpack.eof:
        raise CutError("the response was truncated")
    return bytes(body)


def _opener(address: str, watch: Watch) -> OpenerDirector:
    """URL opener for http and https only: no files, no FTP, no redirect to another server."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        _Http(watch),
        _Https(watch),
        HTTPDefaultErrorHandler(),
        _SameOrigin(address),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


class _SameOrigin(HTTPRedirectHandler):
    """Follows redirects within one origin, and from http to https of the same host."""

    def __init__(self, address: str) -> None:
        self._address = address

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Request for a redirect; raises MirrorError for another origin."""
        here, there = _origin_of(self._address), _origin_of(newurl)
        upgraded = (here[0], there[0]) == ("http", "https") and here[1] == there[1] and (here[2], there[2]) == (80, 443)
        if here != there and not upgraded:
            raise MirrorError(
                f"{self._address} redirects to {plain(newurl)}, which is another server. To mirror it, use its URL."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _origin_of(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)


class _Http(HTTPHandler):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def http_open(self, req: Any) -> Any:
        return self.do_open(_watched(HTTPConnection, self._watch), req)


class _Https(HTTPSHandler):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def https_open(self, req: Any) -> Any:
        return self.do_open(_watched(HTTPSConnection, self._watch), req)


def _watched(base: type[HTTPConnection], watch: Watch) -> Any:
    """Connection class whose sockets are watched."""

    class Watched(base):  # type: ignore[misc,valid-type]  # which of the two is known when it runs
        def connect(self) -> None:
            super().connect()
            watch.over(self.sock)

    return Watched
