"""Slow requests of one worker: each becomes a job, unless its file is already being written.

A job runs while somebody on this machine reads its answer, when it gets one of the machine's slots, and for as long as
the settings allow. All of this runs on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from incidents_api.serving.answer_files import AnswerFile, AnswerFiles, Slots
from incidents_api.serving.job import Job

logger = logging.getLogger(__name__)

SLOT_POLL_SECONDS = 0.03
READERS_POLL_SECONDS = 0.25
RESTART_SECONDS = 1.0
LATE_SECONDS = 2.0
"""How much longer than its limit a job may take to say itself that it took too long."""


class BusyError(RuntimeError):
    """No slot became free in time, or too many wait already."""


class JobFailedError(RuntimeError):
    """A job ended before its answer began."""


@dataclass(frozen=True)
class Kind:
    """How jobs of a kind are run."""

    slots: Slots
    nice: int
    wait_seconds: float
    """How long one may wait for a slot."""
    longest: int
    """How many may wait in each worker."""


class JobServerProcess:
    """The process that forks jobs; it is started again when it ends."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._left = b""
        self._waiting: dict[int, Callable[[dict[str, Any]], None]] = {}
        self._next = 0
        self._closing = False

    def start(self) -> None:
        """Start the process; commands wait until it is ready, about a second later."""
        loop = asyncio.get_running_loop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "incidents_api.serving.job_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        loop.add_reader(self._output(), self._read)

    def stop(self) -> None:
        """End it with all of its jobs."""
        self._closing = True
        if self._process and self._process.stdin:
            self._process.stdin.close()

    def run(self, job: dict[str, Any], ended: Callable[[dict[str, Any]], None]) -> int:
        """Start a job; returns its number and calls `ended` when it has ended."""
        self._next += 1
        self._waiting[self._next] = ended
        self._say({"run": job | {"id": self._next}})
        return self._next

    def end(self, number: int) -> None:
        """End a job."""
        self._say({"stop": number})

    def _output(self) -> int:
        """File descriptor of the output of the process."""
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("The job server is not running.")
        return self._process.stdout.fileno()

    def _say(self, what: dict[str, Any]) -> None:
        if self._process and self._process.stdin:
            with suppress(BrokenPipeError):  # its end is seen by _read
                self._process.stdin.write(orjson.dumps(what) + b"\n")

    def _read(self) -> None:
        read = os.read(self._output(), 2**16)
        *lines, self._left = (self._left + read).split(b"\n")
        for line in lines:
            said = orjson.loads(line)
            if "ready" in said:
                self.ready.set()
            if "ended" in said and (ended := self._waiting.pop(said["ended"], None)):
                ended(said)
        if not read:
            self._lost()

    def _lost(self) -> None:
        """Say of all jobs that they have ended, and start again."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._output())
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
        waiting, self._waiting, self._left = self._waiting, {}, b""
        for ended in waiting.values():
            ended({"status": 1, "seconds": 0.0})
        if not self._closing:
            logger.error("The job server has ended and is being restarted.")
            loop.call_later(RESTART_SECONDS, self.start)


class Jobs:
    """Gets answers written."""

    def __init__(
        self, files: AnswerFiles, server: JobServerProcess, first_byte_seconds: float, chunk_seconds: float
    ) -> None:
        self.files, self.server = files, server
        self.first_byte_seconds, self.chunk_seconds = first_byte_seconds, chunk_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines: dict[int, list[AnswerFile]] = {}

    async def claim(self, key: str, environ: dict[str, str], kind: Kind) -> AnswerFile:
        """The file with this name, written by a job if it is new; raises BusyError, OSError."""
        # In a thread: making files can have to wait for a disk that is being written to.
        answer, lock = await asyncio.to_thread(self.files.claim, key)
        if lock is not None:
            if len(self._lines.get(id(kind), [])) >= kind.longest:
                self.files.drop(answer)
                os.close(lock)
                raise BusyError("Too many requests of this kind are waiting.")
            task = asyncio.get_running_loop().create_task(self._write(answer, lock, environ, kind))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return answer

    async def _write(self, answer: AnswerFile, lock: int, environ: dict[str, str], kind: Kind) -> None:
        slot = None
        try:
            slot = await self._slot(answer, kind)
            if slot is None:
                self.files.drop(answer)
                return
            await self._run(answer, environ, kind)
        except Exception:
            logger.exception("A job could not be started.")
        finally:
            if answer.end() is None and answer.is_there:
                with suppress(OSError):
                    answer.write_end(answer.body.stat().st_size, whole=False)
            os.close(lock)
            if slot is not None:
                os.close(slot)

    async def _slot(self, answer: AnswerFile, kind: Kind) -> int | None:
        """A slot; None if no client is waiting any more, or if it takes too long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + kind.wait_seconds
        line = self._lines.setdefault(id(kind), [])
        line.append(answer)
        try:
            while loop.time() < until and self.files.has_readers(answer):
                # One job of each worker looks for a slot, in the order in which they came.
                if line[0] is answer and (slot := kind.slots.take()) is not None:
                    return slot
                await asyncio.sleep(SLOT_POLL_SECONDS if line[0] is answer else READERS_POLL_SECONDS)
            return None
        finally:
            line.remove(answer)

    async def _run(self, answer: AnswerFile, environ: dict[str, str], kind: Kind) -> None:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[dict[str, Any]] = loop.create_future()
        order = Job(0, environ, str(answer.folder), kind.nice, self.first_byte_seconds, self.chunk_seconds)
        number = self.server.run(order.plain(), ended.set_result)
        late = loop.time() + self.first_byte_seconds + LATE_SECONDS
        size = 0
        while not ended.done():
            await asyncio.wait([ended], timeout=READERS_POLL_SECONDS)
            grown = _size(answer.body)
            if grown != size:
                size, late = grown, loop.time() + self.chunk_seconds + LATE_SECONDS
            if not ended.done() and (loop.time() > late or not answer.is_there or not self.files.has_readers(answer)):
                self.server.end(number)
                await ended
                if answer.is_there and answer.end() is None:
                    await asyncio.to_thread(self.files.drop, answer)  # deleting a large file takes a while


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
