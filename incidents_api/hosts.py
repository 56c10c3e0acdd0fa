"""Message for a Host header that is not in ALLOWED_HOSTS: in the response, and in one line of log."""

from __future__ import annotations

import logging
import re

from django.http import HttpRequest

from incidents_api.parameters.errors import LONGEST_ECHO

HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?P<port>:[0-9]{1,5})?")
"""A host name or an address, with or without a port. Nothing else is repeated."""


def complaint(request: HttpRequest) -> str:
    """Message that names the unknown host and the setting to change."""
    host = str(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))
    known = HOST.fullmatch(host) if len(host) <= LONGEST_ECHO else None
    if known is None:
        return "The Host header is not a valid host name. Use a host in ALLOWED_HOSTS."
    without_port = f' (without the port: "{known["name"]}")' if known["port"] else ""
    return f'Unknown host "{host}". Add it to ALLOWED_HOSTS{without_port}.'


class OneLine(logging.Filter):
    """Takes the traceback from Django's record of a refused Host header, and says what to do."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it is always kept."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.msg, record.args = "%s Asked for: %s", (complaint(request), repr(request.path[:LONGEST_ECHO]))
        record.exc_info = record.exc_text = None
        return True
