"""A reader who goes ends what is sent to him, at whatever moment that is."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from incidents_api.serving.sending import Sender, until_gone


class Connection:
    """Takes each piece in the next round of the event loop, and is gone after some rounds."""

    def __init__(self, rounds: int) -> None:
        self.loop = asyncio.get_running_loop()
        self.left = rounds
        self.taking: asyncio.Future[None] = self.loop.create_future()
        self.gone: asyncio.Future[MutableMapping[str, Any]] = self.loop.create_future()
        self.pieces = 0
        self.loop.call_soon(self.take)

    def take(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.gone.set_result({"type": "http.disconnect"})
        if not self.taking.done():
            self.taking.set_result(None)
        self.loop.call_soon(self.take)

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.pieces += 1
        self.taking = self.loop.create_future()
        await self.taking

    async def receive(self) -> MutableMapping[str, Any]:
        return await self.gone


@pytest.mark.parametrize("rounds", range(1, 12))
def test_what_is_sent_ends_though_a_piece_is_taken_at_the_same_moment(rounds: int) -> None:
    async def serve() -> int:
        connection = Connection(rounds)
        sender = Sender(connection.send, 60)

        async def work() -> None:
            while True:
                await sender.piece(b"x", more=True)

        async with asyncio.timeout(5):
            await until_gone(work(), connection.receive)
        return connection.pieces

    assert asyncio.run(serve()) <= rounds + 5
