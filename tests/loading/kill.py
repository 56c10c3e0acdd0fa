"""Kills a load at many moments and looks what it left: `python -m tests.loading.kill FILE [DATABASE_URL] [MOMENTS]`.

A moment is a statement that the load sends to the database: it kills itself with SIGKILL right after that one. Without
a DATABASE_URL it takes a new SQLite file. Start it by hand, on both databases; the suite tries three moments.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def child(*arguments: str, database: str) -> subprocess.CompletedProcess[str]:
    """Run this module's other half in a process of its own."""
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "incidents_api.settings"}
    command = [sys.executable, "-m", "tests.loading.kill", "child", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False)


def prepare(database: str, file: Path) -> int:
    """Make the tables, and return the number of statements that a load of the file sends."""
    made = child("load", str(file), "0", database=database)
    assert made.returncode == 0, made.stderr
    return int(made.stdout.splitlines()[-1])


def left_after(database: str, file: Path, moment: int) -> str:
    """Kill a load after that many statements, and return what there is in the database."""
    killed = child("load", str(file), str(moment), database=database)
    assert killed.returncode == -signal.SIGKILL, f"it ended by itself: {killed.stdout}{killed.stderr}"
    return child("look", database=database).stdout.strip()


def inside(what: str, *arguments: str) -> None:
    """Do what a child process is for."""
    import django

    django.setup()
    if what == "look":
        sys.stdout.write(_found())
        return
    from django.core.management import call_command
    from django.db import connection

    file, moment = arguments[0], int(arguments[1])
    if not moment:
        call_command("migrate", verbosity=0)
    count = 0

    def counting(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal count
        result = execute(*statement)
        if statement[0].startswith("PRAGMA"):  # how SQLite goes about it, before the load and after it
            return result
        count += 1
        if count == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(counting):
        call_command("load_incidents", file, profile="ucdp-ged", dry_run=not moment)
    sys.stdout.write(f"{count}\n")


def _found() -> str:
    from incidents.ledger.models import Head, Publication, Revision
    from incidents.models import Batch, Dataset, Incident, Location, Report, Source

    models = (Batch, Dataset, Incident, Location, Report, Source, Revision, Publication)
    found = [model.__name__ for model in models if model._default_manager.exists()]
    return ", ".join(found) or ("nothing" if Head.objects.get().seq == 0 else "a moved head")


def main(arguments: list[str]) -> int:
    """Kill a load at evenly spread moments; returns 1 if any left something behind."""
    file, moments = Path(arguments[0]).resolve(), int(arguments[2]) if len(arguments) > 2 else 20
    with tempfile.TemporaryDirectory() as folder:
        database = arguments[1] if len(arguments) > 1 else f"sqlite:///{folder}/killed.sqlite3"
        last = prepare(database, file)
        wrong = 0
        for number in range(1, moments + 1):
            moment = max(1, last * number // moments)
            found = left_after(database, file, moment)
            wrong += found != "nothing"
            sys.stdout.write(f"killed after statement {moment} of {last}: {found}\n")
    return int(wrong > 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        inside(*sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))
