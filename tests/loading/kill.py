"""Kills a load at many moments and looks what it left: `python -m tests.loading.kill FILE [DATABASE_URL] [MOMENTS]`.

Without a DATABASE_URL it takes a new SQLite file. Start it by hand, on both databases; the suite runs three moments.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COUNT = """
from incidents.ledger.models import Head, Publication, Revision
from incidents.models import Batch, Dataset, Incident, Location, Report, Source
models = (Batch, Dataset, Incident, Location, Report, Source, Revision, Publication)
found = [model.__name__ for model in models if model.objects.exists()]
print(", ".join(found) or ("nothing" if Head.objects.get().seq == 0 else "a moved head"))
"""
_seconds: dict[str, float] = {}


def manage(database: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a management command on a database."""
    command = [sys.executable, "manage.py", *arguments]
    root = Path(__file__).resolve().parents[2]
    environment = os.environ | {"DATABASE_URL": database}
    return subprocess.Popen(
        command, cwd=root, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a command and return its output."""
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out


def prepare(database: str) -> None:
    """Make the tables."""
    finish(manage(database, "migrate", "--verbosity", "0"))


def run(database: str, file: Path, *options: str) -> str:
    """Load a file to the end; returns the output."""
    return finish(manage(database, "load_incidents", str(file), "--profile", "ucdp-ged", *options))


def after_killing(database: str, file: Path, share: float) -> str:
    """Kill a load after a share of the time that it takes, and return what there is in the database."""
    if database not in _seconds:
        began = time.monotonic()
        run(database, file, "--dry-run")
        _seconds[database] = time.monotonic() - began
    process = manage(database, "load_incidents", str(file), "--profile", "ucdp-ged")
    time.sleep(_seconds[database] * share)
    process.kill()
    out, _ = process.communicate()
    if process.returncode == 0:
        return f"everything, since it had ended before:{out}"
    return finish(manage(database, "shell", "--verbosity", "0", "--command", COUNT)).strip()


def main(arguments: list[str]) -> int:
    """Kill a load at evenly spread moments; returns 1 if any left something behind."""
    file = Path(arguments[0]).resolve()
    moments = int(arguments[2]) if len(arguments) > 2 else 20
    with tempfile.TemporaryDirectory() as folder:
        database = arguments[1] if len(arguments) > 1 else f"sqlite:///{folder}/killed.sqlite3"
        prepare(database)
        left = [after_killing(database, file, (moment + 0.5) / moments) for moment in range(moments)]
    for moment, found in enumerate(left):
        sys.stdout.write(f"{100 * (moment + 0.5) / moments:5.1f} %: {found}\n")
    return int(any(found != "nothing" for found in left))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
