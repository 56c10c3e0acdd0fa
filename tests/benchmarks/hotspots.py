"""Where the time of an answer goes: the whole WSGI application, called in this process under cProfile."""

from __future__ import annotations

import cProfile
import io
import pstats
import time
from typing import Any

from django.core.cache import cache
from django.core.wsgi import get_wsgi_application

from tests.benchmarks import cases
from tests.benchmarks.asking import Application, ask, deep_address

TOP = 28
SECONDS = 2.0


def profile(told: dict[str, list[str]]) -> dict[str, Any]:
    """Return, for each case, milliseconds a request without the profiler and the dearest functions with it."""
    application = get_wsgi_application()
    depth = int(told.pop("depth")[0])
    told["deep"] = [deep_address(application, cases.address(limit=1000), depth)]
    told["floor"] = ["/floor/190000/"]
    parts = [_case(application, name, paths) for name, paths in told.items()]
    return {"text": "\n".join(parts)}


def _case(application: Application, name: str, paths: list[str]) -> str:
    alone = _loop(application, paths)
    cache.clear()  # of counts
    profiler = cProfile.Profile()
    profiler.enable()
    for path in paths:
        ask(application, path)
    profiler.disable()
    out = io.StringIO()
    stats = pstats.Stats(profiler, stream=out)
    stats.sort_stats("tottime").print_stats(TOP)
    stats.sort_stats("cumulative").print_stats(r"incidents|rest_framework|middleware|execute|fetch", TOP)
    return f"\n##### {name}: {alone:.3f} ms a request, {len(paths)} requests profiled\n{out.getvalue()}"


def _loop(application: Application, paths: list[str]) -> float:
    """Return milliseconds a request of this process's own processor time."""
    asked, began, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < SECONDS:
        cache.clear()
        for path in paths:
            ask(application, path)
        asked += len(paths)
    return 1000 * (time.process_time() - used) / asked
