"""Runs Django for one request: from the scope of ASGI to a response that is ready to be sent.

Django's own ASGI handler takes several times as long, because it passes between threads at each middleware.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import IO, Any

from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch, get_resolver, set_script_prefix

from incidents_api.rest.errors import CONNECTION_LOST

Scope = Mapping[str, Any]

PLAIN_HEADERS = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
"""Headers that WSGI has no prefix for."""


KEPT_PATHS = 512
LONGEST_KEPT = 80


@lru_cache(maxsize=KEPT_PATHS)
def _resolved(path: str) -> ResolverMatch:
    """The view of a path; to try one pattern after another takes as long as to read ten records."""
    return get_resolver().resolve(path)


class Handler(WSGIHandler):
    """Django's handler, which returns the response itself instead of writing it to a server."""

    def respond_on_a_sound_connection(self, environ: dict[str, Any]) -> HttpResponseBase:
        """Response to a read-only request, retried once if the database connection was lost.

        Django closes a lost connection as the next request starts, and that one opens another.
        """
        response = self.respond(environ)
        if getattr(response, CONNECTION_LOST, False):
            response.close()
            response = self.respond(environ)
        return response

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Find the view of a request; raises Resolver404."""
        path = request.path_info
        if hasattr(request, "urlconf") or len(path) > LONGEST_KEPT:
            return super().resolve_request(request)
        match = request.resolver_match = _resolved(path)
        return match

    def respond(self, environ: dict[str, Any]) -> HttpResponseBase:
        """Response to a request; the caller closes it."""
        set_script_prefix(environ["SCRIPT_NAME"] or "/")
        signals.request_started.send(sender=self.__class__, environ=environ)
        request = self.request_class(environ)
        response = self.get_response(request)
        response._handler_class = self.__class__  # type: ignore[attr-defined]  # Django's own: names who ends it
        return response


def environ_of(scope: Scope, body: IO[bytes] | None, client: str) -> dict[str, Any]:
    """Request as WSGI environ; repeated headers are joined, as RFC 9110 allows.

    Headers with an underscore are left out: some proxies pass on `X_Forwarded_For` of a client, and it would be joined
    to the `X-Forwarded-For` of the proxy.
    """
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # Django encodes it again with latin-1: this is how WSGI carries UTF-8.
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body or io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            continue
        key = PLAIN_HEADERS.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        if key in environ:
            text = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
        environ[key] = text
    return environ


def headers_of(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    """Headers of a response, including its cookies."""
    found = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    found += [
        (b"set-cookie", morsel.output(header="").strip().encode("latin-1")) for morsel in response.cookies.values()
    ]
    return found
