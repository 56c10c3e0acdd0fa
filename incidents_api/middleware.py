"""Rejects malformed requests before they reach any view."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from incidents_api.error_pages import answer
from incidents_api.parameters.errors import LONGEST_ECHO, ParameterError, parameter_error
from incidents_api.rest.deferring import REFUSAL
from incidents_api.rest.errors import Problem, bad_request

A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAY_NOTICE = (
    "as_of={day} is the end of that day in UTC. Until version 0.2.0 it was the beginning. "
    "A number of a publication or a time means the same in all versions."
)


class RefuseUnreadable:
    """Answers 400 to text that is not UTF-8 or holds a null, which PostgreSQL cannot even look up.

    Django would put U+FFFD in the place of bytes that are not UTF-8: a search for something never asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, here or further in."""
        if refusal := request.META.get(REFUSAL):
            response = answer(request, refusal)
            # Django would log each as an error; a crowd that is refused is what the limits are for.
            response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
            return response
        if complaint := _complaint(request):
            return answer(request, complaint)
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


class DayNotice:
    """Says with every answer as of a day how this version reads one: earlier versions took its beginning."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the notice where it concerns the answer."""
        response = self.get_response(request)
        may_ask = "as_of" in request.META.get("QUERY_STRING", "") or request.method == "POST"
        if may_ask and response.status_code < HTTPStatus.BAD_REQUEST:
            day = request.GET.get("as_of", "")  # which has the parameters in the body of a search, too
            if A_DAY.fullmatch(day) and request.path_info.startswith(settings.API_PREFIXES):
                told = [response["X-Notice"]] if "X-Notice" in response else []
                response["X-Notice"] = " ".join([*told, DAY_NOTICE.format(day=day)])
        return response


def _complaint(request: HttpRequest) -> Problem | None:
    query = request.META.get("QUERY_STRING", "")
    if "%" in query or not query.isascii():
        try:
            query = unquote_to_bytes(query.encode("latin-1")).decode()
        except UnicodeError:
            return bad_request(
                "The query string is not valid UTF-8.", list(_unreadable(request, "Must be valid UTF-8."))
            )
    # Django undoes octal escapes in cookies, and looks up what comes out.
    cookies = request.META.get("HTTP_COOKIE", "")
    if "\x00" in query or "\x00" in request.path_info or "\\000" in cookies:
        return bad_request(
            "Null characters are not allowed.", list(_unreadable(request, "Must not contain a null character."))
        )
    return None


def _unreadable(request: HttpRequest, message: str) -> Iterator[ParameterError]:
    """Yield an error for each parameter that holds what cannot be read."""
    for pair in request.META.get("QUERY_STRING", "").encode("latin-1").replace(b"+", b" ").split(b"&"):
        name, _, value = (part.decode(errors="replace") for part in unquote_to_bytes(pair).partition(b"="))
        if {"\ufffd", "\x00"} & set(name + value):
            yield parameter_error(name[:LONGEST_ECHO], value, message, code="unreadable_value")
