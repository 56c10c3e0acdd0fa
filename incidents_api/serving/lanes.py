"""Thread pools that run Django, with fair queues: client addresses take turns."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

Work = Callable[[], Any]


class LaneFullError(RuntimeError):
    """As many requests wait already as may."""


class LaneSlowError(RuntimeError):
    """No thread became free in time."""


class Lane:
    """A thread pool with a queue.

    All but the threads' own loop runs on the event loop.
    """

    def __init__(self, name: str, threads: int, longest: int, wait_seconds: float) -> None:
        self.name, self.threads, self.longest, self.wait_seconds = name, threads, longest, wait_seconds
        self.running = self.waiting = 0
        self._work: SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Work] | None] = SimpleQueue()
        self._patience: dict[asyncio.Future[Any], asyncio.TimerHandle] = {}
        self._line: OrderedDict[str, deque[tuple[asyncio.Future[Any], Work]]] = OrderedDict()

    def start(self) -> None:
        """Start the threads."""
        for number in range(self.threads):
            Thread(target=self._serve, name=f"{self.name}-{number}", daemon=True).start()

    async def run(self, work: Work, client: str) -> Any:
        """Result or exception of `work`, run in a thread; raises LaneFullError if too many wait."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        if self.running < self.threads:
            self.running += 1
            self._work.put((loop, future, work))
        else:
            if self.waiting >= self.longest:
                raise LaneFullError(self.name)
            self.waiting += 1
            self._line.setdefault(client, deque()).append((future, work))
            patience = loop.call_later(self.wait_seconds, self._give_up, future)
            self._patience[future] = patience
        return await future

    def _give_up(self, future: asyncio.Future[Any]) -> None:
        self._patience.pop(future, None)
        if not future.done():
            future.set_exception(LaneSlowError(self.name))

    def _done(self, loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], result: Any, failed: bool) -> None:
        if not future.done():  # it is, where its reader has gone
            if failed:
                future.set_exception(result)
            else:
                future.set_result(result)
        while self._line:
            client, line = self._line.popitem(last=False)
            following, work = line.popleft()
            if line:
                self._line[client] = line  # at the end: the others come first
            self.waiting -= 1
            if patience := self._patience.pop(following, None):
                patience.cancel()
            if not following.done():
                self._work.put((loop, following, work))
                return
        self.running -= 1

    def _serve(self) -> None:
        while item := self._work.get():
            loop, future, work = item
            try:
                result, failed = work(), False
            except BaseException as error:  # noqa: BLE001 - whoever waits for it gets it
                result, failed = error, True
            loop.call_soon_threadsafe(self._done, loop, future, result, failed)
