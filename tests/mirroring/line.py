"""A line between a mirror and its origin that can be cut: it passes on bytes until it is told not to."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
)


class Line:
    """Listens on a port of its own, and speaks to the port behind; `asked` counts the connections."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/"
        self.asked = 0
        self._spoilt = ""
        self._bytes = 0
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()
        self._thread.join(5)

    def cut(self) -> None:
        """Break all connections as they are."""
        for each in list(self._open):
            _shut(each)

    def spoil(self, how: str, size: int) -> None:
        """Let the next answer end after so many bytes ("half") or be a refusal ("refuse"); "": neither."""
        self._spoilt, self._bytes = how, size

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        how, most = self._spoilt, self._bytes
        self._spoilt = ""
        with near, suppress(OSError):
            if how == "refuse":
                near.recv(65536)
                self.asked += 1
                near.sendall(REFUSAL[most % len(REFUSAL)])
                return
            with socket.create_connection(("127.0.0.1", self._behind)) as far:
                self._open |= {near, far}
                up = threading.Thread(target=_copy, args=(near, far, None), daemon=True)
                up.start()
                self.asked += 1
                _copy(far, near, most if how == "half" else None)
                _shut(near)
                _shut(far)
                up.join(60)
                self._open -= {near, far}


def _copy(one: socket.socket, other: socket.socket, most: int | None) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data if most is None else data[:most])
            if most is not None:
                most -= len(data)
                if most <= 0:
                    return


def _shut(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
