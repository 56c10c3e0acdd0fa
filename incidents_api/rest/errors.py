"""Every error of the API is one JSON object, as RFC 9457 describes it, with a code that does not change.

    {"type": "urn:incidents-api:problem:invalid-parameter", "title": "…", "status": 400, "detail": "…",
     "code": "invalid_parameter", "instance": "/api/v1/…/",
     "errors": [{"parameter": "…", "value": "…", "code": "…", "message": "…", "suggestion": "…"}]}

Raise a `Problem`, or one of the functions that make one; whatever else is raised becomes one here.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from rest_framework import exceptions, serializers
from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from incidents_api import deadlines
from incidents_api.enumerations import Enumeration, NamedChoiceField
from incidents_api.parameters.errors import (
    ERROR_CODES,
    LONGEST_ECHO,
    InvalidParametersError,
    ParameterError,
    parameter_error,
)
from incidents_api.rest.deferring import DEFERRABLE
from incidents_api.rest.problem_codes import PROBLEM_CODES, ProblemCode

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5
"""Seconds after which a database that was locked or restarting is worth asking again."""

CONNECTION_LOST = "connection_lost"
"""Attribute of a response after a lost connection, so that the request can be retried."""
LONGEST_LINE = 500
"""Characters of an address in the log."""


class Problem(exceptions.APIException):
    """An error with a stable code; `members` are added to the body as they are."""

    def __init__(
        self,
        code: ProblemCode,
        *,
        status: int,
        title: str,
        detail: str,
        errors: Sequence[ParameterError] | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail, code)
        self.code: ProblemCode = code
        self.status_code = self.status = status
        self.title = title
        self.errors = list(errors or [])
        self.headers = dict(headers or {})
        self.members = members
        self.connection_lost = False

    def body(self, request: HttpRequest | Request) -> dict[str, Any]:
        """Body of the response; `instance` is the requested path."""
        body = {
            "type": f"urn:incidents-api:problem:{self.code.replace('_', '-')}",
            "title": self.title,
            "status": self.status,
            "detail": str(self.detail),
            "code": self.code,
            "instance": escape_uri_path(request.path),
        }
        if self.errors:
            body["errors"] = self.errors
        return body | self.members

    def all_headers(self) -> dict[str, str]:
        """Headers of the response; errors are never cached."""
        return {"Cache-Control": "no-store"} | self.headers


def bad_parameters(errors: Sequence[ParameterError]) -> Problem:
    """400 problem for a query with invalid parameters."""
    names = dict.fromkeys(error["parameter"][:LONGEST_ECHO] for error in errors)
    return Problem(
        "invalid_parameter",
        status=400,
        title="A parameter is unknown or its value is invalid",
        detail=f"Invalid {'parameter' if len(names) == 1 else 'parameters'}: {', '.join(names)}.",
        errors=errors,
    )


def bad_request(detail: str = "The request is malformed.", errors: Sequence[ParameterError] | None = None) -> Problem:
    """400 problem for a malformed request, with the parameters at fault."""
    return Problem("bad_request", status=400, title="Bad request", detail=detail, errors=errors)


def not_found(detail: str = "Nothing exists at this URL.", **members: Any) -> Problem:
    """404 problem for a URL or an id that never existed."""
    return Problem("not_found", status=404, title="Not found", detail=detail, **members)


def gone(detail: str, tombstone: Mapping[str, Any] | None = None) -> Problem:
    """410 problem for a withdrawn or redacted record, with its tombstone."""
    members: dict[str, Any] = {} if tombstone is None else {"tombstone": tombstone}
    return Problem("gone", status=410, title="Withdrawn", detail=detail, **members)


def unavailable(detail: str = "The database is temporarily unavailable. Try again soon.") -> Problem:
    """503 problem while the database is down, locked or out of connections."""
    return Problem(
        "unavailable",
        status=503,
        title="Temporarily unavailable",
        detail=detail,
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def took_too_long(seconds: float, dear: Sequence[tuple[str, str]] = ()) -> Problem:
    """503 problem for a query that exceeded its time limit, with the slowest parameters."""
    message = "This parameter makes the query slow. Omit it, or narrow the query."
    return Problem(
        "took_too_long",
        status=503,
        title="The query takes too long",
        detail=f"No result within {seconds:g} s. Narrow the query, for example to fewer days or one dataset.",
        errors=[parameter_error(name, value, message, code="slow_parameter") for name, value in dear],
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def server_error(exc: BaseException | None, method: str | None, path: str) -> Problem:
    """Log a bug; returns the 500 problem with the id under which the log has the whole story."""
    error_id = secrets.token_hex(6)
    logger.error("Error %s at %s %s", error_id, method, path, exc_info=exc)
    return Problem(
        "server_error",
        status=500,
        title="Internal server error",
        detail=f"The error was logged with the id {error_id}. Include this id when you report it.",
        error_id=error_id,
    )


def as_problem(exc: Exception) -> Problem | None:
    """Problem for an exception; None if it is a bug."""
    match exc:
        case Problem():
            return exc
        case Http404():
            return not_found()  # its text would name our models
        case SuspiciousOperation() | BadRequest():
            return bad_request()  # its text is meant for the log
        case PermissionDenied():
            return as_problem(exceptions.PermissionDenied())
        case OperationalError() | InterfaceError():
            return _of_the_database(exc)
        case InvalidParametersError() | exceptions.ValidationError():
            return bad_parameters(exc.errors if isinstance(exc, InvalidParametersError) else _flatten(exc.detail))
        case exceptions.APIException():
            return _from_drf(exc)
    return None


def _of_the_database(exc: Exception) -> Problem:
    if deadlines.has_expired():
        return took_too_long(settings.REQUEST_SECONDS)
    logger.error("The database is unavailable: %s", exc, exc_info=exc)
    problem = unavailable()
    problem.connection_lost = _is_lost()
    return problem


def _is_lost() -> bool:
    """True if PostgreSQL has closed the connection of this thread, so that a retry may succeed."""
    return connection.vendor == "postgresql" and bool(connection.connection and connection.connection.closed)


CODES: dict[type[exceptions.APIException], ProblemCode] = {
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "too_many_requests",
}
"""Exceptions of DRF that have a code of their own here; any other answers to its status."""


def _from_drf(exc: exceptions.APIException) -> Problem:
    wait = getattr(exc, "wait", None)
    return Problem(
        CODES.get(type(exc), "bad_request" if exc.status_code < 500 else "unavailable"),
        status=exc.status_code,
        title=HTTPStatus(exc.status_code).phrase.capitalize(),
        detail=str(exc.detail),
        headers={"Retry-After": str(int(wait) + 1)} if wait is not None else None,
    )


def _flatten(detail: Any, parameter: str = "") -> list[ParameterError]:
    """Messages of a serializer or form, flattened, each with the name of its field."""
    if isinstance(detail, Mapping):
        return [error for name, inner in detail.items() for error in _flatten(inner, str(name))]
    if isinstance(detail, (list, tuple)):
        return [error for inner in detail for error in _flatten(inner, parameter)]
    return [parameter_error(parameter, "", str(detail))]


def respond(problem: Problem, request: HttpRequest | Request) -> HttpResponse:
    """Problem as JSON in any format, because CSV and Parquet have no form for errors."""
    response = HttpResponse(
        orjson.dumps(problem.body(request)),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers=problem.all_headers(),
    )
    setattr(response, CONNECTION_LOST, problem.connection_lost)
    return response


def problem_response(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Response for an exception of a view; None leaves a bug to `handler500`, which logs it."""
    problem = as_problem(exc)
    if problem is None:
        return None
    request: Request = context["request"]
    if problem.code == "took_too_long":
        return _too_long(context.get("view"), request)
    if isinstance(getattr(request, "accepted_renderer", None), BrowsableAPIRenderer):
        return Response(problem.body(request), status=problem.status, headers=problem.all_headers())
    return respond(problem, request)


def _too_long(view: Any, request: Request) -> HttpResponse:
    """Response for a timeout, with one line in the log instead of Django's error."""
    if DEFERRABLE not in request.META:  # else a job goes on with it
        logger.warning("A query took too long: %s", request.get_full_path()[:LONGEST_LINE])
    response = respond(took_too_long(settings.REQUEST_SECONDS, _dear(view, request)), request)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
    return response


def _dear(view: Any, request: Request) -> list[tuple[str, str]]:
    """The most expensive of the given parameters, according to the FilterSet of the view."""
    declared = view.get_filterset_class() if hasattr(view, "get_filterset_class") else None
    given = [name for name in getattr(declared, "dearest", ()) if name in request.query_params]
    return [(name, request.query_params[name]) for name in given[:1]]


class ParameterErrorSerializer(serializers.Serializer[ParameterError]):
    """One parameter that could not be taken."""

    parameter = serializers.CharField(help_text="Name of the parameter, as sent.")
    value = serializers.CharField(help_text="The value as sent, truncated if it is very long.", allow_blank=True)
    code = NamedChoiceField(Enumeration("ErrorCode", ERROR_CODES, "Stable code of an error, for programs."))
    message = serializers.CharField(help_text="Description of the error.")
    suggestion = serializers.CharField(help_text="The closest valid name or value.", allow_null=True)


class ProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """An error, as RFC 9457 describes it."""

    # DRF takes fields off the class, so these hide nothing of the serializer's own.
    type = serializers.CharField(help_text="URN of the type of problem.")
    title = serializers.CharField(help_text="Type of problem, as text.")
    status = serializers.IntegerField(help_text="HTTP status code.")
    detail = serializers.CharField(help_text="Description of this occurrence.")
    code = NamedChoiceField(
        Enumeration("ProblemCode", PROBLEM_CODES, "Stable code of the type of problem, for programs.")
    )
    instance = serializers.CharField(help_text="The path.")  # type: ignore[assignment]  # DRF takes fields off the class
    errors = ParameterErrorSerializer(  # type: ignore[assignment]  # DRF takes fields off the class
        many=True, required=False, help_text="All invalid parameters."
    )
