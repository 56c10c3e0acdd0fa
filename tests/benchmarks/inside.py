"""What has to run inside Django, each task in a process of its own: `python -m tests.benchmarks.inside TASK ...`.

The database is DATABASE_URL's, the tables are those of DJANGO_SETTINGS_MODULE. The last line printed is JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Result = dict[str, Any]
MARK = "RESULT "


def migrate() -> Result:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    return {}


OWN_FIELD = """
[[fields]]
name = "violence"
type = "code"
label = "Type of violence"
value = { column = "type_of_violence", values = { 1 = "state_based", 2 = "non_state", 3 = "one_sided" } }
codes = [
  { code = "state_based", label = "State-based conflict" },
  { code = "non_state", label = "Non-state conflict" },
  { code = "one_sided", label = "One-sided violence" },
]
"""
"""The codes of `event_subtype` once more, as a field of the dataset: both can be asked for the same."""


def load(file: str) -> Result:
    """Load a file as anyone does, with `load_incidents`, and with one field that the dataset brings itself."""
    from django.core.management import call_command

    from incidents.loading.profiles import profile

    shipped = Path(profile.__file__).with_name("ucdp-ged.toml")
    with_own_field = Path(file).with_suffix(".toml")
    with_own_field.write_text(shipped.read_text() + OWN_FIELD)
    with _Watch() as watch:
        call_command("load_incidents", file, profile=str(with_own_field), dataset="bench")
    return watch.result()


def loaddata(file: str) -> Result:
    """Load a fixture with Django's own command, which the app's command of that name extends."""
    from django.core.management import call_command
    from django.core.management.commands.loaddata import Command

    with _Watch() as watch:
        call_command(Command(), file, verbosity=0)
    return watch.result()


def dump(app: str, file: str) -> Result:
    from django.core.management import call_command

    natural = app == "incidents"
    call_command(
        "dumpdata",
        app,
        exclude=["incidents.batch"] if natural else [],
        use_natural_foreign_keys=natural,
        use_natural_primary_keys=natural,
        output=file,
        verbosity=0,
    )
    return {"objects": Path(file).read_text().count('"model": ')}


def fill(other: str = "") -> Result:
    from tests.benchmarks.baseline.fill import fill as fill_tables

    fill_tables(other)
    return {}


def tune() -> Result:
    """Do what autovacuum would do in a while (PostgreSQL), and collect statistics (both)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {}


def facts() -> Result:
    """Tell what the database is and how large."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            version, size = cursor.fetchone()
            names = ("shared_buffers", "work_mem", "effective_cache_size", "random_page_cost", "jit", "fsync")
            cursor.execute("SELECT name, setting, unit FROM pg_settings WHERE name = ANY(%s)", [list(names)])
            settings = {name: f"{value} {unit or ''}".strip() for name, value, unit in cursor.fetchall()}
        else:
            cursor.execute("SELECT sqlite_version()")
            (version,) = cursor.fetchone()
            size = Path(connection.settings_dict["NAME"]).stat().st_size
            settings = {}
    return {"vendor": connection.vendor, "version": version, "bytes": size, "settings": settings}


def serve(settings: str) -> Result:
    """Become the server, exactly as `manage.py serve` starts it, with these settings."""
    from incidents_api.environment import Environment
    from incidents_api.management.commands.serve import command, read_listener

    listener = command(read_listener(Environment()))
    if "baseline" in settings:
        # The stock way: threads that each serve a reader, as many as ours have.
        at = listener.index("asgi")
        listener[at : at + 1] = ["wsgi", "--blocking-threads", str(2 * len(os.sched_getaffinity(0)) + 1)]
        listener[-1] = "incidents_api.wsgi:application"
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    os.execv(listener[0], listener)


def plans(*arguments: str) -> Result:
    from tests.benchmarks.plans import explain

    return explain(json.loads(arguments[0]))


def hotspots(*arguments: str) -> Result:
    from tests.benchmarks.hotspots import profile

    return profile(json.loads(arguments[0]))


class _Watch:
    """Measures time, and this process's own memory on the way: mapped files are the system's to give and take."""

    def __init__(self) -> None:
        self.samples: list[int] = []
        self.seconds = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._began
        self._done.set()
        self._thread.join()

    def result(self) -> Result:
        return {"seconds": self.seconds, "peak": max(self.samples, default=0), "samples": self.samples}

    def _sample(self) -> None:
        while not self._done.wait(0.5):
            self.samples.append(status_bytes("RssAnon"))


def status_bytes(name: str, process: str = "self") -> int:
    """Return one of the sizes that Linux keeps of a process; 0 where it keeps none."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)


TASKS: dict[str, Callable[..., Result]] = {
    each.__name__: each for each in (migrate, load, loaddata, dump, fill, tune, facts, serve, plans, hotspots)
}


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    result = TASKS[arguments[0]](*arguments[1:])
    print(MARK + json.dumps(result), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
