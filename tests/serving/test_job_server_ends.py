"""The process that starts jobs ends with the server, without a complaint in its log."""

from __future__ import annotations

import asyncio
from typing import Any

from incidents_api.serving.jobs import JobServerProcess


def test_stopping_the_job_server_raises_nothing() -> None:
    raised: list[dict[str, Any]] = []

    async def start_and_stop() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: raised.append(context))
        server = JobServerProcess()
        server.start()
        await server.ready.wait()
        process = server._process
        server.stop()
        assert process
        while process.returncode is None:
            await asyncio.sleep(0.02)
            process.poll()
        await asyncio.sleep(0.1)

    asyncio.run(asyncio.wait_for(start_and_stop(), 30))
    assert not raised
