"""A second process that calculates a part of a load while this one reads the file and writes to the database.

It has a `Calculator` of its own and no database: what it is given and gives back is plain. Nothing here may import
models, since the process begins here before Django is set up.
"""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import shutil
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context, parent_process
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from incidents.loading.errors import LoadError

if TYPE_CHECKING:
    from incidents.loading.pipeline.calculator import Calculator

ITEMS_BEFORE_START = 10
"""Items that are worked at here before a second process is begun, which takes a second: small files need none."""

ITEMS_SENT = 5
"""Items that the second process has at once, so that it has work while this one writes."""

ITEMS_WAITING = 12
"""Items that wait for an earlier one to come back, at most."""

SWITCH_SECONDS = 0.0005
"""How soon the threads that talk to the second process get a turn; the usual 5 ms, dozens of times an item, is long."""

LARGE = 32_768
"""Bytes from which on a message goes through a file. A pipe holds 64 KB: for each such piece a thread of this process
would have to get its turn beside the one that calculates, and meanwhile the other process has nothing to do."""

Item = Sequence[Any]
Message = bytes | Path
"""A value, or the file that it is in, after a letter that tells how it is written."""

PLAIN, PICKLED = b"m", b"p"


class Workers:
    """Works through items in order, some of them in a second process where there is a processor for it."""

    def __init__(self) -> None:
        self._pool: _Pool | None = None
        self._ready: Future[Any] = Future()
        self._begin: Callable[[], _Pool] | None = None
        self._passed = 0
        self._interval = sys.getswitchinterval()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._pool is not None:
            self._pool.end()
            sys.setswitchinterval(self._interval)

    def begin_to_end(self) -> None:
        """Let the second process end, which takes it half a second, while this one goes on: no items follow."""
        if self._pool is not None:
            self._pool.begin_to_end()

    def prepare(
        self, calculator: Calculator, profile: tuple[str, str], header: Sequence[str], begins: date | None = None
    ) -> None:
        """Give the calculator of this process, and what another is made from: a profile's text and path, the header."""
        self.calculator = calculator
        self._begin = lambda: _Pool(*profile, list(header), begins)

    def each(self, method: str, items: Iterable[Item], here: Callable[[Item], bool] | None = None) -> Iterator[Any]:
        """Yield what a method of the calculator makes of each item, in their order.

        Items are taken before earlier results are yielded. Those of which `here` is true stay in this process.
        """
        results: deque[Any] = deque()
        for item in items:
            pool = None if here and here(item) else self._free_pool(results)
            results.append(_send(pool, method, item) if pool else getattr(self.calculator, method)(item))
            # One at a time, so that the other process is not left without work while results are made use of.
            if _is_there(results[0]) or len(results) > ITEMS_WAITING:
                yield _result(results.popleft())
        for result in results:
            yield _result(result)
        self._begin = None  # of a file that was read without another process too little is left for one

    def ask(self, method: str) -> Any:
        """Return what a method of the other calculator returns, None if there is no other."""
        return _result(_send(self._pool, method)) if self._pool is not None else None

    def _free_pool(self, results: Iterable[Any]) -> _Pool | None:
        """Return the second process if it has time, None if not."""
        self._passed += 1
        if self._pool is None:
            if self._begin is None or self._passed <= ITEMS_BEFORE_START or _processors() < 2:
                return None
            self._pool = self._begin()
            self._ready = _send(self._pool)
            sys.setswitchinterval(SWITCH_SECONDS)
        sent = sum(not _is_there(each) for each in results)
        return self._pool if self._ready.done() and sent < ITEMS_SENT else None


class _Pool(ProcessPoolExecutor):
    """The second process, and a directory for what goes there and comes back."""

    def __init__(self, *made_from: Any) -> None:
        self._directory = TemporaryDirectory(prefix="load-")
        self.directory = self._directory.name
        self._ending: threading.Thread | None = None
        super().__init__(1, mp_context=get_context("spawn"), initializer=_begin, initargs=(self.directory, *made_from))

    def begin_to_end(self) -> None:
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


def pack(value: Any, directory: str) -> Message:
    """Return the message for a value; its file, if it needs one, is in a directory.

    Raises LoadError if that has no room for it.
    """
    try:
        packed = PLAIN + marshal.dumps(value)  # rows as they are read, in half the time
    except ValueError:
        packed = PICKLED + pickle.dumps(value, protocol=5)
    if len(packed) < LARGE:
        return packed
    try:
        with NamedTemporaryFile(dir=directory, delete=False) as file:
            file.write(packed)
    except OSError as error:
        raise LoadError(
            f"{directory} does not take the load's temporary files: {error.strerror}. "
            "Set TMPDIR to a directory with room for them; nothing was written."
        ) from None
    return Path(file.name)


def unpack(message: Message) -> Any:
    """Return the value of a message, once; its file is gone then."""
    if isinstance(message, Path):
        packed = message.read_bytes()
        message.unlink()
    else:
        packed = message
    loads = marshal.loads if packed.startswith(PLAIN) else pickle.loads  # written by a process of this load
    return loads(memoryview(packed)[len(PLAIN) :])


def _send(pool: _Pool, *called: Any) -> Future[Message]:
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


# ---- Python's search for objects that hold each other, made rarer while a load makes millions that do not

OBJECTS = 200_000
"""New objects between two searches: some tens of megabytes. The usual few hundred cost a load a fifth of its time."""


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Search seldom within, and as before afterwards."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def collect_seldom() -> None:
    """Search seldom from now on."""
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])


# ---- In the second process

_calculator: Calculator
_directory: str


def _begin(directory: str, text: str, path: str, header: list[str], begins: date | None = None) -> None:
    global _calculator, _directory
    _directory = directory
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began it is interrupted too, and ends it
    end_with_parent(directory)
    import django

    django.setup()
    from incidents.loading.pipeline.calculator import Calculator
    from incidents.loading.profiles.profile import parse

    collect_seldom()
    _calculator = Calculator(parse(text, path), header, begins)


def end_with_parent(directory: str) -> None:
    """End this process as soon as the one that began it has ended, even if that was killed; nothing of theirs stays."""

    def watch() -> None:
        if (parent := parent_process()) is not None:
            parent.join()
            shutil.rmtree(directory, ignore_errors=True)
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _call(called: Message) -> Message:
    method, *arguments = unpack(called) or ("",)
    return pack(getattr(_calculator, method)(*arguments) if method else None, _directory)
