"""Errors outside the views of the API: problem+json below its addresses, a small page elsewhere."""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from incidents_api import hosts
from incidents_api.rest.databases import reason
from incidents_api.rest.errors import Problem, as_problem, bad_request, not_found, respond, server_error, unavailable

logger = logging.getLogger(__name__)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read, a host that is not ours, a body that is too large."""
    return answer(request, bad_request(_said(request, exception)))


def _said(request: HttpRequest, exception: Exception) -> str:
    """Public message for a refused request; the exception's own text is for the log."""
    match exception:
        case DisallowedHost():
            return hosts.complaint(request)
        case RequestDataTooBig():
            return f"The form is too large. The maximum is {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes."
        case TooManyFieldsSent():
            most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
            return f"The form has too many fields or selected rows. The maximum is {most:,}."
    return "The request is malformed."


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what is not theirs to see."""
    return answer(request, as_problem(exception) or bad_request())


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    return answer(request, not_found(f"Nothing exists at {request.path}."))


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer a broken database with 503, and a bug with an id under which the log has the whole story."""
    exc = sys.exc_info()[1]
    problem = (_told_to_staff(request, exc) or as_problem(exc)) if isinstance(exc, Exception) else None
    if problem is None:
        problem = server_error(exc, request.method, request.path)
    response = answer(request, problem)
    # Django would write the same traceback a second time, without the id.
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark, which keeps it from logging twice
    return response


def _told_to_staff(request: HttpRequest, exc: Exception) -> Problem | None:
    """Why nothing could be saved, such as a full disk, for staff; readers get no internal details."""
    if request.path_info.startswith(settings.API_PREFIXES) or not (words := reason(exc)):
        return None
    logger.error("%s %s: %s", request.method, request.path, " ".join(str(exc).split()))
    return unavailable(words)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Problem as JSON below the API, as an HTML page elsewhere."""
    if request.path_info.startswith(settings.API_PREFIXES):
        return respond(problem, request)
    # Without the request: a page about a broken database must not look up who is logged in.
    page = render_to_string("error.html", {"problem": problem})
    return HttpResponse(page, status=problem.status, headers=problem.all_headers())
