"""Time limits for database statements of requests.

A thread that answers API requests works `within` a number of seconds. On SQLite, the connection of the thread checks
the clock every few thousand steps: `interrupt` would also end the next statement of a connection with an open cursor.
On PostgreSQL, a watching thread sends a cancel request: a `statement_timeout` would have to be set with each request,
and would stay with a pooled connection. Outside `within` (publications, loads, mirrors, the admin) statements are never
cancelled.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

logger = logging.getLogger(__name__)

STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock: a fraction of a millisecond."""
LOOK_SECONDS = 0.02
"""Between two looks of the thread that watches PostgreSQL."""
HERE = frozenset(("localhost", "127.0.0.1", "::1"))
CANCEL_SECONDS = 2.0
"""How long PostgreSQL may take to receive a cancel request."""


class Deadline:
    """When a thread has to have finished, and whether something of it was ended for that."""

    def __init__(self, seconds: float, busy: float | None) -> None:
        self.busy = busy
        self.busy_until = None if busy is None else time.thread_time() + busy
        self.lock = threading.Lock()
        self.is_over = False
        self.expired = False
        """A statement was ended."""
        self.was_busy = False
        """It was ended because the database was at work for too long, and not because it waited."""
        self.waited = False
        """It was ended though PostgreSQL was hardly at work: it waited for a lock, or for a processor."""
        self.wrapper: Any = connections[connection.alias] if connection.vendor == "postgresql" else None
        self.look_at = time.monotonic() + busy if busy is not None else 0.0
        """From when on PostgreSQL is looked at."""
        self.first_look: float | None = None
        self.renew(seconds)

    def renew(self, seconds: float) -> None:
        """Allow so many seconds from now on."""
        self.at = time.monotonic() + seconds


_threads = threading.local()
_watched: set[Deadline] = set()
_started = threading.Lock()


@contextmanager
def within(seconds: float, busy: float | None = None) -> Iterator[Deadline]:
    """Let this thread keep the database busy for so long, and no longer.

    `busy` bounds the time that it works, however long it waits for a processor: a crowded machine makes no question
    dear. SQLite works in the thread itself. What PostgreSQL has used is known where it runs on this machine; elsewhere
    the time that has passed counts.
    """
    deadline = _threads.deadline = Deadline(seconds, busy)
    if deadline.wrapper is not None:
        _watch()
        _watched.add(deadline)
    try:
        yield deadline
    finally:
        _threads.deadline = None
        if deadline.wrapper is not None:
            _watched.discard(deadline)
            with deadline.lock:  # a cancel request that is under way reaches this request and not the next one
                deadline.is_over = True
            if deadline.expired:
                deadline.wrapper.close()


def current() -> Deadline | None:
    """Deadline of this thread, if it has one."""
    found: Deadline | None = getattr(_threads, "deadline", None)
    return found


def has_expired() -> bool:
    """True if a statement of this thread was cancelled because it took too long."""
    deadline = current()
    return deadline is not None and deadline.expired


def install() -> None:
    """Let SQLite's connections look at the clock; called by what answers readers, before it connects."""
    connection_created.connect(prepare, dispatch_uid="deadlines")


def prepare(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let a connection look at the clock."""
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(_is_too_late, STEPS)


def _is_too_late() -> int:
    """1 makes SQLite cancel the running statement."""
    deadline = current()
    if deadline is None:
        return 0
    deadline.was_busy = deadline.busy_until is not None and time.thread_time() >= deadline.busy_until
    deadline.expired = deadline.was_busy or time.monotonic() >= deadline.at
    return int(deadline.expired)


def _watch() -> None:
    if _started.acquire(blocking=False):  # never released: one thread a process
        threading.Thread(target=_cancel_what_is_late, name="deadlines", daemon=True).start()


def _cancel_what_is_late() -> None:
    clock = threading.Event()
    while not clock.wait(LOOK_SECONDS):
        now = time.monotonic()
        for deadline in tuple(_watched):
            if deadline.busy is not None and now > deadline.look_at and _is_busy(deadline):
                _cancel(deadline)
            elif now > deadline.at:
                deadline.waited = deadline.busy is not None
                _cancel(deadline)


def _is_busy(deadline: Deadline) -> bool:
    """True if PostgreSQL has been busy for too long since the first check."""
    used = _processor_seconds(deadline)
    if used is None:
        return True  # it is elsewhere, and the time has passed
    if deadline.first_look is None:
        deadline.first_look = used
    deadline.was_busy = used - deadline.first_look >= float(deadline.busy or 0)
    return deadline.was_busy


def _processor_seconds(deadline: Deadline) -> float | None:
    """CPU seconds of the process behind a connection; None if it runs on another machine."""
    underlying = deadline.wrapper.connection
    try:
        if underlying is None or not (underlying.info.host.startswith("/") or underlying.info.host in HERE):
            return None
        said = Path(f"/proc/{underlying.info.backend_pid}/stat").read_text()
    except (OSError, psycopg.Error):
        return None
    name, _, fields = said.partition("(")[2].rpartition(")")
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") if name == "postgres" else None


def _cancel(deadline: Deadline) -> None:
    with deadline.lock:
        underlying = deadline.wrapper.connection
        if deadline.is_over or underlying is None or underlying.info.transaction_status != TransactionStatus.ACTIVE:
            return
        deadline.expired = True
        try:
            underlying.cancel_safe(timeout=CANCEL_SECONDS)
        except psycopg.Error as error:  # the next look tries again
            logger.warning("Cancelling a slow PostgreSQL statement failed: %s", error)
