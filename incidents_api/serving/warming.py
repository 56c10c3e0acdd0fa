"""The first requests of each process and thread, which import modules and open connections: nobody waits for them."""

from __future__ import annotations

import logging
from contextlib import closing

from django.conf import settings
from django.db import DatabaseError

from incidents_api import deadlines
from incidents_api.serving.calls import Handler, environ_of

logger = logging.getLogger(__name__)

SECONDS = 10.0
PATHS = ("/api/v1/incidents/", "/api/v1/incidents.csv", "/api/v1/incidents.geojson", "/api/v1/incidents/count/")


def warm_up(handler: Handler) -> None:
    """Answer some small questions to nobody."""
    host = next(iter(settings.ALLOWED_HOSTS), "localhost").lstrip(".")
    for path in PATHS:
        scope = {
            "method": "GET",
            "path": path,
            "query_string": b"" if path.endswith("count/") else b"limit=1",
            "http_version": "1.1",
            "scheme": "https" if settings.HTTPS else "http",
            "headers": [(b"host", host.encode())],
        }
        try:
            with deadlines.within(SECONDS), closing(handler.respond(environ_of(scope, None, "127.0.0.1"))) as response:
                b"".join(response)
        except DatabaseError as error:  # requests will say so themselves
            logger.warning("The database is not available yet: %s", error)
