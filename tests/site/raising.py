"""Addresses that fail in every way, below the API and outside it."""

from typing import NoReturn

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest
from django.urls import path
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents_api.parameters.errors import parameter_error
from incidents_api.rest.errors import bad_parameters, gone, unavailable
from incidents_api.rest.renderers import BrowsableRenderer, JSONRenderer
from incidents_api.urls import handler400, handler403, handler404, handler500
from incidents_api.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500"]

SECRET = "password=hunter2"

FAILURES: dict[str, Exception] = {
    "parameters": bad_parameters([parameter_error("evnt_type", "battle", "There is none.", ["event_type"])]),
    "missing": Http404("No IncidentEntry matches"),
    "gone": gone("It was withdrawn.", {"reason": "It was a rumour."}),
    "unavailable": unavailable(),
    "forbidden": PermissionDenied(SECRET),
    "suspicious": SuspiciousOperation(SECRET),
    "too-big": RequestDataTooBig(SECRET),
    "database": OperationalError(SECRET),
    "connection": InterfaceError(SECRET),
    "bug": RuntimeError(SECRET),
    "often": exceptions.Throttled(wait=7),
    "invalid": exceptions.ValidationError({"day": ["Is no day."], "nested": {"deep": ["Is wrong."]}}),
    "media": exceptions.UnsupportedMediaType("text/plain"),
}


class FailingView(APIView):
    """Raises what it is asked to."""

    def get(self, request: Request, failure: str) -> NoReturn:
        raise FAILURES[failure]


class CSVRenderer(JSONRenderer):
    """A second format, which cannot tell an error."""

    media_type = "text/csv"
    format = "csv"


class WordsView(APIView):
    """Words in some formats.

    What stands between `backticks` is code.
    """

    renderer_classes = [
        JSONRenderer,
        CSVRenderer,
        BrowsableRenderer,
    ]

    def get(self, request: Request) -> Response:
        return Response({"words": "<b>&</b>", "next": "http://testserver/api/words/?page=2", "none": None})


def fail(request: HttpRequest, failure: str) -> NoReturn:
    raise FAILURES[failure]


urlpatterns = [
    path("api/fail/<failure>/", FailingView.as_view()),
    path("api/words/", WordsView.as_view()),
    path("api/plain/<failure>/", fail),
    path("fail/<failure>/", fail),
    *site,
]
