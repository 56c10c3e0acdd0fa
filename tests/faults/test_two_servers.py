"""Two servers on one database: they start at the same moment, and what both publish has one order."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.db import connection

from tests.databases import new_database
from tests.upgrades.kept import environment, run
from tests.upgrades.story import ROOT

EDITS, TIMEOUT = 5, 180


@contextmanager
def started(url: str, var: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a server without waiting for it."""
    var.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    given = environment(url, var) | {"PORT": str(port), "WEB_CONCURRENCY": "1", "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "manage.py", "serve"]
    process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def published(url: str, var: Path, name: str) -> subprocess.Popen[bytes]:
    """Let somebody publish in a process of their own."""
    code = (
        "import django; django.setup()\n"
        "from incidents import publishing\n"
        "from tests.factories import *\n"
        f"data, place = DatasetFactory(public_id='data-{name}'), LocationFactory(public_id='place-{name}')\n"
        f"for number in range({EDITS}):\n"
        f"    publishing.publish([IncidentFactory(public_id=f'{name}-{{number}}', dataset=data, location=place)])\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment(url, var))


def wait(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when a server answers: both are prepared one after the other, on a machine that has others to do."""
    until = time.monotonic() + TIMEOUT
    while process.poll() is None and time.monotonic() < until:
        try:
            urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{address} does not answer.")


def ask(address: str) -> Any:
    with urlopen(address, timeout=30) as answer:
        return json.load(answer)


def seqs_of(address: str) -> list[int]:
    return sorted({each["seq"] for each in ask(f"{address}/api/v1/changes/?limit=1000")["results"]})


@pytest.mark.slow
def test_servers_that_start_at_once_prepare_the_database_once_and_share_it(tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/shared.sqlite3"
        if connection.vendor == "postgresql":
            url = stack.enter_context(new_database(os.environ["DATABASE_URL"]))
        servers = [stack.enter_context(started(url, tmp_path / name)) for name in ("a", "b")]
        for address, process in servers:
            wait(f"{address}/readyz", process)
        assert [seqs_of(address) for address, _ in servers] == [[1], [1]]  # the example was loaded once
        people = [published(url, tmp_path / "a", name) for name in ("x", "y")]
        assert [each.wait() for each in people] == [0, 0]
        answers = [ask(f"{address}/api/v1/changes/checksum/") for address, _ in servers]
        assert answers[0] == answers[1]
        assert [seqs_of(address) for address, _ in servers] == [list(range(1, 2 * EDITS + 2))] * 2
        run(url, tmp_path / "a", "manage.py", "check", "--database", "default")
