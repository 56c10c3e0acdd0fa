"""Answers that never end, come by drops, or are no HTTP, and what a mirror says of them."""

from __future__ import annotations

import gzip
import time

import orjson

from tests.mirroring.server import Answer, Handler


def answering(body: bytes, **headers: str) -> Answer:
    return lambda handler: handler.send(body, 200, None, **headers)


def drip(handler: Handler) -> None:
    """Send the beginning of an answer, a byte at a time, for ever."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.02)


def drip_headers(handler: Handler) -> None:
    """Send a header without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.02)


def endless(handler: Handler) -> None:
    """Send bytes without end, as fast as they are read."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"[" * 2**16)


def endless_gzip(handler: Handler) -> None:
    """Send packed bytes that unpack to nothing, without end."""
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    handler.wfile.write(gzip.compress(b"")[:10])
    while True:
        handler.wfile.write(b"\x00\x00\x00\xff\xff" * 2**14)


def endless_continue(handler: Handler) -> None:
    """Say that an answer is to come, without end."""
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.02)


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"\x00\xff" * 99)


BODIES: dict[str, tuple[Answer, str]] = {
    "HTML": (answering(b"<html>", Content_Type="text/html"), "answers with text/html, not JSON"),
    "no JSON": (answering(b"{" * 2000), "is not complete JSON"),
    "nested without end": (answering(b"[" * 5000 + b"]" * 5000), "is not complete JSON"),
    "no UTF-8": (answering(b'{"as_of": "\xff"}'), "is not complete JSON"),
    "half a character": (answering(b'{"as_of": "\\ud800"}'), "is not complete JSON"),
    "nothing": (answering(b""), "is not complete JSON"),
    "another coding": (answering(b"x", Content_Encoding="br"), "uses the encoding 'br'"),
    "two codings": (answering(b"x", Content_Encoding="gzip, gzip"), "uses the encoding 'gzip, gzip'"),
    "no gzip": (answering(b"x" * 99, Content_Encoding="gzip"), "incorrect header check"),
    "more behind gzip": (
        answering(gzip.compress(b"{}") + b"x" * 99, Content_Encoding="gzip"),
        "bytes after the end of its compressed response",
    ),
    "a bomb": (answering(gzip.compress(b"0" * 2 * 10**6), Content_Encoding="gzip"), "One change of .* is larger"),
    "bytes without end": (endless, "One change of .* is larger"),
    "packed bytes without end": (endless_gzip, "One change of .* is larger"),
    "drops": (drip, "the response took too long"),
    "drops of headers": (drip_headers, "the response took too long"),
    "the same promise": (endless_continue, "the response took too long"),
    "a redirect elsewhere": (
        lambda handler: handler.send(b"", 302, Location="http://localhost:1/api/v1/changes/"),
        "redirects to http://localhost:1/api/v1/changes/, which is another server",
    ),
    "a redirect to a file": (
        lambda handler: handler.send(b"", 302, Location="file:///etc/passwd"),
        "answers HTTP 302|not",
    ),
    "a redirect to nowhere": (lambda handler: handler.send(b"", 302), "answers HTTP 302"),
    "a redirect in a circle": (lambda handler: handler.send(b"", 302, Location=handler.path), "answers HTTP 302"),
    "an escape sequence": (
        lambda handler: handler.send(orjson.dumps({"detail": "\x1b[2J" + "x" * 999}), 403),
        r"answers HTTP 403: \?\[2Jx+$",
    ),
    "no HTTP": (no_http, "HTTP|BadStatusLine|cannot be read"),
}
