"""Each kind of process of a running server is killed while readers read: what they notice, and what stays taken."""

import fcntl
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import pytest

from tests.benchmarks.processes import parent
from tests.faults.conftest import Say
from tests.serving.server import Server, read, running, wait_until

AGAIN_SECONDS = 30.0
"""How long the server may be without an answer; a worker loads Django, on a machine that has others to do."""

FILE = "/api/v1/incidents.csv?date_after=2014-03-"
days = cycle(range(1, 29))
"""Each makes a question whose file is seldom kept."""


@pytest.fixture(scope="module")
def server(database: dict[str, str]) -> Iterator[Server]:
    """A server of two workers, so that one is there while the other is missing."""
    with running(database, WEB_CONCURRENCY="2") as started:
        yield started


def job_servers(server: Server) -> list[int]:
    """Return the processes that fork jobs: those that a worker has started."""
    found = [each for each in server.processes if "job_server" in command(each)]
    return [each for each in found if parent(each) not in found]


def workers(server: Server) -> list[int]:
    """Return the processes that answer readers: each has started one that forks jobs."""
    return [parent(each) for each in job_servers(server)]


def kill(server: Server, process: int) -> None:
    """Kill a process of this server, and never another one: 0 would be our own group."""
    assert process in server.processes[1:], f"{process} is no process that the server has started."
    os.kill(process, signal.SIGKILL)


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def serves(server: Server) -> bool:
    """Tell whether a page and a file are answered in full."""
    try:
        answers = [server.ask(path) for path in ("/api/v1/incidents/?limit=5", f"{FILE}{next(days):02}")]
    except OSError:
        return False
    return all(answer.status == 200 and answer.is_whole for answer in answers)


def nothing_is_taken(server: Server) -> bool:
    """Tell whether every slot can be taken, and no answer is being written."""
    slots = (server.folder / "slots").iterdir()
    writers = (server.folder / "answers").glob("*/*/writer.lock")
    return all(can_lock(path) for path in (*slots, *writers))


def can_lock(path: Path) -> bool:
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def begin_workbook(server: Server, day: int) -> tuple[socket.socket, int]:
    """Ask for a workbook that takes seconds; return the connection and the process that writes it."""
    connection = server.open(f"/api/v1/incidents.xlsx?date_after=2014-02-{day:02}", buffer=4096)
    wait_until(lambda: server.jobs, 20)
    return connection, server.jobs[0]


def seconds_until_it_serves(server: Server) -> float:
    began = time.monotonic()
    wait_until(lambda: serves(server), AGAIN_SECONDS)
    wait_until(lambda: nothing_is_taken(server), AGAIN_SECONDS)
    return time.monotonic() - began


@pytest.mark.slow
def test_a_killed_job_is_an_error_or_an_incomplete_answer(server: Server, say: Say) -> None:
    connection, job = begin_workbook(server, 1)
    with connection:
        kill(server, job)
        answer = read(connection)
    took = seconds_until_it_serves(server)

    say(f"a killed job: status {answer.status}, whole: {answer.is_whole}, all is as before after {took:.1f} s")
    assert not (answer.status == 200 and answer.is_whole)
    assert answer.status in (200, 503)
    assert answer.status == 200 or int(answer.headers["retry-after"]) > 0
    again = server.ask("/api/v1/incidents.xlsx?date_after=2014-02-01")
    assert (again.status, again.is_whole) == (200, True)


@pytest.mark.slow
def test_a_job_that_is_killed_after_its_first_byte_leaves_an_incomplete_answer(server: Server) -> None:
    for day in range(1, 21):
        with server.open(f"/api/v1/incidents.geojson?date_after=2014-04-{day:02}") as connection:
            connection.recv(1, socket.MSG_PEEK)
            jobs = server.jobs
            if not jobs:
                continue  # it was faster
            with suppress(AssertionError, ProcessLookupError):
                kill(server, jobs[0])
            answer = read(connection)
        if not answer.is_whole:
            assert answer.status == 200
            assert len(answer.body) > 0
            break
    else:
        pytest.fail("No job could be killed while it was writing.")
    seconds_until_it_serves(server)
    again = server.ask(f"/api/v1/incidents.geojson?date_after=2014-04-{day:02}")
    assert (again.status, again.is_whole) == (200, True)


@pytest.mark.slow
def test_a_killed_job_server_is_started_again(server: Server, say: Say) -> None:
    connection, job = begin_workbook(server, 2)
    before = job_servers(server)
    with connection:
        for each in before:
            kill(server, each)
        answer = read(connection)
    wait_until(lambda: not Path(f"/proc/{job}").exists(), 5)
    page = server.ask("/api/v1/incidents/?limit=5")
    took = seconds_until_it_serves(server)

    say(f"killed job servers: files are answered again after {took:.1f} s")
    assert not (answer.status == 200 and answer.is_whole)
    assert page.status == 200  # pages need no job
    assert len(job_servers(server)) == 2
    assert not set(before) & set(job_servers(server))


@pytest.mark.slow
def test_a_killed_worker_is_started_again_and_its_answer_is_incomplete(server: Server, say: Say) -> None:
    connection, job = begin_workbook(server, 3)
    (worker,) = {parent(parent(job))}
    assert worker in workers(server)
    with connection:
        kill(server, worker)
        answer = read(connection)
    took = seconds_until_it_serves(server)
    wait_until(lambda: len(workers(server)) == 2, AGAIN_SECONDS)

    say(f"a killed worker: the server answers again after {took:.1f} s")
    assert not answer.is_whole
    wait_until(lambda: not Path(f"/proc/{job}").exists(), 2)
    assert worker not in workers(server)
