"""A server of one answer after the other, as a test wants them: whole, packed, cut, late, or a refusal."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

PAGE: dict[str, Any] = {"as_of": 0, "redacted": 0, "since": 0, "next": None, "publications": [], "results": []}

PUBLICATION: dict[str, Any] = {
    "seq": 1,
    "published": "2026-01-01T00:00:00Z",
    "message": "",
    "counts": {"source": {"withdrawn": 1}},
    "totals": {},
}
CHANGE: dict[str, Any] = {
    "seq": 1,
    "published": "2026-01-01T00:00:00Z",
    "kind": "source",
    "id": "one",
    "revision": 2,
    "change": "withdrawn",
    "changed_fields": [],
    "reason": "Wrong.",
    "target": None,
    "redacted": False,
    "document": None,
}
ONE = {"as_of": 1, "publications": [PUBLICATION], "results": [CHANGE]}
"""The members of a page with one change."""

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Gives the next answer."""

    answers: list[Answer]
    asked: list[str]
    headers_seen: list[Mapping[str, str]]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.headers_seen.append(dict(self.headers))
        (self.answers.pop(0) if self.answers else whole())(self)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def send(self, body: bytes, status: int = 200, promised: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if promised is None else promised))
        self.end_headers()
        self.wfile.write(body)


def whole(**changes: Any) -> Answer:
    """Answer a page."""
    return lambda handler: handler.send(orjson.dumps(PAGE | changes))


def packed(size: int | None = None, **changes: Any) -> Answer:
    """Answer a page in gzip, of which only so many bytes come."""
    body = gzip.compress(orjson.dumps(PAGE | changes))
    return lambda handler: handler.send(body[:size], Content_Encoding="gzip")


def cut(size: int) -> Answer:
    """Answer so many bytes of a page and break the line."""
    body = orjson.dumps(PAGE)
    return lambda handler: handler.send(body[:size], promised=len(body))


def refusal(status: int, **headers: str) -> Answer:
    """Refuse."""
    body = {"code": "x", "detail": "Not so.", "errors": [{"parameter": "since", "message": "Is still to come."}]}
    return lambda handler: handler.send(orjson.dumps(body), status, None, **headers)


def silence(handler: Handler) -> None:
    """Close the line without a word."""
    handler.close_connection = True


@contextmanager
def serving(*answers: Answer) -> Iterator[tuple[str, type[Handler]]]:
    """Give the address of a server with these answers, and what it was asked."""
    handler = type("Scripted", (Handler,), {"answers": list(answers), "asked": [], "headers_seen": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", handler
        finally:
            server.shutdown()
            thread.join()
