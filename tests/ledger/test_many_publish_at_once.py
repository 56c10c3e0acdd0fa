"""However many publish at once, `seq` has no gaps and follows the order of commits, and readers see frozen states.

Threads on PostgreSQL; on SQLite processes with a database file, as a server's workers are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests.ledger import crowd

TIMES = 16
PUBLISHERS = ("ann", "bob", "eve")
TOTAL = TIMES * len(PUBLISHERS)
WORK = [*[("publish", name) for name in PUBLISHERS], ("watch", "w"), *[("walk", name) for name in crowd.WALKERS]]


def judge(results: list[Any], past: list[list[dict[str, Any]]]) -> None:
    """Compare what everybody saw with each other, and with what the past says now."""
    numbers, breaches, walks = results[: len(PUBLISHERS)], results[len(PUBLISHERS)], [*results[-2], *results[-1]]
    assert sorted(seq for each in numbers for seq in each) == list(range(1, TOTAL + 1))
    assert all(each == sorted(each) for each in numbers)
    assert breaches == []
    assert len({each["at"] for each in walks}) > 3
    for each in walks:
        assert (each["documents"], each["counts"]) == (past[each["at"]], [len(each["documents"])]), each["at"]


def in_threads(role: str, name: str, meeting: Path) -> Any:
    try:
        return crowd.ROLES[role](name, TIMES, TOTAL, meeting)
    finally:
        connections.close_all()


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's test database is one connection's memory")
@pytest.mark.django_db(transaction=True)
def test_threads_publish_in_order_and_readers_see_frozen_states(tmp_path: Path) -> None:
    with ThreadPoolExecutor(len(WORK)) as pool:
        results = [future.result() for future in [pool.submit(in_threads, *work, tmp_path) for work in WORK]]

    judge(results, crowd.recall("z", 0, TOTAL, tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the threads' test does it on PostgreSQL")
def test_processes_publish_in_order_and_readers_see_frozen_states(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/crowd.sqlite3",
        "DJANGO_SETTINGS_MODULE": "incidents_api.settings",
    }

    def start(*command: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, *command], env=environment, stdout=subprocess.PIPE, text=True)

    def finish(process: subprocess.Popen[str]) -> str:
        output, _ = process.communicate(timeout=crowd.PATIENCE_SECONDS + 30)
        assert process.returncode == 0
        return output

    def join(role: str, name: str) -> subprocess.Popen[str]:
        return start("-m", "tests.ledger.crowd", role, name, str(TIMES), str(TOTAL), str(tmp_path))

    finish(start("manage.py", "migrate", "--verbosity=0"))
    results = [json.loads(finish(process)) for process in [join(*work) for work in WORK]]
    past = finish(join("recall", "z"))
    judge(results, json.loads(past))
