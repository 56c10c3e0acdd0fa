"""What one worker serves with: its lanes, its jobs, its files, as the settings have them."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from math import inf
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from incidents_api import deadlines
from incidents_api.rest.deferring import BODY
from incidents_api.serving.answer_files import Slots, answers_of_this_site, redactions
from incidents_api.serving.jobs import Jobs, JobServerProcess, Kind
from incidents_api.serving.lanes import Lane

logger = logging.getLogger(__name__)

BODY_BYTES = 5_000_000
"""The largest body of a request; forms of the admin are far smaller."""
SEARCH_BYTES = 64_000
"""The largest body of a request to the API, whose only bodies are searches."""
WAITING = 100
"""Requests that may wait for each thread of a lane."""
STAFF_WAIT_SECONDS = 30.0
DEAR_SECONDS = 10.0
"""How long a question that took a thread too long goes straight to a job."""
QUICK_FOR_SECONDS = 60.0
"""Seconds for which a query that was quick in a thread is not considered slow."""
MOST_KNOWN = 1000
"""Questions that are remembered of each sort."""
READY_SECONDS = 20.0
"""How long a worker waits for the process that starts jobs; jobs wait for it in any case."""
SWITCH_SECONDS = 0.0002
"""How long a thread may go on before others get a turn: Python's 5 ms would delay each step of the event loop."""
REDACTION_POLL_SECONDS = 1.0


class Site:
    """The parts of a worker."""

    def __init__(self) -> None:
        wait = settings.QUEUE_SECONDS
        self.public = Lane("public", settings.WEB_THREADS, WAITING * settings.WEB_THREADS, wait)
        self.staff = Lane("staff", settings.STAFF_THREADS, WAITING * settings.STAFF_THREADS, STAFF_WAIT_SECONDS)
        self.probes = Lane("probes", 1, WAITING, wait)
        self.answers = answers_of_this_site()
        self.jobs = Jobs(self.answers, JobServerProcess(), settings.REQUEST_SECONDS, settings.CHUNK_SECONDS)
        slots = Path(settings.VAR_DIR) / "slots"
        self.kinds = {
            "file": Kind(Slots(slots, "file", settings.FILE_JOBS), 5, settings.REQUEST_SECONDS, WAITING),
            "question": Kind(Slots(slots, "question", settings.QUESTION_JOBS), 10, wait / 2, WAITING),
        }
        self._dear: dict[str, float] = {}
        self._quick: dict[str, float] = {}
        self._sending = 0
        self._watching: asyncio.Task[None] | None = None
        self._redacted: int | None = None

    async def start(self, warm_up: Callable[[], None]) -> None:
        """Start threads and processes, and wait until they are ready.

        What an earlier server has left may be of another state of the database, and is deleted.
        """
        with suppress(OSError):  # each job says so
            self.answers.purge(unread_only=True)
        deadlines.install()
        sys.setswitchinterval(SWITCH_SECONDS)
        for lane in (self.public, self.staff, self.probes):
            lane.start()
        self.jobs.server.start()
        await asyncio.gather(*(self.public.run(warm_up, str(number)) for number in range(self.public.threads)))
        with suppress(TimeoutError):
            await asyncio.wait_for(self.jobs.server.ready.wait(), READY_SECONDS)

    def stop(self) -> None:
        """End the processes; threads end with the worker."""
        self.jobs.server.stop()

    def lane_of(self, environ: Mapping[str, Any]) -> Lane:
        """Lane (thread pool) of a request, by its path."""
        path = environ["PATH_INFO"]
        if path == "/readyz":
            return self.probes
        return self.public if path.startswith(settings.API_PREFIXES) else self.staff

    def is_quick(self, environ: Mapping[str, Any]) -> bool:
        """True for requests that become a job if they are slow."""
        return environ["REQUEST_METHOD"] in ("GET", "HEAD", "POST") and environ["PATH_INFO"].startswith(
            settings.API_PREFIXES
        )

    def is_known_dear(self, environ: Mapping[str, Any]) -> bool:
        """True if the same query was recently too slow for a thread."""
        until = self._dear.get(_question(environ))
        return until is not None and time.monotonic() < until

    def remember_dear(self, environ: Mapping[str, Any]) -> None:
        """Keep a thread from trying the same question again for a while, unless it was quick a moment ago."""
        now, question = time.monotonic(), _question(environ)
        if now - self._quick.get(question, -inf) > QUICK_FOR_SECONDS:
            _keep(self._dear, question, now + DEAR_SECONDS)

    def remember_quick(self, environ: Mapping[str, Any]) -> None:
        """Note that a thread has answered a question in time.

        On a crowded machine the processor's time for an ordinary page may once be many times what it usually is.
        """
        _keep(self._quick, _question(environ), time.monotonic())

    def key_of(self, environ: Mapping[str, Any], etag: str) -> str:
        """Name of a file: equal requests share it if the ETag is known in advance."""
        if not etag:
            return token_hex(16)
        # Beside what the ETag is made of, the headers of an answer depend on these.
        parts = etag, environ["REQUEST_METHOD"], "HTTP_ORIGIN" in environ
        return blake2b(repr(parts).encode(), digest_size=16).hexdigest()

    @contextmanager
    def redactions_watched(self) -> Iterator[None]:
        """Look for redactions that other machines have made, as long as something is being sent."""
        self._sending += 1
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        try:
            yield
        finally:
            self._sending -= 1

    async def _watch(self) -> None:
        while self._sending:
            try:
                redacted = await self.probes.run(redactions, "")
            except Exception as error:
                if not isinstance(error, DatabaseError):
                    logger.exception("Checking for redactions failed.")
            else:
                if redacted != self._redacted:
                    self.answers.purge_older_than(redacted)
                self._redacted = redacted
            await asyncio.sleep(REDACTION_POLL_SECONDS)


def _keep(known: dict[str, float], question: str, until: float) -> None:
    known.pop(question, None)  # to the end
    while len(known) >= MOST_KNOWN:
        del known[next(iter(known))]
    known[question] = until


def _question(environ: Mapping[str, Any]) -> str:
    return f"{environ['PATH_INFO']}?{environ['QUERY_STRING'] or environ.get(BODY, '')}"
