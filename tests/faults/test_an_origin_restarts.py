"""The origin of a mirror is killed and started again while it is copied: the mirror asks again and ends equal."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.schema.server import ROOT, wait_for
from tests.serving.server import Server, copied, running, wait_until
from tests.templates import Template

pytestmark = pytest.mark.slow


@pytest.fixture
def mirror(migrated: Template, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a server with an empty database."""
    with copied(migrated, tmp_path) as environment:
        yield environment


@pytest.fixture
def origin(database: dict[str, str]) -> Iterator[Server]:
    with running(database, QUICK_SECONDS="5") as started:
        yield started


def test_a_mirror_asks_an_origin_that_restarts_again_and_ends_equal(
    mirror: dict[str, str], origin: Server, tmp_path: Path
) -> None:
    command = [sys.executable, "manage.py", "mirror", f"http://127.0.0.1:{origin.port}/", "--once", "--check"]
    copying = subprocess.Popen(
        command, cwd=ROOT, env=mirror, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    again = None
    try:
        wait_until(lambda: list(tmp_path.glob("mirror-*.sqlite3")), 30)
        os.killpg(origin.process.pid, signal.SIGKILL)
        origin.process.wait()
        again = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=origin.environment, start_new_session=True
        )
        wait_for(f"http://127.0.0.1:{origin.port}/readyz", again)
        told, _ = copying.communicate(timeout=180)
    finally:
        copying.kill()
        if again is not None:
            os.killpg(again.pid, signal.SIGKILL)
            again.wait()
    assert copying.returncode == 0, told
    assert "retrying in" in told
    assert "equal" in told.splitlines()[-1]
