"""One job: a process that runs Django for one slow request and writes the response to its file."""

from __future__ import annotations

import ctypes
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.db import Error as AnyDatabaseError
from django.db import connection
from django.http import HttpResponseBase

from incidents_api import deadlines
from incidents_api.rest.deferring import REFUSAL
from incidents_api.serving.answer_files import AnswerFile, NoRoomError, answers_of_this_site, redactions
from incidents_api.serving.calls import Handler, headers_of
from incidents_api.serving.refusals import no_room

PR_SET_PDEATHSIG = 1
MOST_NICE = 19
LOCK_MILLISECONDS = 500
OFTEN = 2**22
"""Bytes after which the room for an answer that has outgrown its estimate is looked at again."""


@dataclass(frozen=True)
class Job:
    """What is to be done, as it is handed from process to process."""

    id: int
    environ: dict[str, str]
    folder: str
    nice: int
    first_byte_seconds: float
    chunk_seconds: float

    def plain(self) -> dict[str, Any]:
        """Convert to a dict of plain values, for JSON."""
        return asdict(self)


def die_with_parent() -> None:
    """Let the system end this process when its parent ends, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def give_way() -> None:
    """Let this process run when no other one wants to; where the system cannot do that, let it be slower."""
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(MOST_NICE)


def _wait_briefly_for_locks() -> None:
    """Let PostgreSQL refuse what waits for a lock, on the connection that this process is about to make."""
    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"]
        options["options"] = f"{options.get('options', '')} -c lock_timeout={LOCK_MILLISECONDS}".strip()


def run(job: Job, handler: Handler) -> None:
    """Write the answer; raises what went wrong after its first byte."""
    os.nice(job.nice)
    _wait_briefly_for_locks()
    answer = AnswerFile(Path(job.folder))
    written = 0
    with answer.body.open("r+b") as body:
        try:
            with deadlines.within(job.first_byte_seconds) as deadline:
                for so_far in _write(answer, body, handler, deadline, job):
                    written = so_far
        except BaseException:
            if answer.is_there:  # it has been deleted if its readers have gone or a redaction came
                answer.write_end(written, whole=False)
            raise
    answer.write_end(written, whole=True)


def _environ(job: Job) -> dict[str, Any]:
    return job.environ | {
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": True,
    }


def _write(
    answer: AnswerFile, body: IO[bytes], handler: Handler, deadline: deadlines.Deadline, job: Job
) -> Iterator[int]:
    """Write the pieces of the response, yielding how many bytes there are so far."""
    with suppress(AnyDatabaseError):  # which the answer says itself
        answer.write_redactions(redactions())
    with closing(handler.respond_on_a_sound_connection(_environ(job))) as response:
        pieces = _pieces(response)
        first = next(pieces, b"")
        expected = int(getattr(response, "expected_bytes", 0)) or len(first)
        try:
            answers_of_this_site().reserve(answer, expected)
        except NoRoomError:
            yield _refuse(answer, body, handler, job)
            return
        written = body.write(first)
        body.flush()
        answer.write_head(response.status_code, headers_of(response))
        yield written
        give_way()  # a reader waits for the first byte only; what follows may take its time
        for piece in pieces:
            deadline.renew(job.chunk_seconds)
            written += body.write(piece)
            if written > expected:
                expected = written + OFTEN
                answers_of_this_site().reserve(answer, expected)
            body.flush()
            yield written


def _pieces(response: HttpResponseBase) -> Iterator[bytes]:
    yield from (piece for piece in response if piece)


def _refuse(answer: AnswerFile, body: IO[bytes], handler: Handler, job: Job) -> int:
    """Write that there is no room for the answer; returns how many bytes that takes."""
    with closing(handler.respond(_environ(job) | {REFUSAL: no_room()})) as response:
        written = body.write(b"".join(_pieces(response)))
        body.flush()
        answer.write_head(response.status_code, headers_of(response))
    return written
