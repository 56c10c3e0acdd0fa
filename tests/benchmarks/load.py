"""Puts a load on a server and measures it: with wrk where it is installed, else with the bundled client."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.benchmarks.data import ROOT
from tests.benchmarks.processes import Server, TaskError, family, seconds_of_processor

CONNECTIONS = 8
LONGEST = 60.0
"""Seconds at most for one measurement of something slow."""

ENOUGH = 24
"""Requests that a measurement should see, if that takes no longer."""

LUA = """
local paths = {
%s
}
local at, threads, ready = 0, 0, {}
function setup(thread) thread:set("start", threads * math.floor(#paths / 2)); threads = threads + 1 end
function init(args)
  at = start
  for i, path in ipairs(paths) do ready[i] = wrk.format("GET", path) end
end
function request() at = at %% #ready + 1; return ready[at] end
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"requests": %%d, "seconds": %%f, "p50": %%f, "p99": %%f, "bytes": %%d, "errors": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.bytes, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True)
class Figures:
    """What a measurement gave; times in milliseconds."""

    rate: float
    p50: float
    p99: float
    requests: int
    errors: int
    processor: float
    """Milliseconds of processor time a request, of the server and its database."""


def tool() -> str:
    """Return what puts the load."""
    if not shutil.which("wrk"):
        return "the bundled client"
    told = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)
    return " ".join((told.stdout or told.stderr).split()[:2])


def fetch(server: Server, path: str) -> bytes:
    """Return one answer; raises TaskError for one that is not 200."""
    try:
        with urlopen(server.address + path, timeout=300) as answer:
            body: bytes = answer.read()
            return body
    except HTTPError as error:
        raise TaskError(f"{path} answers {error.code}: {error.read()[:500]!r}\n{server.said()}") from None


def latency(server: Server, paths: Sequence[str]) -> float:
    """Return the seconds that one request takes when nobody else asks."""
    began = time.perf_counter()
    for path in paths:
        fetch(server, path)
    return (time.perf_counter() - began) / len(paths)


def long_enough(seconds: float, alone: float) -> float:
    """Return how long to measure what takes `alone` seconds a request: two processors, eight connections."""
    return max(seconds, min(LONGEST, ENOUGH * alone / 2))


def measure(
    server: Server, paths: Sequence[str], seconds: float, folder: Path, also: Callable[[], list[int]]
) -> Figures:
    """Ask for these addresses in turn, on all connections, for so long; `also` names the database's processes."""
    busy = seconds_of_processor([*family(server.process.pid), *also()])
    told = _wrk(server, paths, seconds, folder) if shutil.which("wrk") else _client(server, paths, seconds)
    if not told["requests"]:
        raise TaskError(f"No answer within {seconds:.0f} s: {paths[0]}")
    busy = seconds_of_processor([*family(server.process.pid), *also()]) - busy
    return Figures(
        rate=told["requests"] / told["seconds"],
        p50=told["p50"],
        p99=told["p99"],
        requests=int(told["requests"]),
        errors=int(told["errors"]),
        processor=1000 * busy / told["requests"],
    )


def _wrk(server: Server, paths: Sequence[str], seconds: float, folder: Path) -> dict[str, float]:
    script = folder / "load.lua"
    script.write_text(LUA % ",\n".join(json.dumps(path) for path in paths))
    command = [
        "wrk",
        "-t2",
        f"-c{CONNECTIONS}",
        f"-d{seconds:.0f}s",
        "--timeout",
        "300s",
        "-s",
        str(script),
        server.address,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return _told(done)


def _client(server: Server, paths: Sequence[str], seconds: float) -> dict[str, float]:
    command = [
        *(sys.executable, "-m", "tests.benchmarks.client"),
        *("127.0.0.1", str(server.port), str(CONNECTIONS), str(seconds)),
    ]
    done = subprocess.run(command, cwd=ROOT, input="\n".join(paths), capture_output=True, text=True, check=False)
    return _told(done)


def _told(done: subprocess.CompletedProcess[str]) -> dict[str, float]:
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise TaskError(f"The load failed: {done.stderr[-1000:]}")
    figures: dict[str, float] = json.loads(lines[-1])
    return figures
