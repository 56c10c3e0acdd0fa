"""Whether the process lives and whether it can serve, for whatever watches over it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from incidents_api.rest.errors import RETRY_AFTER

logger = logging.getLogger(__name__)


class Probes:
    """Answers /healthz and /readyz before everything else.

    A probe comes by http to the address of a machine: as a view it would be redirected to https or refused
    because of its Host header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.is_migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, or pass the request on."""
        if request.path_info == "/healthz":
            return _say("ok")
        if request.path_info == "/readyz":
            return self.readiness()
        return self.get_response(request)

    def readiness(self) -> HttpResponse:
        """Say whether the database answers and has the tables that this code needs."""
        try:
            if not self.is_migrated:  # never undone while a process runs, and slow to find out
                executor = MigrationExecutor(connection)
                self.is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError as error:
            logger.error("Not ready: %s", error)
            return _say("The database cannot be reached.", status=503)
        if not self.is_migrated:
            return _say("The database lacks tables: run manage.py migrate.", status=503)
        return _say("ready")


def _say(text: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_AFTER)} if status == 503 else {})
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)
