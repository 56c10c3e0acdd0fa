"""Starts what is measured in processes of their own, and ends them whatever happens."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.benchmarks.data import ROOT
from tests.benchmarks.inside import MARK

OURS = "tests.benchmarks.site"
BASELINE = "tests.benchmarks.baseline.settings"
START_SECONDS = 60
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "WEB_CONCURRENCY", "WEB_THREADS", "DATABASE_POOL", "LD_LIBRARY_PATH")
"""Of the environment; anything else that the server reads would make two runs differ."""

Sizes = dict[str, int]


class TaskError(Exception):
    """A task failed; the message is what it wrote."""


class Database:
    """One database, by its URL; ours and the baseline's tables are made in it as asked."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    @property
    def on_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def path(self) -> str:
        """Return SQLite's file, or "" on PostgreSQL."""
        return self.url.removeprefix("sqlite:///") if self.on_sqlite else ""

    def environment(self, settings: str, **more: str) -> dict[str, str]:
        """Return the environment of a process that uses the database."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self.url,
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": "benchmarks-" + "x" * 60,
            "PYTHONUNBUFFERED": "1",
            "RATE_LIMIT": "off",  # one address asks more than any reader would
            "RATE_LIMIT_WORK": "off",
            **more,
        }

    def run(self, settings: str, *task: str) -> dict[str, Any]:
        """Run a task of `inside` to its end and return its result; raises TaskError."""
        command = [sys.executable, "-m", "tests.benchmarks.inside", *task]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(settings), capture_output=True, text=True, check=False
        )
        lines = done.stdout.splitlines()
        if done.returncode or not lines or not lines[-1].startswith(MARK):
            raise TaskError(f"{' '.join(task)[:200]} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        result: dict[str, Any] = json.loads(lines[-1].removeprefix(MARK))
        return result


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log
        self.address = f"http://127.0.0.1:{port}"

    def said(self) -> str:
        """Return the end of what it wrote."""
        return self.log.read_text()[-4000:]

    def memory(self) -> Sizes:
        """Return the memory of all its processes; anonymous is its own, the rest are mapped files."""
        total = {"rss": 0, "pss": 0, "anonymous": 0, "processes": 0}
        for process in family(self.process.pid):
            sizes = _rollup(process)
            total["processes"] += 1
            total["rss"] += sizes.get("Rss", 0)
            total["pss"] += sizes.get("Pss", 0)
            total["anonymous"] += sizes.get("Pss_Anon", 0)
        return total


def seconds_of_processor(processes: Iterable[int]) -> float:
    """Return the processor time that processes have taken; unlike the clock it does not see what else runs."""
    total = 0
    for process in processes:
        fields = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
        total += sum(map(int, fields[11:15])) if fields else 0  # its own and its ended children's
    return total / os.sysconf("SC_CLK_TCK")


def _rollup(process: int) -> Sizes:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return {}
    return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines}


def family(process: int) -> list[int]:
    """Return a process and all that it started."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
    except OSError:
        return []
    children = [int(child) for task in tasks for child in _read(task / "children").split()]
    return [process, *(each for child in children for each in family(child))]


def parent(process: int) -> int:
    """Return what started a process; 0 where it is not of this machine."""
    fields = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return int(fields[1]) if fields else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


@contextmanager
def server(database: Database, settings: str, log: Path, **more: str) -> Iterator[Server]:
    """Serve a database with more of an environment, and stop when the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.benchmarks.inside", "serve", settings]
    environment = database.environment(OURS, PORT=str(port), HOST="127.0.0.1", **more)
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        running = Server(process, port, log)
        _await(running)
        yield running
    finally:
        _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(running: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if running.process.poll() is not None:
            break
        try:
            with urlopen(f"{running.address}/healthz", timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TaskError(f"A server did not start:\n{running.said()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
            return
        except subprocess.TimeoutExpired:
            pass
    for each in family(process.pid)[1:]:
        os.kill(each, signal.SIGKILL)
    process.kill()
    process.wait()
