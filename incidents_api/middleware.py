"""Requests that nothing behind could answer are answered at the door."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

from incidents_api.error_pages import handler400


class RefuseUnreadable:
    """Answers 400 to text that is not UTF-8 or holds a null, which PostgreSQL cannot even look up.

    Django would put U+FFFD in the place of bytes that are not UTF-8: a search for something never asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, here or further in."""
        if complaint := _complaint(request):
            return handler400(request, BadRequest(complaint))
        return self.get_response(request)


class ContentSecurityPolicy(CSPMiddleware):
    """Sends the site's policy with pages; data gets the one that forbids everything, without building it each time."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header."""
        if response.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)
        if response.get("Content-Type", "").startswith("application/"):
            response.setdefault(HEADER, "default-src 'none'; frame-ancestors 'none'")
        return response  # a script or worker among the static files takes its policy from its page


def _complaint(request: HttpRequest) -> str | None:
    query = request.META.get("QUERY_STRING", "")
    if "%" in query or not query.isascii():
        try:
            query = unquote_to_bytes(query.encode("latin-1")).decode()
        except UnicodeError:
            return "The query is not UTF-8."
    # Django undoes octal escapes in cookies, and looks up what comes out.
    cookies = request.META.get("HTTP_COOKIE", "")
    if "\x00" in query or "\x00" in request.path_info or "\\000" in cookies:
        return "Null characters are not taken."
    return None
