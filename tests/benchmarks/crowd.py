"""What readers who behave notice of a crowd that does not: as ratios to the same server when it is idle."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks import load
from tests.benchmarks.data import ROOT
from tests.benchmarks.processes import Server, family

SECONDS = 60
IDLE_SECONDS = 20
ARRIVAL_SECONDS = 5
GONE_SECONDS = 2.0
BOUNDS = {"healthz": 100.0, "readyz": 300.0}
"""Milliseconds; a record and a page may take three times what they take on an idle server, or 100."""


def measure(server: Server, say: Callable[[str], object], seconds: float = SECONDS) -> dict[str, Any]:
    """Probe a server alone, then among the crowd; then see how soon the crowd's work ends."""
    record = json.loads(load.fetch(server, "/api/v1/incidents/?limit=1&fields=id"))["results"][0]["id"]
    _client("probe", server, 5, record).communicate()  # what is only slow the first time
    idle = json.loads(_client("probe", server, IDLE_SECONDS, record).communicate()[0])
    crowd = _client("crowd", server, seconds + ARRIVAL_SECONDS + 2, record)
    time.sleep(ARRIVAL_SECONDS)
    among = json.loads(_client("probe", server, seconds, record).communicate()[0])
    memory = server.memory()
    said = json.loads(crowd.communicate()[0])
    gone = _until_idle(server)
    result = {"idle": idle, "among": among, "crowd": said, "memory": memory, "gone": gone}
    for name, figures in among["probes"].items():
        say(f"  {name}: p99 {figures['p99']:.0f} ms among the crowd, {idle['probes'][name]['p99']:.0f} ms alone")
    say(f"  {said['statuses']}; its work ended after {gone:.1f} s; {memory['anonymous'] >> 20} MB")
    return result


def bound(name: str, idle: dict[str, Any]) -> float:
    """Return how many milliseconds the 99th percentile of a probe may be."""
    fixed = BOUNDS.get(name)
    return fixed or max(3 * float(idle["probes"][name]["p99"]), 100.0)


def _client(who: str, server: Server, seconds: float, record: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.benchmarks.crowd_client", who, str(server.port), str(seconds), record]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _until_idle(server: Server) -> float:
    """Return after how many seconds no process of the server is a job any more."""
    began = time.monotonic()
    while time.monotonic() - began < 30:
        if not _jobs(server):
            break
        time.sleep(0.05)
    return time.monotonic() - began


def _jobs(server: Server) -> list[int]:
    """Return the processes that those that fork jobs have."""
    forking = [each for each in family(server.process.pid) if "job_server" in _command(each)]
    return [child for each in forking for child in family(each)[1:]]


def _command(process: int) -> str:
    try:
        with open(f"/proc/{process}/cmdline") as file:  # noqa: PTH123 - no file of ours
            return file.read()
    except OSError:
        return ""
