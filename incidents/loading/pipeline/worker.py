"""A second process that calculates a part of a load while this one reads the file and writes to the database.

It has a `Desk` of its own and no database: what it is given and gives back is plain. Nothing here may import models,
since the process begins here before Django is set up.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from incidents.loading.errors import LoadError
from incidents.loading.pipeline import garbage_collection
from incidents.loading.pipeline.worker_messages import Parcel, pack, unpack

if TYPE_CHECKING:
    from incidents.loading.pipeline.calculation import Desk

PATIENCE = 10
"""Items that are worked at here before a second process is begun, which takes a second: small files need none."""

AWAY = 5
"""Items that the second process has at once, so that it has work while this one writes."""

AHEAD = 12
"""Items that wait for an earlier one to come back, at most."""

SWITCH_SECONDS = 0.0005
"""How soon the threads that talk to the second process get a turn; the usual 5 ms, dozens of times an item, is long."""

Item = Sequence[Any]


class Beside:
    """Works through items in order, some of them in a second process where there is a processor for it."""

    def __init__(self) -> None:
        self._pool: _Pool | None = None
        self._ready: Future[Any] = Future()
        self._begin: Callable[[], _Pool] | None = None
        self._passed = 0
        self._interval = sys.getswitchinterval()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.end()
            sys.setswitchinterval(self._interval)

    def rest(self) -> None:
        """Let the second process end, which takes it half a second, while this one goes on: no items follow."""
        if self._pool is not None:
            self._pool.rest()

    def furnish(self, desk: Desk, profile: tuple[str, str], header: Sequence[str]) -> None:
        """Give the desk of this process, and what another one is made from: a profile's text and name, the header."""
        self.desk = desk
        self._begin = lambda: _Pool(*profile, list(header))

    def each(self, method: str, items: Iterable[Item], here: Callable[[Item], bool] | None = None) -> Iterator[Any]:
        """Yield what a method of the desk makes of each item, in their order.

        Items are taken before earlier results are yielded. Those of which `here` is true stay in this process.
        """
        line: deque[Any] = deque()
        for item in items:
            pool = None if here and here(item) else self._other(line)
            line.append(_sent(pool, method, item) if pool else getattr(self.desk, method)(item))
            # One at a time, so that the other process is not left without work while results are made use of.
            if _is_there(line[0]) or len(line) > AHEAD:
                yield _result(line.popleft())
        for result in line:
            yield _result(result)
        self._begin = None  # of a file that was read without another process too little is left for one

    def ask(self, method: str) -> Any:
        """Return what a method of the other desk returns, None if there is no other."""
        return _result(_sent(self._pool, method)) if self._pool is not None else None

    def _other(self, line: Iterable[Any]) -> _Pool | None:
        """Return the second process if it has time, None if not."""
        self._passed += 1
        if self._pool is None:
            if self._begin is None or self._passed <= PATIENCE or _processors() < 2:
                return None
            self._pool = self._begin()
            self._ready = _sent(self._pool)
            sys.setswitchinterval(SWITCH_SECONDS)
        away = sum(not _is_there(each) for each in line)
        return self._pool if self._ready.done() and away < AWAY else None


class _Pool(ProcessPoolExecutor):
    """The second process, and a directory for what goes there and comes back."""

    def __init__(self, *desk: Any) -> None:
        self._directory = TemporaryDirectory(prefix="load-")
        self.directory = self._directory.name
        self._ending: threading.Thread | None = None
        super().__init__(1, mp_context=get_context("spawn"), initializer=_begin, initargs=(self.directory, *desk))

    def rest(self) -> None:
        """Begin to end it, which is waited for elsewhere."""
        self._ending = threading.Thread(target=self.shutdown)
        self._ending.start()

    def end(self) -> None:
        """End it when it has done what it is at."""
        if self._ending is None:
            self.shutdown(wait=True, cancel_futures=True)
        else:
            self._ending.join()
        self._directory.cleanup()


def _sent(pool: _Pool, *called: Any) -> Future[Parcel]:
    try:
        return pool.submit(_call, pack(called, pool.directory))
    except BrokenProcessPool:
        raise _ended() from None


def _is_there(result: Any) -> bool:
    return not isinstance(result, Future) or result.done()


def _result(result: Any) -> Any:
    if not isinstance(result, Future):
        return result
    try:
        return unpack(result.result())
    except BrokenProcessPool:
        raise _ended() from None


def _ended() -> LoadError:
    return LoadError("The load's second process ended, perhaps for want of memory; nothing was written.")


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# ---- In the second process

_desk: Desk
_directory: str


def _begin(directory: str, text: str, name: str, header: list[str]) -> None:
    global _desk, _directory
    _directory = directory
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began it is interrupted too, and ends it
    end_with_parent(directory)
    import django

    django.setup()
    from incidents.loading.pipeline.calculation import Desk
    from incidents.loading.profiles.profile import parse

    garbage_collection.seldom()
    _desk = Desk(parse(text, name), header)


def end_with_parent(directory: str) -> None:
    """End this process as soon as the one that began it has ended, even if that was killed; nothing of theirs stays."""

    def watch() -> None:
        if (parent := parent_process()) is not None:
            parent.join()
            shutil.rmtree(directory, ignore_errors=True)
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _call(called: Parcel) -> Parcel:
    method, *arguments = unpack(called) or ("",)
    return pack(getattr(_desk, method)(*arguments) if method else None, _directory)
