"""A server as `make run` starts it, with the example dataset and a release, for clients to ask over a real connection.

In Python, `with running_server() as address:`; in a shell, `python -m tests.schema.server -- COMMAND`, which gives the
command an API_ADDRESS.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
RELEASE = "first"
"""Name of the release."""
TIMEOUT = 60
"""Seconds for the server to come up, on a machine that has other things to do."""

NOT_OURS = ("DATABASE_URL", "CACHE_URL", "HTTPS", "BEHIND_PROXY", "HOST", "ALLOWED_HOSTS")
"""Variables that would make it another server than the one that clients are tested on."""


@contextmanager
def running_server() -> Iterator[str]:
    """Give the address of a server of its own, and end it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="incidents-") as folder:
        environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        environment |= {"VAR_DIR": folder, "PORT": str(port), "WEB_CONCURRENCY": "1", "EXAMPLE_DATA": "on"}
        command = [sys.executable, "manage.py", "serve"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
            try:
                address = f"http://127.0.0.1:{port}"
                wait_for(f"{address}/readyz", process)
                release = [sys.executable, "manage.py", "release", RELEASE]
                subprocess.run(release, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
                yield address
            finally:
                process.terminate()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; raises RuntimeError if it ends or takes too long."""
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server does not answer at {address}.")


def main(arguments: list[str]) -> int:
    """Run a command with API_ADDRESS set to a running server, and return its exit status."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # being ended ends the server too
    with running_server() as address:
        return subprocess.call(command, env=os.environ | {"API_ADDRESS": address})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
