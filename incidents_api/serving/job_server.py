"""Forks a process for each dear request: `python -m incidents_api.serving.job_server`, started by each worker.

It has Django loaded and nothing else: no thread, no connection. So a job begins within milliseconds, shares no state
with others, and can be ended at any moment. Lines of JSON come on the standard input, `{"run": {...}}` and
`{"stop": id}`; `{"ended": id, "status": n, "seconds": cpu}` goes to the standard output.
When the input ends, all jobs are ended.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import time
from typing import IO, Any, NoReturn

import orjson
from django.db import connections

from incidents_api import deadlines
from incidents_api.garbage import search_between_requests, search_less
from incidents_api.serving.calls import Handler
from incidents_api.serving.job import Job, die_with_parent, run
from incidents_api.serving.warming import warm_up

logger = logging.getLogger("incidents_api.serving.jobs")

GRACE_SECONDS = 1.0
"""How long a job that is ended has to take its statement back from PostgreSQL."""


class JobServer:
    """Starts and ends processes as its input says."""

    def __init__(self, orders: int, answers: IO[bytes]) -> None:
        self.orders, self.answers = orders, answers
        self.handler = Handler()
        self.running: dict[int, int] = {}
        self.killed_at: dict[int, float] = {}
        self.wake_read, self.wake_write = os.pipe()
        os.set_blocking(self.wake_read, False)
        os.set_blocking(self.wake_write, False)

    def serve(self) -> None:
        """Process commands until the input is closed."""
        signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group: the worker says when to end
        left = b""
        while True:
            ready, _, _ = select.select([self.orders, self.wake_read], [], [], 0.1 if self.killed_at else None)
            if self.wake_read in ready:
                os.read(self.wake_read, 4096)
            self._reap()
            self._insist()
            if self.orders in ready:
                read = os.read(self.orders, 2**16)
                if not read:
                    break
                *lines, left = (left + read).split(b"\n")
                for line in lines:
                    self._obey(orjson.loads(line))
        for pid in self.running.values():
            os.kill(pid, signal.SIGKILL)

    def _obey(self, order: dict[str, Any]) -> None:
        if "run" in order:
            self._start(Job(**order["run"]))
        elif pid := self.running.get(order["stop"]):
            os.kill(pid, signal.SIGINT)
            self.killed_at.setdefault(pid, time.monotonic())

    def _start(self, job: Job) -> None:
        pid = os.fork()
        if not pid:
            self._be(job)
        self.running[job.id] = pid

    def _be(self, job: Job) -> NoReturn:
        """Be the job, and end with it."""
        status = 1
        try:
            die_with_parent()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for inherited in (self.orders, self.wake_read, self.wake_write, self.answers.fileno()):
                os.close(inherited)
            run(job, self.handler)
            status = 0
        except KeyboardInterrupt:
            status = 2
        except BaseException:
            logger.exception("A job failed: %s", job.environ.get("PATH_INFO"))
        finally:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                connections.close_all()
                sys.stderr.flush()
            finally:
                os._exit(status)  # whatever happened: this process must not go on as the one that it was forked from

    def _reap(self) -> None:
        for id_, pid in tuple(self.running.items()):
            ended, status, usage = os.wait4(pid, os.WNOHANG)
            if ended:
                del self.running[id_]
                self.killed_at.pop(pid, None)
                self._say({"ended": id_, "status": status, "seconds": usage.ru_utime + usage.ru_stime})

    def _insist(self) -> None:
        """Kill jobs that did not end after a request to end."""
        for pid, since in self.killed_at.items():
            if time.monotonic() - since > GRACE_SECONDS:
                os.kill(pid, signal.SIGKILL)

    def _say(self, what: dict[str, Any]) -> None:
        self.answers.write(orjson.dumps(what) + b"\n")
        self.answers.flush()


def main() -> None:
    """Load Django, say so, and serve."""
    import django

    die_with_parent()
    search_less()
    # What jobs or libraries print must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    django.setup()
    deadlines.install()
    server = JobServer(0, answers)
    warm_up(server.handler)
    connections.close_all()
    search_between_requests()
    server._say({"ready": True})
    server.serve()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_api.settings")
    main()
