"""Cuts a mirror off again and again while its origin publishes, and proves that it ends equal.

    python -m tests.mirroring.cut [--changes 5000] [--cuts 20] [--seed 1]

Two real servers' databases (SQLite files, or new databases on the PostgreSQL of DATABASE_URL), a real server of the
origin, and a line to it that can be cut. A cut is SIGKILL to the mirror, a line that breaks, an answer that ends in its
middle, or a 503; each comes while the mirror is asking or writing.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests.databases import new_database
from tests.mirroring.line import Line
from tests.schema.server import NOT_OURS, wait_for

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 900
"""Seconds for one thing to happen, on a machine that has others to do."""

SHARES = {"kill": 10, "break": 4, "half": 4, "refuse": 2}


class Side:
    """One of the two servers: its database, and what runs on it."""

    def __init__(self, folder: Path, database: str, name: str) -> None:
        self.folder, self.database = folder / name, database
        self.folder.mkdir()
        given = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        self.environment = given | {
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": database,
            "SECRET_KEY": "the same on both sides, so that their cursors are" * 2,
            "DJANGO_SETTINGS_MODULE": "incidents_api.settings",
            "EXAMPLE_DATA": "off",
            "WEB_CONCURRENCY": "1",
        }
        self.run("manage.py", "migrate", "--verbosity=0")

    def run(self, *arguments: str) -> str:
        """Run Python on this side to its end; returns what it says."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start Python on this side."""
        command, environment = [sys.executable, *arguments], self.environment | variables
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, text=True)

    def ask(self, sql: str) -> Any:
        """Return the one row that a statement gives, past Django."""
        if self.database.startswith("sqlite"):
            import sqlite3

            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=60)) as connection:
                return connection.execute(sql).fetchone()
        import psycopg

        with psycopg.connect(self.database) as connection:
            return connection.execute(sql).fetchone()

    def changes(self) -> int:
        """Return how many changes were published."""
        return int(self.ask("SELECT count(*) FROM ledger_revision")[0])

    def require_whole_publications(self) -> None:
        """Fail if something of a publication is there that the head does not know of, or some are missing."""
        head, last, count, beyond = self.ask(
            "SELECT head.seq, (SELECT coalesce(max(seq), 0) FROM ledger_publication), "
            "(SELECT count(*) FROM ledger_publication), "
            "(SELECT count(*) FROM ledger_revision WHERE ledger_revision.seq > head.seq OR retired > head.seq) "
            "FROM ledger_head AS head"
        )
        assert (last, count, beyond) == (head, head, 0)


@contextmanager
def databases(folder: Path) -> Iterator[tuple[str, str]]:
    """Give the URLs of two new databases of the kind that the environment names."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{folder}/origin.sqlite3", f"sqlite:///{folder}/mirror.sqlite3"
        return
    with new_database(url) as one, new_database(url) as other:
        yield one, other


@contextmanager
def serving(side: Side) -> Iterator[int]:
    """Serve a side while the block lasts; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    with side.start("manage.py", "serve", PORT=str(port)) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", server)  # type: ignore[arg-type]  # it only polls
            yield port
        finally:
            server.terminate()


class Cutting:
    """A mirror that runs all the time, and what is done to it."""

    def __init__(self, side: Side, line: Line, chance: Random) -> None:
        self.side, self.line, self.chance = side, line, chance
        self.done: Counter[str] = Counter()
        self.process: subprocess.Popen[str] | None = None

    def mirror(self) -> None:
        """Let the mirror run, if it does not."""
        if self.process is None or self.process.poll() is not None:
            self.process = self.side.start("manage.py", "mirror", self.line.url, "--every", "1")

    def cut(self) -> None:
        """Wait until the mirror asks, and cut it off soon after that."""
        self.mirror()
        how = self.chance.choices(list(SHARES), list(SHARES.values()))[0]
        asked = self.line.asked
        if how in ("half", "refuse"):
            self.line.spoil(how, self.chance.randint(1, 20_000))
        self._until(lambda: self.line.asked > asked)
        time.sleep(self.chance.uniform(0, 1.5))
        if how == "break":
            self.line.cut()
        if how == "kill":
            assert self.process is not None
            assert self.process.poll() is None, (self.side.folder / "log").read_text()
            self.end()
            self.side.require_whole_publications()
        self.done[how] += 1

    def end(self) -> None:
        """Kill the mirror, if it runs."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def _until(self, happened: Callable[[], bool]) -> None:
        until = time.monotonic() + TIMEOUT
        while not happened():
            assert time.monotonic() < until, (self.side.folder / "log").read_text()
            time.sleep(0.005)


def run(changes: int, cuts: int, seed: int) -> str:
    """Do it; returns what happened. Raises AssertionError if the mirror is not equal in the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="incidents-")))
        origin, copy = (
            Side(folder, url, name)
            for url, name in zip(stack.enter_context(databases(folder)), ("origin", "mirror"), strict=True)
        )
        line = stack.enter_context(Line(stack.enter_context(serving(origin))))
        publisher = stack.enter_context(origin.start("-m", "tests.mirroring.story", str(seed), str(changes)))
        stack.callback(publisher.kill)
        cutting = Cutting(copy, line, Random(seed))
        stack.callback(cutting.end)
        for number in range(cuts):
            while origin.changes() < changes * number / cuts:
                assert publisher.poll() in (None, 0), (origin.folder / "log").read_text()
                time.sleep(0.1)
            cutting.cut()
        assert publisher.wait(TIMEOUT) == 0, (origin.folder / "log").read_text()
        cutting.end()
        line.spoil("", 0)
        before = copy.changes()
        said = copy.run("manage.py", "mirror", line.url, "--once", "--check")
        told = [json.loads(side.run("-m", "tests.mirroring.telling")) for side in (origin, copy)]
        for part in ("ledger", "answers"):
            differing = [name for name in told[0][part] if told[0][part][name] != told[1][part].get(name)]
            assert differing == [], differing
        assert len(told[0]["answers"]) > 150
        head, _ = copy.ask("SELECT seq, redacted FROM ledger_head")
        told_cuts = ", ".join(f"{how} {number}" for how, number in sorted(cutting.done.items()))
        return f"{copy.changes()} changes in {head} publications, {before} of them between cuts ({told_cuts})\n{said}"


def main() -> None:
    """Do it as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.mirroring.cut", description=__doc__)
    parser.add_argument("--changes", type=int, default=5000)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    sys.stdout.write(run(options.changes, options.cuts, options.seed))
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
