"""Kills what writes at given moments, each on a new copy of a database.

`python -m tests.faults.killing FILE [MOMENT ...]` loads FILE; `publish` in its place publishes some records instead, as
the admin does. A moment is a statement that has been sent, or a commit that is about to begin or has just been done.
DATABASE_URL names a database with tables and without records. Without moments it prints what the moments are, one a
line; else a line for each: the moment's name, and what is left after the kill.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

PUBLISHED = 5
BEFORE, AFTER = "before a commit", "after a commit"


class Moments:
    """Counts moments while a load runs, and kills the process at one of them."""

    def __init__(self, last: int | None, names: int) -> None:
        self.last, self.names = last, names
        self.count = 0

    def reached(self, name: str) -> None:
        """Count a moment, and name it before the process dies of it."""
        if name.startswith("PRAGMA"):
            return
        self.count += 1
        if self.last is None or self.count == self.last:
            os.write(self.names, f"{' '.join(name.split())[:60]}\n".encode())
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(self, run: Callable[..., Any], *statement: Any) -> Any:
        """Run a statement."""
        result = run(*statement)
        self.reached(statement[0])
        return result

    def write(self, what: str) -> None:
        """Load a file, or publish some records."""
        run = publication() if what == "publish" else partial(_load, what)
        commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]  # Django's own

        def committing(wrapper: BaseDatabaseWrapper) -> None:
            self.reached(BEFORE)
            commit(wrapper)
            self.reached(AFTER)

        BaseDatabaseWrapper._commit = committing  # type: ignore[attr-defined]  # of Django's own, unknown to its stubs
        with connection.execute_wrapper(self.execute):
            run()


def publication() -> Callable[[], object]:
    """Save some working records; return what publishes them."""
    from incidents import publishing
    from tests.factories import DatasetFactory, IncidentFactory, LocationFactory

    parts = {"dataset": DatasetFactory(public_id="by-hand"), "location": LocationFactory(public_id="by-hand-place")}
    incidents = [IncidentFactory(public_id=f"by-hand-{number}", **parts) for number in range(PUBLISHED)]
    return lambda: publishing.publish(incidents)


def _load(file: str) -> None:
    call_command("load_incidents", file, profile="ucdp-ged", dataset="made", stdout=sys.stderr)


def copied() -> str:
    """Return the name of a new copy of the database; nobody is connected to either."""
    name = str(connection.settings_dict["NAME"]).removesuffix("-copy")
    connection.close()
    if connection.vendor == "sqlite":
        for rest in ("-copy", "-copy-wal", "-copy-shm"):
            Path(f"{name}{rest}").unlink(missing_ok=True)
        shutil.copy(name, f"{name}-copy")
        return f"{name}-copy"
    connection.settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}-copy" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}-copy" TEMPLATE "{name}"')
    connection.close()
    return f"{name}-copy"


def found() -> str:
    """Return what there is in the database."""
    from incidents.ledger.models import Head, Publication, Revision
    from incidents.models import Batch, Dataset, Incident, Location, Report, Source

    counts = {each.__name__: each._default_manager.count() for each in (Incident, Revision, Publication)}
    rest = sum(each._default_manager.count() for each in (Batch, Dataset, Location, Report, Source))
    told = f"{counts} of head {Head.objects.get().seq}, {rest} others"
    connection.close()
    return told


def left_by(what: str, moment: int | None) -> str:
    """Write in a process that dies at a moment; return the name of the moment, and what is left."""
    connection.settings_dict["NAME"] = copied()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            Moments(moment, write).write(what)
        finally:
            connection.close()
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as names:
        named = names.read().splitlines()
    _, status = os.waitpid(child, 0)
    if moment is None:
        return "\n".join(named)
    assert os.WIFSIGNALED(status), f"It ended before moment {moment}."
    return f"{named[0]}: {found()}"


def main(what: str, *moments: str) -> None:
    """Print what is left after each kill."""
    django.setup()
    for moment in moments or (None,):
        sys.stdout.write(f"{left_by(what, None if moment is None else int(moment))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_api.settings")
    main(*sys.argv[1:])
