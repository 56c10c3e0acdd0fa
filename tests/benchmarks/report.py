"""What was found, as a table to read and as JSON to keep."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks import crowd, load
from tests.benchmarks.data import ROOT
from tests.benchmarks.measuring import SMALL, Plan, Results

LIMITS_COST = 1.05

LIBRARIES = ("Django", "djangorestframework", "django-filter", "orjson", "granian", "psycopg")


class Check(NamedTuple):
    """A target, what was measured, and whether it is met."""

    name: str
    value: float
    target: str
    met: bool


def machine() -> dict[str, Any]:
    """Describe what the figures were measured on."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "processor": model or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 2**20, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "load_before": round(os.getloadavg()[0], 2),
        "client": load.tool(),
        "connections": load.CONNECTIONS,
        "commit": _commit(),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip()


def rate(results: Results, case: str, target: str) -> float | None:
    """Return the requests a second of a case, if it was measured."""
    found: float | None = results["cases"].get(case, {}).get("targets", {}).get(target, {}).get("rate")
    return found


def checks(results: Results) -> list[Check]:
    """Hold the figures to the targets."""
    return [*_serving(results), *_loading(results), *_crowd(results)]


def _serving(results: Results) -> Iterator[Check]:
    wanted: tuple[tuple[str, str, float], ...] = (
        *((name, "baseline", 8.0) for name in ("list", "filter", "bbox")),
        ("search", "baseline", 20.0),
        *((name, "floor", 0.25) for name in ("list", "filter", "bbox")),
        ("item", "floor", 0.4),
    )
    for name, against, least in wanted:
        ours, other = rate(results, name, "ours"), rate(results, name, against)
        if ours and other:
            yield Check(f"{name} / {against}", ours / other, f"≥ {least:g}", ours / other >= least)
    coded, own = rate(results, "filter", "ours"), rate(results, "own", "ours")
    if coded and own:
        yield Check("own field, cost against event_subtype", coded / own, "≤ 1.3", coded / own <= 1.3)
    first, deep = rate(results, "list", "ours"), rate(results, "deep", "ours")
    if first and deep:
        yield Check("deep page / first page", deep / first, "≥ 0.8", deep / first >= 0.8)
    few = rate(results, "list", f"at {SMALL:,}")
    if first and few:
        yield Check(f"list, cost against {SMALL:,} incidents", few / first, "< 1.3", few / first < 1.3)


def _loading(results: Results) -> Iterator[Check]:
    found = results.get("loading")
    if found:
        ours = found["load_incidents"]["rate"]
        for name in ("loaddata", "loaddata_plain"):
            ratio = ours / found[name]["rate"]
            yield Check(f"load_incidents / {name}", ratio, "≥ 10", ratio >= 10)
    samples = results["load"]["samples"]
    if len(samples) >= 9:
        third = len(samples) // 3
        growth = max(samples[-third:]) / max(samples[:third])
        yield Check("loader's memory, last third / first third", growth, "< 1.2", growth < 1.2)


def _crowd(results: Results) -> Iterator[Check]:
    """Among the crowd, as shares of what is allowed."""
    found = results.get("crowd")
    if not found:
        return
    for name, figures in found["among"]["probes"].items():
        share = figures["p99"] / crowd.bound(name, found["idle"])
        yield Check(f"crowd: p99 of {name} / its bound", share, "≤ 1", share <= 1)
    answers = found["among"]["statuses"]
    failed = sum(number for status, number in answers.items() if not status.endswith(" 200")) / sum(answers.values())
    yield Check("crowd: share of probes without an answer", failed, "0", not failed)
    yield Check("crowd: seconds until its work ended", found["gone"], "≤ 2", found["gone"] <= crowd.GONE_SECONDS)
    limits = results["limits"]
    share = limits["with"]["processor"] / limits["without"]["processor"]
    yield Check("limits by address: processor of a list / without", share, "≤ 1.05", share <= LIMITS_COST)


def table(results: Results) -> str:
    """Return all figures for people."""
    return "\n".join((*_rates(results), "", *_memory(results), "", *_targets(results)))


def _rates(results: Results) -> Iterator[str]:
    titles = "".join(f"{title:>9}" for title in ("p50 ms", "p99 ms", "ratio", "CPU ms", "ratio", "bytes"))
    yield f"{'':24}{'requests/s':>11}{titles}  same incidents"
    for case in results["cases"].values():
        ours = case["targets"]["ours"]
        for name, figures in case["targets"].items():
            title = f"{case['title']}" if name == "ours" else f"  {name}"
            ratio = "" if name == "ours" else f"{ours['rate'] / figures['rate']:9.2f}"
            work = "" if name == "ours" else f"{figures['processor'] / ours['processor']:9.2f}"
            size = {"ours": case["bytes"], "baseline": case["baseline_bytes"]}.get(name, "")
            same = case["same_as_baseline"] if name == "baseline" else ""
            errors = f"  {figures['errors']} ERRORS" if figures["errors"] else ""
            yield (
                f"{title:24}{figures['rate']:11,.1f}{figures['p50']:9.1f}{figures['p99']:9.1f}{ratio:>9}"
                f"{figures['processor']:9.2f}{work:>9}{size:>9}  {same}{errors}"
            )


def _memory(results: Results) -> Iterator[str]:
    for name, memory in results.get("memory", {}).items():
        yield (
            f"memory of {name}: {memory['anonymous'] >> 20} MB of its own in {memory['processes']} processes, "
            f"{memory['rss'] >> 20} MB resident with mapped files"
        )
    for name in ("load_small", "load"):
        if name in results:
            each = results[name]
            yield (
                f"load_incidents of {each['incidents']:,}: {each['rate']:,.0f} incidents/s, {each['seconds']:,.0f} s, "
                f"peak {each['peak'] >> 20} MB of its own, database {each['bytes'] >> 20} MB"
            )
    if "loading" in results:
        for name, each in results["loading"].items():
            if name != "incidents":
                yield f"{name} of {results['loading']['incidents']:,}: {each['rate']:,.0f} incidents/s"


def _targets(results: Results) -> Iterator[str]:
    for check in checks(results):
        yield f"{'pass' if check.met else 'FAIL'}  {check.name:44}{check.value:9.2f}  target {check.target}"


def write(results: Results, plan: Plan, engine: str, described: dict[str, Any]) -> Path:
    """Keep everything as JSON and return where."""
    at = datetime.now(UTC)
    path = ROOT / "var" / f"bench-{at:%Y-%m-%dT%H%M}-{engine}-{plan.number}.json"
    path.parent.mkdir(exist_ok=True)
    told = {
        "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "incidents": plan.number,
        "seconds": plan.seconds,
        "rounds": plan.rounds,
        "machine": described,
        **results,
        "checks": [each._asdict() for each in checks(results)],
    }
    path.write_text(json.dumps(told, indent=1) + "\n")
    return path
