"""`python -m tests.benchmarks [run|plans|hotspots|exports] [N=…] [DB=both] [ONLY=list,item] [SECONDS=5] …`.

docs/benchmarks.md says what is measured and how to read it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import cases, exports, report
from tests.benchmarks.data import ROOT, Data
from tests.benchmarks.engines import ENGINES, Engine
from tests.benchmarks.measuring import Bench, Plan
from tests.benchmarks.processes import OURS, TaskError

MODES = ("run", "plans", "hotspots", "exports")
DEFAULTS = {"N": "100000", "DB": "both", "ONLY": "", "SECONDS": "5", "ROUNDS": "2", "KEEP": "no"}
LEAST, MOST = 2_000, 50_000_000
ASKABLE = (*cases.NAMES, "loading", "crowd")


class UsageError(Exception):
    """The command line makes no sense."""


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    mode: str
    plan: Plan
    engines: tuple[str, ...]
    keep: bool


def read(arguments: list[str]) -> Asked:
    """Return what is asked for; raises UsageError."""
    mode = "run"
    if arguments and "=" not in arguments[0]:
        mode = _one_of("The mode", arguments[0], MODES)
        arguments = arguments[1:]
    values = dict(DEFAULTS)
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not value:
            raise UsageError(f"{argument!r} is not NAME=VALUE.")
        values[_one_of("The name", name, tuple(DEFAULTS))] = value
    database = _one_of("DB", values["DB"], (*ENGINES, "both"))
    only = tuple(_one_of("ONLY", name, ASKABLE) for name in values["ONLY"].split(",") if name)
    plan = Plan(
        number=int(_number("N", values["N"], LEAST, MOST)),
        names=only or ASKABLE,
        seconds=_number("SECONDS", values["SECONDS"], 1, 600),
        rounds=int(_number("ROUNDS", values["ROUNDS"], 1, 20)),
    )
    keep = _one_of("KEEP", values["KEEP"], ("yes", "no")) == "yes"
    return Asked(mode, plan, ENGINES if database == "both" else (database,), keep)


def _one_of(what: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise UsageError(f"{what} has to be one of {', '.join(known)}, not {value!r}.")
    return value


def _number(name: str, value: str, least: int, most: int) -> int:
    if not value.isdecimal() or not least <= int(value) <= most:
        raise UsageError(f"{name} has to be a whole number from {least:,} to {most:,}, not {value!r}.")
    return int(value)


@contextmanager
def workplace(asked: Asked, environment: Mapping[str, str]) -> Iterator[Path]:
    """Give a folder for databases and files: one that goes away, or with KEEP=yes var/bench."""
    if asked.keep:
        kept = ROOT / "var" / "bench"
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="incidents-bench-", dir=environment.get("TMPDIR")))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Do what the command line asks; returns the exit status."""
    try:
        asked = read(arguments)
    except UsageError as error:
        print(f"{error}\n{__doc__}", file=sys.stderr)
        return 2
    # Being ended must still end the servers: an exception unwinds, the default action does not.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with workplace(asked, os.environ) as folder:
            for name in asked.engines:
                _on(name, asked, folder)
    except TaskError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; nothing is left running.", file=sys.stderr)
        return 130
    return 0


def _on(name: str, asked: Asked, folder: Path) -> None:
    def say(text: str) -> None:
        print(f"[{name}] {text}", flush=True)

    data = Data()
    with Engine(name, folder, keep=asked.keep, say=say).open() as engine:
        if asked.mode == "exports":
            database, _ = engine.loaded(data, asked.plan.number)
            for line in exports.measure(engine, database):
                say(line)
            return
        if asked.mode != "run":
            _look(asked, engine, data)
            return
        described = report.machine()
        results = Bench(engine, data, asked.plan, say).run()
        path = report.write(results, asked.plan, name, described)
        print(f"\n{asked.plan.number:,} incidents on {name} {results['database']['version']}", end=", ")
        print(f"{described['cores']} cores, {described['client']}, load before {described['load_before']}\n")
        print(report.table(results), end=f"\n\nwritten to {path.relative_to(ROOT)}\n\n", flush=True)


def _look(asked: Asked, engine: Engine, data: Data) -> None:
    """Explain or profile what the API does, in one process."""
    import json

    database, _ = engine.loaded(data, asked.plan.number)
    made = cases.make(data, asked.plan.number, tuple(asked.plan.names))
    told = {case.name: case.ours[:40] for case in made}
    told["depth"] = [str(cases.depth(asked.plan.number))]
    print(database.run(OURS, asked.mode, json.dumps(told))["text"], flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
