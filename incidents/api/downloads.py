"""Downloads of the files of releases: whole, or the part that is missing."""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from incidents.api.export_answers import OCTETS
from incidents.api.release_schema import DownloadSchema
from incidents.query import release_lookup
from incidents.query.release_lookup import State
from incidents.releasing.paths import File, location
from incidents_api.parameters.filtersets import StrictFilterSet
from incidents_api.rest.caching import PINNED
from incidents_api.rest.deferring import FileSpanResponse
from incidents_api.rest.errors import Problem, gone, not_found

logger = logging.getLogger(__name__)

_RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)

Span = tuple[int, int]
"""First byte, and the one after the last."""


class NoFilterSet(StrictFilterSet):
    """No parameter at all."""


class AnyNegotiation(BaseContentNegotiation):
    """Takes every Accept header: a file has one form, and its name has chosen it."""

    def select_renderer(  # type: ignore[override]  # the stub knows no lists
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first renderer, which is never used for errors."""
        return renderers[0], str(renderers[0].media_type)


class DownloadView(APIView):
    """One file of a release."""

    action = "download"
    content_negotiation_class = AnyNegotiation
    schema = DownloadSchema()
    filterset_class: ClassVar[type[StrictFilterSet]] = NoFilterSet

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """FilterSet class: downloads accept no parameters."""
        return self.filterset_class

    def get(self, request: Request, name: str, path: str) -> HttpResponseBase:
        """Download a file of a release, or the part in `Range`. `curl -C -` resumes a download."""
        self.filterset_class(request.query_params, None, request=request).read()
        found = release_lookup.find(name)
        if found is None:
            raise not_found(f"There is no release {name[:80]!r}.")
        file = _listed(found, path)
        etag = f'"{file["sha256"]}"'
        if not _is_meant(request, etag):
            raise Problem(
                "precondition_failed",
                status=412,
                title="Precondition failed",
                detail="The file has changed since your download (If-Match). Download it again.",
                headers={"ETag": etag},
            )
        if _knows(request, etag):
            return HttpResponse(status=304, headers=_headers(file, etag))
        span = _asked(request, file["size"], etag) if request.method == "GET" else None  # as RFC 9110 has it
        return _answer(request, file, etag, location(name, path), span)

    download = get


def _listed(found: State, path: str) -> File:
    """The file with exactly this name in the release; no other file is ever opened."""
    if found.notice:
        raise gone(found.notice)
    for file in found.release.files:
        if file["path"] == path:
            found_file: File = file
            return found_file
    raise not_found(f"The release {found.release.name} has no file {path[:200]!r}.")


def _is_meant(request: Request, etag: str) -> bool:
    header = request.META.get("HTTP_IF_MATCH", "*")
    return header.strip() == "*" or etag in (each.strip() for each in header.split(","))


def _knows(request: Request, etag: str) -> bool:
    header = request.META.get("HTTP_IF_NONE_MATCH", "")
    return header.strip() == "*" or etag in (each.strip().removeprefix("W/") for each in header.split(","))


def _asked(request: Request, size: int, etag: str) -> Span | None:
    """The requested byte range, None for the whole file; raises a 416 problem beyond its end.

    As RFC 9110 has it, what is not one well-formed range of bytes, or is of another file, is answered whole.
    """
    asked = _RANGE.fullmatch(request.META.get("HTTP_RANGE", ""))
    if not asked or not any(asked.groups()) or request.META.get("HTTP_IF_RANGE", etag).strip() != etag:
        return None
    first, last = asked.groups()
    if not first:
        begin, end = max(size - int(last), 0), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < begin:
            return None
    if begin >= size or begin >= end:
        raise Problem(
            "range_not_satisfiable",
            status=416,
            title="Range not satisfiable",
            detail=f"The file has {size} bytes.",
            headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        )
    return begin, end


def _answer(request: Request, file: File, etag: str, place: Path, span: Span | None) -> HttpResponseBase:
    begin, end = span or (0, file["size"])
    headers = _headers(file, etag) | {"Content-Length": str(end - begin)}
    if OCTETS in request.META.get("HTTP_ACCEPT", ""):
        headers["Content-Type"] = OCTETS
    if span:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{file['size']}"
    try:
        same = place.stat().st_size == file["size"]
    except OSError:
        same = False
    if not same:
        name = request.parser_context["kwargs"]["name"]
        logger.error("%s is missing or truncated. Run manage.py release --refresh %s to rebuild it.", place, name)
        raise Problem(
            "file_missing",
            status=503,
            title="Temporarily unavailable",
            detail=f"This machine does not have {file['path']}. The machine that made the release has it.",
            headers={"Retry-After": "3600"},
        )
    status = 206 if span else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return FileSpanResponse(place, begin, end, status=status, headers=headers)


def _headers(file: File, etag: str) -> dict[str, Any]:
    digest = b64encode(bytes.fromhex(file["sha256"])).decode()
    return {
        "ETag": etag,
        "Cache-Control": PINNED,
        "Accept-Ranges": "bytes",
        "Content-Type": file["media_type"],
        "Content-Disposition": f'attachment; filename="{file["path"].rsplit("/", 1)[-1]}"',
        "Repr-Digest": f"sha-256=:{digest}:",
    }
