"""A server as `make run` starts it, on the database that the tests run on, with some thousand incidents."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.benchmarks.data import Data
from tests.benchmarks.processes import family, parent
from tests.schema.server import NOT_OURS, ROOT, wait_for
from tests.templates import FILE, Template

NUMBER = 6_000


@dataclass(frozen=True)
class Server:
    """Where it listens, where it keeps its files, and who it is."""

    port: int
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def open(self, path: str, *, method: str = "GET", headers: str = "", buffer: int | None = None) -> socket.socket:
        """Send a request and return the connection."""
        connection = socket.socket()
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(30)
        try:
            connection.connect(("127.0.0.1", self.port))
            connection.sendall(
                f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n".encode()
            )
        except OSError:  # the server is being killed
            connection.close()
            raise
        return connection

    def ask(self, path: str, *, method: str = "GET", headers: str = "") -> Answer:
        """Return the answer to a request."""
        with self.open(path, method=method, headers=headers) as connection:
            return read(connection)

    def manage(self, *command: str) -> str:
        """Run a command of `manage.py` on the same database; return what it says."""
        return manage(self.environment, *command)

    @property
    def processes(self) -> list[int]:
        """Return all processes of the server."""
        return family(self.process.pid)

    @property
    def jobs(self) -> list[int]:
        """Return the processes that answer a dear request just now: children of those that fork them."""
        forking = [
            each
            for each in self.processes
            if "job_server" in _command(each) and "job_server" not in _command(parent(each))
        ]
        return [job for each in forking for job in family(each)[1:]]


@dataclass(frozen=True)
class Answer:
    """What came over a connection before it was closed."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_whole: bool
    """It ended as it was announced: with its last chunk, or after as many bytes as it said."""

    @property
    def json(self) -> dict[str, Any]:
        """Return the body as an object."""
        parsed: dict[str, Any] = orjson.loads(self.body)
        return parsed


def read(connection: socket.socket) -> Answer:
    """Read an answer to its end."""
    raw = b""
    try:
        while piece := connection.recv(2**16):
            raw += piece
    except ConnectionError:
        pass
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for name, _, value in (line.partition(": ") for line in lines):
        # A field that comes twice is one list, such as the Vary of a proxy after ours.
        headers[name.lower()] = ", ".join(filter(None, (headers.get(name.lower()), value)))
    is_whole = "content-length" in headers and len(body) == int(headers["content-length"])
    if headers.get("transfer-encoding") == "chunked":
        body, is_whole = _unchunked(body)
    return Answer(int(first.split()[1]) if first else 0, headers, body, is_whole)


def _unchunked(body: bytes) -> tuple[bytes, bool]:
    found, at = bytearray(), 0
    while (end := body.find(b"\r\n", at)) >= 0:
        size = int(body[at:end], 16)
        if not size:
            return bytes(found), True
        found += body[end + 2 : end + 2 + size]
        at = end + 2 + size + 2
    return bytes(found), False


def manage(environment: dict[str, str], *command: str) -> str:
    """Run a command of `manage.py`; return what it says."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@contextmanager
def copied(template: Template, folder: Path) -> Iterator[dict[str, str]]:
    """Give the environment of a copy of a database; what is the server's own is in a folder."""
    with template.copy(folder) as url:
        environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        environment |= {"VAR_DIR": str(folder), "EXAMPLE_DATA": "off"}
        yield environment | ({"DATABASE_URL": url} if url.startswith("postgres") else {})


@contextmanager
def filled_database(migrated: Template, folder: Path) -> Iterator[Template]:
    """Give a database that holds `NUMBER` incidents, on the engine that the tests run on."""
    with copied(migrated, folder) as environment:
        file = folder / "made.csv"
        Data().write(file, NUMBER)
        manage(environment, "load_incidents", str(file), "--profile", "ucdp-ged", "--dataset", "made")
        yield Template(environment.get("DATABASE_URL", f"sqlite:///{folder / FILE}"))


def running(environment: dict[str, str], **variables: str) -> AbstractContextManager[Server]:
    """Serve a database, and stop when the block ends."""
    return running_code(ROOT, environment, **variables)


@contextmanager
def running_code(code: Path, environment: dict[str, str], **variables: str) -> Iterator[Server]:
    """Serve a database with the code in a folder, and stop when the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    # Tests that run at the same time must not make requests wait for longer than the server lets them.
    usual = {"PORT": str(port), "WEB_CONCURRENCY": "1", "QUEUE_SECONDS": "20"}
    environment = environment | usual | variables
    log = Path(environment["VAR_DIR"]) / f"server-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=code,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield Server(port, Path(environment["VAR_DIR"]), environment, process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(condition: Callable[[], object], seconds: float) -> float:
    """Return after how many seconds a condition holds; raises AssertionError if it does not in time."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"It took more than {seconds} s."
        time.sleep(0.02)
    return time.monotonic() - began


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""
