"""Start the server: prepare the database, load the example data into an empty one, start granian."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.urls import reverse

from incidents.ledger.database import make_missing
from incidents.ledger.models import Publication
from incidents.models import Dataset
from incidents_api.environment import Environment

EXAMPLE = "luhansk_2022"
STARTING = 0x1D_5E_7A_B2
"""Of PostgreSQL's advisory locks: one server prepares the database at a time."""

POLL_SECONDS = 0.2
MOST_WORKERS = 4
"""Default maximum of workers, each about 100 MB; WEB_CONCURRENCY overrides it."""


MOST_CONNECTIONS = 2_000
"""Requests that a worker has open at once."""


class Listener(NamedTuple):
    """Address to listen on, and number of workers and threads."""

    host: str
    port: int
    workers: int

    @property
    def address(self) -> str:
        """URL for a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - read, not bound
        return f"http://{f'[{host}]' if ':' in host.strip('[]') and not host.startswith('[') else host}:{self.port}"


MALLOC = {"MALLOC_TRIM_THRESHOLD_": str(2**22), "MALLOC_MMAP_THRESHOLD_": str(2**22)}
"""Lets glibc keep the few hundred kilobytes of a page for the next one, instead of asking the system for them anew.

That takes a tenth of the time of a page. It costs up to 4 MB a thread.
"""


class Command(BaseCommand):
    """Reads HOST, PORT, WEB_CONCURRENCY and EXAMPLE_DATA; docs/operating.md explains them."""

    help = "Prepare the database and serve it with granian. Ctrl-C stops it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Become the server; raises CommandError."""
        env = Environment()
        listener = read_listener(env)
        example = read_example(env)
        if env.problems:
            raise CommandError("\n".join(f"{message} {hint}" for _, message, hint in env.problems))
        require_free(listener)
        self._prepare(example=example)
        self._say_where(listener)
        sys.stdout.flush()
        for name, value in MALLOC.items():
            os.environ.setdefault(name, value)
        os.execv(sys.executable, command(listener))  # noqa: S606 - no shell, and nothing from outside but numbers

    def _prepare(self, *, example: bool) -> None:
        require_database()
        with one_at_a_time():
            self._fill(example=example)

    def _fill(self, *, example: bool) -> None:
        call_command("migrate", interactive=False, verbosity=0)  # refuses a database that does not fit
        for made in make_missing():
            self.stdout.write(f"The index {made.name} was missing: {made.error or 'it was created again'}.")
        if Publication.objects.exists() or Dataset.objects.exists():
            return
        if example:
            self.stdout.write(f"The database is empty: loading the example dataset {EXAMPLE}.")
            call_command("loaddata", EXAMPLE, verbosity=0)

    def _say_where(self, listener: Listener) -> None:
        pages = {
            "Start": reverse("home"),
            "API": reverse("incident-list"),
            "Docs": reverse("docs"),
            "Admin": reverse("admin:index"),
        }
        for name, path in pages.items():
            hint = "   (`make admin` creates an account)" if name == "Admin" else ""
            self.stdout.write(f"  {name:6} {listener.address}{path}{hint}")
        self.stdout.write("Press Ctrl-C to stop the server.")


def read_listener(env: Environment) -> Listener:
    """Read the settings of the listener from the environment, which collects the errors."""
    port = env.number("PORT", 8000, least=1)
    if port > 65_535:
        env.note("E012", f"PORT must be at most 65535 (got {port}).", "Choose another port: make run PORT=8001")
    return Listener(
        host=env.text("HOST", "127.0.0.1"),
        port=port,
        workers=env.number("WEB_CONCURRENCY", min(settings.CORES, MOST_WORKERS), least=1),
    )


def read_example(env: Environment) -> bool:
    """Read EXAMPLE_DATA: whether to load the example dataset into an empty database."""
    return env.flag("EXAMPLE_DATA", default=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one server prepare the database and others that start at the same moment wait for it."""
    if connection.vendor == "postgresql":
        # Asked for again and again: waiting in the database would keep indexes from being made concurrently.
        while not _locked("SELECT pg_try_advisory_lock(%s)"):
            time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            _locked("SELECT pg_advisory_unlock(%s)")
    elif "memory" in str(connection.settings_dict["NAME"]):
        yield
    else:
        file = Path(connection.settings_dict["NAME"])
        with file.with_name(f".{file.name}.starting").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _locked(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [STARTING])
        return bool(cursor.fetchone()[0])


def require_database() -> None:
    """Raise CommandError, saying why, if the database cannot be reached."""
    probe = connection.copy()
    probe.settings_dict["OPTIONS"].pop("pool", None)  # a pool goes on trying, and then says only that it gave up
    try:
        probe.ensure_connection()
    except OperationalError as error:
        raise CommandError(f"The database cannot be reached: {str(error).strip()}\nCheck DATABASE_URL.") from None
    finally:
        probe.close()


def require_free(listener: Listener) -> None:
    """Raise CommandError, saying what to change, if nothing can listen there."""
    other = f"make run PORT={listener.port + 1 if listener.port < 65_535 else 8000}"
    try:
        family, *_, address = socket.getaddrinfo(
            listener.host.strip("[]"), listener.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise CommandError(
            f"HOST={listener.host} is not an address. Use 127.0.0.1, or 0.0.0.0 for all interfaces."
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {listener.port} is already in use. Choose another port: {other}") from None
        if error.errno == errno.EACCES:
            raise CommandError(
                f"Port {listener.port} requires root privileges. Choose a port of 1024 or more: {other}"
            ) from None
        if error.errno == errno.EADDRNOTAVAIL:
            raise CommandError(f"HOST={listener.host} is not an address of this machine.") from None
        raise CommandError(f"Cannot listen on {listener.host} port {listener.port}: {error.strerror}.") from None


def command(listener: Listener) -> list[str]:
    """Command line of granian, as a list of arguments."""
    options = {
        "--interface": "asgi",
        "--host": listener.host.strip("[]"),
        "--port": str(listener.port),
        "--workers": str(listener.workers),
        # Open connections: readers of long answers keep one each, and nothing else of the server.
        "--backlog": "4096",
        "--backpressure": str(MOST_CONNECTIONS),
        "--log-level": "warning",
        # A reader of a long export must not keep the server from ending.
        "--workers-kill-timeout": "10",
    }
    flat = [part for pair in options.items() for part in pair]
    return [
        sys.executable,
        "-m",
        "granian",
        *flat,
        "--no-ws",
        "--respawn-failed-workers",
        "incidents_api.asgi:application",
    ]
