"""What a view answers where the server can do more than take bytes: a file, or a job for another process.

A server that can sets `DEFERRABLE` in the environ of the request. Without it (tests, any WSGI server) views answer in
full by themselves.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Literal

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from rest_framework.request import Request

DEFERRABLE = "incidents_api.deferrable"
"""Under this name the environ says that the server can run the request again as a job."""
ETAG = "incidents_api.etag"
"""Under this name the environ keeps the ETag of the answer that is being made."""
REFUSAL = "incidents_api.refusal"
"""Under this name the environ holds the problem that is the answer of a request that no view gets to see."""
BODY = "incidents_api.body"
"""Under this name the environ holds the body of a POST to the API, so that a job has it too."""
PIECE = 2**18


class Deferred(HttpResponse):
    """Says that the request is to be answered by a job, and what that costs; it never reaches a reader.

    A `question` is answered within seconds or not at all; a `file` may wait for its turn.
    """

    def __init__(self, kind: Literal["question", "file"], cost: int = 1) -> None:
        super().__init__(status=202)
        self.kind, self.cost = kind, cost


class FileSpanResponse(StreamingHttpResponse):
    """Answers with the bytes of a file from `begin` to `end`."""

    def __init__(self, path: Path, begin: int, end: int, **options: Any) -> None:
        super().__init__(_pieces(path, begin, end), **options)
        self.path, self.begin, self.end = path, begin, end


class FilePart:
    """Bytes of an open file that are the body of an answer; `close` closes both."""

    def __init__(self, response: HttpResponseBase, file: IO[bytes], begin: int, length: int) -> None:
        self.response, self.file, self.begin, self.length = response, file, begin, length
        self.status = response.status_code

    @staticmethod
    def of(response: HttpResponseBase) -> FilePart | None:
        """Deferred part of a response; None if there is none."""
        if isinstance(response, FileSpanResponse):
            return FilePart(response, response.path.open("rb"), response.begin, response.end - response.begin)
        if not isinstance(response, FileResponse) or response.status_code != 200:
            return None
        file: Any = response.file_to_stream
        if not isinstance(file, io.BufferedReader) or "Content-Length" not in response:
            return None
        return FilePart(response, file, file.tell(), int(response["Content-Length"]))

    def close(self) -> None:
        """Let go of the file, and end the request for Django."""
        self.file.close()
        self.response.close()


def is_deferrable(request: Request) -> bool:
    """True if a job may answer the request."""
    return bool(request.META.get(DEFERRABLE))


def etag_in(environ: Mapping[str, Any]) -> str:
    """The remembered ETag; empty if there is none."""
    return str(environ.get(ETAG, ""))


def _pieces(path: Path, begin: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(begin)
        while begin < end and (piece := stream.read(min(PIECE, end - begin))):
            begin += len(piece)
            yield piece
