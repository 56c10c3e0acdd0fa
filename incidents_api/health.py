"""Whether the process lives and whether it can serve, for whatever watches over it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from incidents.ledger.clock import ahead
from incidents.ledger.database import Kind, findings
from incidents_api.rest.errors import RETRY_AFTER

logger = logging.getLogger(__name__)

WORDS = {
    Kind.NEWER: "The database was made by a newer version of this server; the log lists the unknown migrations.",
    Kind.PENDING: "The database needs migrations: run manage.py migrate.",
    Kind.UNFIT: "The database does not match this version: run manage.py check --database default for details.",
}
"""Responses to probes; the log has the names of tables and migrations."""


class Probes:
    """Answers /healthz and /readyz before everything else.

    A probe comes by http to the address of a machine: as a view it would be redirected to https or refused
    because of its Host header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.fits = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, or pass the request on."""
        if request.path_info == "/healthz":
            return _say("ok")
        if request.path_info == "/readyz":
            return self.readiness()
        return self.get_response(request)

    def readiness(self) -> HttpResponse:
        """Say whether the database answers and is one that this code can use."""
        try:
            if not self.fits and (problem := self._problem()):
                return _say(problem, status=503)
            warning = ahead()  # asks the database too
        except DatabaseError as error:
            logger.error("Not ready: %s", error)
            return _say("The database cannot be reached.", status=503)
        return _say(f"ready\nwarning: {warning}" if warning else "ready")

    def _problem(self) -> str:
        """Why the database cannot be used; a positive result is cached, because the check is slow."""
        wrong = findings()
        for finding in wrong:
            logger.error("Not ready: %s %s" if finding.kind.stops else "%s %s", finding.text, finding.hint)
        stopping = next((finding.kind for finding in wrong if finding.kind.stops), None)
        self.fits = stopping is None
        return WORDS[stopping] if stopping else ""


def _say(text: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_AFTER)} if status == 503 else {})
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)
