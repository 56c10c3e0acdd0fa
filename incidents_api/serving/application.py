"""The ASGI application: reads requests, chooses where they run, and sends the responses.

What readers ask for runs in the threads of the lane `public`, what staff ask for in those of `staff`, probes in one of
their own. A view that would answer with a file says so (`deferring`), and what takes a thread too long is given up:
either becomes a job, whose answer is a file.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponseBase

from incidents_api import deadlines
from incidents_api.garbage import search_between_requests
from incidents_api.rest.deferring import BODY, DEFERRABLE, ETAG, REFUSAL, Deferred, FilePart, etag_in
from incidents_api.rest.errors import Problem, server_error
from incidents_api.serving import refusals
from incidents_api.serving.answer_files import AnswerFile
from incidents_api.serving.bodies import BodyError, GoneError, read_body
from incidents_api.serving.calls import Handler, Scope, environ_of, headers_of
from incidents_api.serving.jobs import BusyError, Kind
from incidents_api.serving.lanes import LaneFullError, LaneSlowError
from incidents_api.serving.message_limits import require_acceptable
from incidents_api.serving.rates import Rates, Spent
from incidents_api.serving.sending import CutError, Receive, Send, Sender, VanishedError, until_gone
from incidents_api.serving.site import BODY_BYTES, SEARCH_BYTES, Site
from incidents_api.serving.warming import warm_up

logger = logging.getLogger(__name__)

Headers = list[tuple[bytes, bytes]]

CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_RANGE", "HTTP_IF_RANGE", ETAG})
LARGE = 2**18
"""Bytes of an answer that may stay in memory until its reader has taken it."""
QUEUE_FACTOR = 5
"""How many times the time that a thread may work it may take, where it has to wait for others."""


class Ready(NamedTuple):
    """A response that is ready, or the reason why a thread could not make it in time."""

    status: int
    headers: Headers
    content: bytes
    too_slow: bool
    was_busy: bool
    """It was too slow because the database was at work for too long, not because it waited."""
    waited: bool
    """It was too slow though PostgreSQL was hardly at work."""


class Application:
    """Serves the site by ASGI."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.site = Site()
        self.rates = Rates.from_settings()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["path"] == "/healthz":  # asks nothing and nobody
            await Sender(send, settings.IDLE_SECONDS).whole(*self._at_once(environ_of(scope, None, "")))
            return
        try:
            await self._answer(scope, receive, send)
        except CutError as error:
            logger.info("%s %s: %s", scope["method"], scope["path"], error)
            raise  # which ends the connection

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.site.start(partial(warm_up, self.handler))
        search_between_requests()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.site.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        sender = Sender(send, settings.IDLE_SECONDS)
        client = scope["client"][0] if scope.get("client") else ""
        environ = environ_of(scope, None, client)
        spent = self.rates.of(environ)
        try:
            require_acceptable(scope)
            spent.ask()
            await _put_body(environ, scope, receive)
            await self._run(environ, receive, sender, spent)
        except GoneError:
            pass
        except BodyError as error:
            await sender.whole(*self._refused(environ, error.problem, spent))
        except (LaneFullError, LaneSlowError, BusyError):
            await sender.whole(*self._refused(environ, refusals.busy(), spent))
        except Problem as problem:
            await sender.whole(*self._refused(environ, problem, spent))
        except Exception as error:
            if sender.has_begun:
                raise
            await sender.whole(*self._refused(environ, _unexpected(error, scope), spent))

    async def _run(self, environ: dict[str, Any], receive: Receive, sender: Sender, spent: Spent) -> None:
        quick = self.site.is_quick(environ)
        found: Ready | FilePart | Deferred = Deferred("question")
        if not (quick and self.site.is_known_dear(environ)):
            found = await self._in_a_thread(environ, spent, quick=quick)
        if isinstance(found, FilePart):
            await until_gone(self._send_part(found, environ, sender, spent), receive)
        elif isinstance(found, Ready):
            await self._send_ready(found, sender, spent)
        else:
            spent.work(found.cost)
            await until_gone(self._send_kept(environ, self.site.kinds[found.kind], sender, spent), receive)

    async def _in_a_thread(self, environ: dict[str, Any], spent: Spent, *, quick: bool) -> Ready | FilePart | Deferred:
        """Response from a thread, or the decision that a process must answer; raises BusyError."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        if quick:
            environ[DEFERRABLE] = True
        found: Ready | FilePart | Deferred
        found = await self.site.lane_of(environ).run(lambda: self._respond(environ, quick=quick), spent.address)
        if not isinstance(found, Ready):
            return found
        if not found.too_slow:
            if quick:
                self.site.remember_quick(environ)
            return found
        if found.waited:
            raise BusyError("It waited for a lock or a processor, which a process of its own would do as well.")
        if found.was_busy:  # else it may only have waited, as all do on a crowded machine
            self.site.remember_dear(environ)
        if loop.time() - began > settings.QUEUE_SECONDS + settings.QUICK_SECONDS * QUEUE_FACTOR / 2:
            raise BusyError("It waited for long enough.")
        return Deferred("question")

    def _respond(self, environ: dict[str, Any], *, quick: bool) -> Ready | FilePart | Deferred:
        """Run Django, in a thread; what is public has only a short time for it."""
        if not quick:
            return _taken(self.handler.respond(environ))
        with deadlines.within(settings.QUICK_SECONDS * QUEUE_FACTOR, busy=settings.QUICK_SECONDS) as deadline:
            return _taken(self.handler.respond_on_a_sound_connection(environ), deadline)

    async def _send_ready(self, ready: Ready, sender: Sender, spent: Spent) -> None:
        """Send a ready response; a large one from a file, so that idle clients take no memory."""
        headers = ready.headers + spent.headers()
        if len(ready.content) <= LARGE:
            await sender.whole(ready.status, headers, ready.content)
            return
        with tempfile.TemporaryFile() as file:
            size = file.write(ready.content)
            file.flush()
            ready = ready._replace(content=b"")
            sender.start(ready.status, headers)
            await sender.part(file.fileno(), 0, size, is_named=False)

    async def _send_part(self, part: FilePart, environ: dict[str, Any], sender: Sender, spent: Spent) -> None:
        with closing(part):
            headers = headers_of(part.response) + spent.headers()
            if environ["REQUEST_METHOD"] == "HEAD" or not part.length:
                await sender.whole(part.status, headers, b"")
                return
            sender.start(part.status, headers)
            await sender.part(part.file.fileno(), part.begin, part.begin + part.length)

    async def _send_kept(self, environ: dict[str, Any], kind: Kind, sender: Sender, spent: Spent) -> None:
        """Send the answer of a job; one that was deleted before its first byte is asked for once more."""
        try:
            await self._send_job(environ, kind, sender, spent)
        except VanishedError:
            try:
                await self._send_job(environ, kind, sender, spent)
            except VanishedError as error:
                raise BusyError(str(error)) from None

    async def _send_job(self, environ: dict[str, Any], kind: Kind, sender: Sender, spent: Spent) -> None:
        with _closed_by_a_thread() as stack:
            try:
                key = self.site.key_of(environ, etag_in(environ))
                answer = await self.site.jobs.claim(key, _portable(environ), kind)
                stack.enter_context(self.site.jobs.files.reading(answer))
                body = stack.enter_context(answer.body.open("rb"))
            except FileNotFoundError:
                raise VanishedError("A response was deleted before it was read.") from None
            except OSError as error:
                logger.error("Responses cannot be stored below %s: %s", self.site.answers.directory, error)
                raise BusyError("Responses cannot be stored.") from None
            status, headers = await self._head(answer)
            headers = headers + spent.headers()
            end = answer.end()
            if end is not None and end.whole:
                names = {name for name, _ in headers}
                headers += [] if b"content-length" in names else [(b"content-length", b"%d" % end.length)]
                if environ["REQUEST_METHOD"] == "HEAD" or not end.length:
                    await sender.whole(status, headers, b"")
                    return
            sender.start(status, headers)
            with self.site.redactions_watched():
                await sender.growing(answer, body.fileno())

    async def _head(self, answer: AnswerFile) -> tuple[int, Headers]:
        """Status and headers as soon as they are known; raises BusyError if they never are, VanishedError."""
        pause = 0.003
        while (head := answer.head()) is None:
            if answer.end() is not None:
                raise BusyError("A response ended before it started.")
            if not answer.is_there:
                raise VanishedError("A response was deleted before it started.")
            await asyncio.sleep(pause)
            pause = min(pause * 1.2, 0.25)  # later by a fifth of what was waited, at most
        return head

    def _at_once(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
        """Run Django on the event loop, for requests that do not use the database."""
        with closing(self.handler.respond(environ)) as response:
            return response.status_code, headers_of(response), response.content  # type: ignore[attr-defined]  # it does not stream

    def _refused(self, environ: dict[str, Any], problem: Problem, spent: Spent) -> tuple[int, Headers, bytes]:
        status, headers, content = self._at_once(environ | {REFUSAL: problem})
        return status, headers + spent.headers(), content


async def _put_body(environ: dict[str, Any], scope: Scope, receive: Receive) -> None:
    """Read the body into the environ: of the API as text, which a job can have too; raises BodyError, GoneError."""
    is_search = scope["method"] == "POST" and scope["path"].startswith(settings.API_PREFIXES)
    body = await read_body(scope, receive, settings.BODY_SECONDS, SEARCH_BYTES if is_search else BODY_BYTES)
    if is_search:
        with closing(body):
            environ[BODY] = body.read().decode("latin-1")
    else:
        environ["wsgi.input"] = body


def _taken(response: HttpResponseBase, deadline: deadlines.Deadline | None = None) -> Ready | FilePart | Deferred:
    """Body of a response to send; a streaming response is read to its end unless it is a file."""
    if isinstance(response, Deferred):
        response.close()
        return response
    if part := FilePart.of(response):
        return part
    with closing(response):
        content = _body_of(response)
        return Ready(response.status_code, headers_of(response), content, *_outcome(deadline))


def _body_of(response: HttpResponseBase) -> bytes:
    """Body of a response, which does not keep it: it lives on with its request until garbage is searched for."""
    if response.streaming:
        return b"".join(response)
    content: bytes = response.content  # type: ignore[attr-defined]  # the base class has none
    response.content = b""  # type: ignore[attr-defined]  # likewise
    vars(response).pop("data", None)  # DRF's response keeps what it was made from, which is the same bytes
    return content


def _unexpected(error: Exception, scope: Scope) -> Problem:
    """The problem for what went wrong before anything was sent; an answer that was cut may be asked for again."""
    if isinstance(error, CutError):
        logger.error("%s %s ended before it began: %s", scope["method"], scope["path"], error)
        return refusals.busy()
    return server_error(error, scope["method"], scope["path"])


@contextmanager
def _closed_by_a_thread() -> Iterator[ExitStack]:
    """An exit stack that a thread closes, because closing a large deleted file can block on the disk."""
    stack = ExitStack()
    try:
        yield stack
    finally:
        asyncio.get_running_loop().run_in_executor(None, stack.close)


def _outcome(deadline: deadlines.Deadline | None) -> tuple[bool, bool, bool]:
    if deadline is None:
        return False, False, False
    return deadline.expired, deadline.was_busy, deadline.expired and deadline.waited


def _portable(environ: dict[str, Any]) -> dict[str, str]:
    """Request as plain data for another process, complete, because several clients may share the response."""
    return {name: value for name, value in environ.items() if isinstance(value, str) and name not in CONDITIONS}
