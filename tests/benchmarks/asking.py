"""Asks the API in this very process, through the whole WSGI application, for whoever wants to look inside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import unquote

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def environ(address: str) -> dict[str, Any]:
    """Return a request as a WSGI server would hand it over."""
    path, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def ask(application: Application, address: str) -> bytes:
    """Return one answer; raises RuntimeError for one that is not 200."""
    seen: list[str] = []
    answer = application(environ(address), lambda status, headers, *_: seen.append(status))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    if not seen[0].startswith("200"):
        raise RuntimeError(f"{address} answers {seen[0]}: {body[:500]!r}")
    return body


def deep_address(application: Application, first: str, depth: int) -> str:
    """Walk by `next` in pages of 1,000 and return the address of the page that begins at a depth."""
    address = first
    for _ in range(depth // 1000):
        following = json.loads(ask(application, address))["next"]
        address = "/" + following.split("/", 3)[3]
    return address.replace("limit=1000", "limit=100")
