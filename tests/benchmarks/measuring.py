"""Measures one database: every case on our server, on the baseline and against the floor, in turn."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import cases, crowd, load
from tests.benchmarks.cases import Case
from tests.benchmarks.data import Data
from tests.benchmarks.engines import Engine, Say, written
from tests.benchmarks.load import Figures
from tests.benchmarks.processes import BASELINE, OURS, Database, Server, server

SMALL = 10_000
FIXTURE = 2_000
"""Incidents of which fixtures are made for loaddata; it takes minutes for more."""

WARM_UP = 1.0
PROBES = 3
LIMIT_ROUNDS = 6
HIGH_LIMITS = {"RATE_LIMIT": "100000000/60", "RATE_LIMIT_WORK": "100000000/60"}
"""Limits that are counted and never reached."""

COMPARE_SECONDS = 3.0
"""How long to ask the baseline, which may be slow, for answers to compare ours with."""

Results = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What to measure, and how long."""

    number: int
    names: tuple[str, ...]
    seconds: float
    rounds: int


@dataclass(frozen=True)
class Target:
    """A server with the addresses to ask of it."""

    name: str
    server: Server
    paths: list[str]
    alone: float
    """Seconds of one request when nobody else asks."""
    seconds: float


class Bench:
    """The measurements of one database."""

    def __init__(self, engine: Engine, data: Data, plan: Plan, say: Say) -> None:
        self.engine, self.data, self.plan, self.say = engine, data, plan, say
        self.folder: Path = engine.folder

    def run(self) -> Results:
        """Load, serve, measure; returns everything that was found."""
        plan, results = self.plan, Results(cases={})
        database, results["load"] = self.engine.loaded(self.data, plan.number)
        results["database"] = database.run(OURS, "facts")
        if asked := [name for name in plan.names if name not in ("loading", "crowd")]:
            baseline = self.engine.baseline(database, plan.number)
            results |= self._serve(database, baseline, asked)
        if "loading" in plan.names:
            results["loading"] = self._loading()
        if "crowd" in plan.names:
            self.say("a crowd of readers who take nothing, send nothing, or ask the dearest questions")
            with server(database, OURS, self.folder / "servers.log") as ours:
                results["crowd"] = crowd.measure(ours, self.say)
            results["limits"] = self._limits(database)
        return results

    def _limits(self, database: Database) -> Results:
        """Ask for lists of a server with limits by address and of one without, in turn."""
        log, paths = self.folder / "servers.log", [cases.address(limit=100)]
        found: dict[str, list[Figures]] = {"with": [], "without": []}
        with server(database, OURS, log, **HIGH_LIMITS) as limited, server(database, OURS, log) as free:
            servers = [("with", limited), ("without", free)]
            for _, where in servers:
                self._warm(where, paths)
            for _ in range(LIMIT_ROUNDS):
                servers.reverse()  # neither is always the second
                for name, where in servers:
                    found[name].append(
                        load.measure(where, paths, self.plan.seconds, self.folder, self.engine.processes)
                    )
        medians = {name: _medians(rounds) for name, rounds in found.items()}
        self.say(", ".join(f"a list {name} limits {each['rate']:,.0f}/s" for name, each in medians.items()))
        return medians

    def _serve(self, database: Database, baseline: Database, names: Sequence[str]) -> Results:
        results: Results = {"cases": {}}
        log = self.folder / "servers.log"
        with ExitStack() as stack:
            ours = stack.enter_context(server(database, OURS, log))
            theirs = stack.enter_context(server(baseline, BASELINE, log))
            small = None
            if "list" in names and self.plan.number > SMALL:
                few, results["load_small"] = self.engine.loaded(self.data, SMALL)
                small = stack.enter_context(server(few, OURS, log))
            results["memory_before"] = {"ours": ours.memory(), "baseline": theirs.memory()}
            for case in self._cases(ours, names):
                others = {f"at {SMALL:,}": small} if small and case.name == "list" else {}
                results["cases"][case.name] = self._case(case, ours, theirs, others)
            results["memory"] = {"ours": ours.memory(), "baseline": theirs.memory()}
        return results

    def _cases(self, ours: Server, names: Sequence[str]) -> list[Case]:
        made = {case.name: case for case in cases.make(self.data, self.plan.number, tuple(names))}
        if "deep" in names:
            made["deep"] = self._deep(ours)
        return [made[name] for name in cases.NAMES if name in made]

    def _deep(self, ours: Server) -> Case:
        """Walk to the deep page as a client does, by `next`; its neighbours are measured with it."""
        depth = cases.depth(self.plan.number)
        self.say(f"walking to depth {depth:,}")
        path, links = cases.address(limit=1000), list[str]()
        for _ in range(depth // 1000):
            path = json.loads(load.fetch(ours, path))["next"].removeprefix(ours.address)
            links.append(path)
        last = links[-20:]
        first = depth - 1000 * (len(last) - 1)
        return Case(
            "deep",
            f"page at {depth:,}",
            [link.replace("limit=1000", "limit=100") for link in last],
            [cases.address(limit=100, offset=first + 1000 * at) for at in range(len(last))],
        )

    def _case(self, case: Case, ours: Server, theirs: Server, others: dict[str, Server]) -> Results:
        compared = _compare(case, ours, theirs)
        size = compared["bytes"]
        addresses = {"ours": (ours, case.ours), "baseline": (theirs, case.baseline)}
        addresses |= {"floor": (ours, [f"/floor/{size}/"])}
        addresses |= {name: (other, case.ours) for name, other in others.items()}
        targets = []
        for name, (where, paths) in addresses.items():
            alone = load.latency(where, paths[:PROBES])
            targets.append(Target(name, where, paths, alone, load.long_enough(self.plan.seconds, alone)))
        found: dict[str, list[Figures]] = {target.name: [] for target in targets}
        for number in range(self.plan.rounds):
            for target in targets:
                if number == 0 and target.seconds == self.plan.seconds:
                    self._measure(target, max(WARM_UP, 2 * load.CONNECTIONS * target.alone))
                found[target.name].append(self._measure(target, target.seconds))
        result = {name: _medians(rounds) for name, rounds in found.items()}
        self.say(f"{case.title}: " + ", ".join(f"{name} {each['rate']:,.1f}/s" for name, each in result.items()))
        return {"title": case.title, "addresses": len(case.ours), **compared, "targets": result}

    def _measure(self, target: Target, seconds: float) -> Figures:
        return load.measure(target.server, target.paths, seconds, self.folder, self.engine.processes)

    def _warm(self, where: Server, paths: list[str]) -> None:
        load.measure(where, paths, WARM_UP, self.folder, self.engine.processes)

    def _loading(self) -> Results:
        """Load the same incidents with our loader and with Django's loaddata, from our tables and from plain ones."""
        number = min(FIXTURE, self.plan.number)
        self.say(f"loading {number:,} incidents in three ways")
        ours = self.engine.fresh("fixture_source")
        loader = ours.run(OURS, "load", str(written(self.data, number, self.folder)))
        plain = self.engine.fresh("fixture_plain", BASELINE) if ours.on_sqlite else ours
        plain.run(BASELINE, "migrate")
        plain.run(BASELINE, "fill", *([ours.path] if ours.on_sqlite else []))
        ways = {"load_incidents": loader}
        for name, app, settings, source in (
            ("loaddata", "incidents", OURS, ours),
            ("loaddata_plain", "baseline", BASELINE, plain),
        ):
            fixture = self.folder / f"{name}-{number}.json"
            objects = source.run(settings, "dump", app, str(fixture))["objects"]
            into = self.engine.fresh(name, settings)
            ways[name] = into.run(settings, "loaddata", str(fixture)) | {"objects": objects}
        for name, way in ways.items():
            way["rate"] = number / way["seconds"]
            self.say(f"  {name} {way['rate']:,.0f} incidents/s")
        return {"incidents": number, **ways}


def _compare(case: Case, ours: Server, theirs: Server) -> Results:
    """Ask both sides the same; returns the mean size of the answers and how many were of the same incidents."""
    sample = case.ours[: cases.VARIANTS]
    answers = [load.fetch(ours, path) for path in sample]
    sizes = [len(answer) for answer in answers]
    others, until = list[bytes](), time.monotonic() + COMPARE_SECONDS
    for path in case.baseline[: len(answers)]:
        others.append(load.fetch(theirs, path))
        if len(others) >= PROBES and time.monotonic() > until:
            break
    pairs = list(zip(answers, others, strict=False)) if case.name != "search" else []
    return {
        "bytes": round(statistics.mean(sizes)),
        "baseline_bytes": round(statistics.mean(map(len, others))),
        "same_as_baseline": f"{sum(_gist(a) == _gist(b) for a, b in pairs)} of {len(pairs)}",
    }


def _gist(answer: bytes) -> Any:
    body = json.loads(answer)
    if "results" in body:
        return [each["id"] for each in body["results"]]
    return body.get("id", body.get("count"))


def _medians(rounds: list[Figures]) -> Results:
    return {
        "rate": statistics.median(each.rate for each in rounds),
        "processor": statistics.median(each.processor for each in rounds),
        "p50": statistics.median(each.p50 for each in rounds),
        "p99": statistics.median(each.p99 for each in rounds),
        "requests": sum(each.requests for each in rounds),
        "errors": sum(each.errors for each in rounds),
        "rounds": [asdict(each) for each in rounds],
    }
