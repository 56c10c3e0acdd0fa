"""Sends what is in files: no thread and no process waits for a reader, who takes what there is at his own speed."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from contextlib import suppress
from typing import Any

from incidents_api.serving.answer_files import AnswerFile

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

LEAST_PIECE, MOST_PIECE = 2**16, 2**19
"""Bytes that are sent at once: fewer, the more answers are being sent."""
FIRST_POLL, LONGEST_POLL = 0.004, 0.1
PAUSE = 0.001
"""Seconds between two pieces of one answer, for each answer that this process sends.

So sending leaves most of the event loop to others. Without it, many readers who go at the same moment fill the loop:
until it has heard that a reader is gone, the server takes pieces for him at once.
"""


CANCEL_SECONDS = 0.1
"""After so long an answer whose reader has gone is cancelled once more."""


class CutError(RuntimeError):
    """An answer that has begun cannot be finished; raised through the server, it ends the connection.

    So the reader sees that the answer is incomplete: no last chunk comes, or fewer bytes than were announced.
    """


def is_no_cut(record: logging.LogRecord) -> bool:
    """Leave the tracebacks of answers that were cut on purpose out of the server's log; ours has a line for each."""
    return not (record.exc_info and isinstance(record.exc_info[1], CutError))


class VanishedError(CutError):
    """An answer was deleted before its first byte was sent: it can be asked for again."""


class _Sending:
    """How many answers this process sends from files."""

    number = 0

    def __enter__(self) -> None:
        _Sending.number += 1

    def __exit__(self, *_: object) -> None:
        _Sending.number -= 1

    @staticmethod
    def piece() -> int:
        """Chunk size in bytes; smaller, the more responses are being sent."""
        return max(LEAST_PIECE, MOST_PIECE // _Sending.number)


class Sender:
    """Sends one answer to one reader."""

    def __init__(self, send: Send, idle_seconds: float) -> None:
        self.send, self.idle_seconds = send, idle_seconds
        self.has_begun = False
        """True once the reader has been sent anything: from then on no other answer can be given."""
        self._head: Message = {}

    def start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Keep status and headers for the first piece: until that is there, the answer can still be another one."""
        self._head = {"type": "http.response.start", "status": status, "headers": headers}

    async def piece(self, content: bytes, *, more: bool) -> None:
        """Send a piece, the first one after the head; raises CutError if the reader does not take it."""
        message = {"type": "http.response.body", "body": content, "more_body": more}
        if not self.has_begun:
            self.has_begun = True
            await self.send(self._head)
        try:
            # Not `wait_for`: in Python 3.11 it forgets that the task is cancelled where the piece was just taken.
            async with asyncio.timeout(self.idle_seconds):
                await self.send(message)
        except TimeoutError:
            raise CutError(f"A client read nothing for {self.idle_seconds} s.") from None

    async def whole(self, status: int, headers: list[tuple[bytes, bytes]], content: bytes) -> None:
        """Send a complete response."""
        self.start(status, headers)
        await self.piece(content, more=False)

    async def part(self, file: int, begin: int, end: int, *, is_named: bool = True) -> None:
        """Send the bytes of a file from `begin` to `end`; raises CutError if it is deleted or shorter."""
        with _Sending():
            while begin < end:
                content = await _read(file, min(_Sending.piece(), end - begin), begin)
                if not content or (is_named and not os.fstat(file).st_nlink):
                    raise CutError("A file was deleted or truncated while it was being sent.")
                begin += len(content)
                await self.piece(content, more=begin < end)
                if begin < end:
                    await asyncio.sleep(PAUSE * _Sending.number)

    async def growing(self, answer: AnswerFile, file: int) -> None:
        """Send a file while it is written; raises CutError if it is deleted or not finished, VanishedError at once."""
        with _Sending():
            await self._growing(answer, file)

    async def _growing(self, answer: AnswerFile, file: int) -> None:
        begin, pause = 0, FIRST_POLL
        while True:
            end = answer.end()  # before the bytes are read, so that none can come after the last look
            if not os.fstat(file).st_nlink:
                if not self.has_begun:
                    raise VanishedError("A response was deleted before it was sent.")
                raise CutError("A response was deleted while it was being sent.")
            content = await _read(file, _Sending.piece(), begin)
            if content:
                begin, pause = begin + len(content), FIRST_POLL
                await self.piece(content, more=True)
                await asyncio.sleep(PAUSE * _Sending.number)
            elif end is None:
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LONGEST_POLL)
            elif end.whole and begin == end.length:
                await self.piece(b"", more=False)
                return
            else:
                raise CutError("A response could not be completed.")


async def _read(file: int, size: int, at: int) -> bytes:
    """Bytes of a file: directly if they are cached by the system, otherwise in a thread."""
    if hasattr(os, "RWF_NOWAIT"):
        buffer = bytearray(size)
        with suppress(OSError):
            read = os.preadv(file, [buffer], at, os.RWF_NOWAIT)
            if read:
                return bytes(memoryview(buffer)[:read])
    return await asyncio.get_running_loop().run_in_executor(None, os.pread, file, size, at)


async def until_gone(work: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Send an answer that takes its time, and give it up if its reader goes."""
    answering, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait([answering, gone], return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        while not answering.done():  # once is not enough if what it awaits has ended at the same moment
            answering.cancel()
            await asyncio.wait([answering], timeout=CANCEL_SECONDS)
    with suppress(asyncio.CancelledError):
        await answering


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
