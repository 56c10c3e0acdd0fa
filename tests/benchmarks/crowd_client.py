"""Bad readers, or a probe that behaves: `python -m tests.benchmarks.crowd_client crowd|probe PORT SECONDS ID`.

They are processes of their own, so that the probe measures the server and not the crowd. Every reader of the crowd has
an address of its own (127.1.0.1, 127.1.0.2 …): limits by address must not spare the server the crowd. Each prints one
line of JSON: the statuses that came, and of probes what they took in milliseconds.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson

SLOW, STUCK, BODIES, WORKBOOKS = 64, 64, 64, 30
SLOW_BYTES = 20_000
"""What a slow reader takes in a second."""
PROBES_A_SECOND = 20
ASKERS = 4
"""Who ask the dear questions one after the other, each beginning at another one."""
READ = 65_536

DEAR = (
    "/api/v1/incidents/aggregate/?by=week,admin2,event_type",
    "/api/v1/incidents/aggregate/?by=month,actor&spread=every",
    "/api/v1/incidents/aggregate/?by=year,source&q=attack*",
    "/api/v1/incidents/count/?q=t*",
    "/api/v1/incidents/count/?q=a*&killed_min=1",
    "/api/v1/incidents/?q=government*&limit=1000&count=exact",
    "/api/v1/incidents/?q=a*&ordering=killed&limit=1000",
    "/api/v1/incidents/?near=38,48.5&radius_km=300&ordering=date&limit=1000",
    "/api/v1/incidents/?bbox=170,-80,160,80&min_sources=2&limit=1000&format=geojson",
    "/api/v1/incidents/?as_of=1&killed_max=0&limit=1000",
    "/api/v1/incidents/?exclude_id=ucdp-ged-1&location_precision=exact&injured_min=1&limit=1000",
    "/api/v1/changes/?since=0&limit=1000",
    "/api/v1/changes/checksum/?since=0",
    "/api/v1/incidents/?limit=1000&format=api",
)
"""The dearest questions that an anonymous reader can ask."""

_numbers = count(1)


def _address() -> tuple[str, int]:
    """Return another loopback address each time."""
    number = next(_numbers)
    return f"127.1.{number // 250}.{number % 250 + 1}", 0


@dataclass
class Told:
    """What came back."""

    probes: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    first_bytes: dict[str, list[float]] = field(default_factory=dict)


class Crowd:
    """All readers together."""

    def __init__(self, port: int, seconds: float, record: str) -> None:
        self.port, self.seconds, self.record = port, seconds, record
        self.told = Told()
        self.until = time.monotonic() + seconds

    async def crowd(self) -> Told:
        """Be the crowd."""
        tasks = [asyncio.create_task(each) for each in self._crowd()]
        await asyncio.wait(tasks, timeout=self.seconds)
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                self.told.statuses[f"{type(outcome).__name__}"] += 1
        return self.told

    async def probe(self) -> Told:
        """Be the probe."""
        await asyncio.gather(
            self._probe("record", f"/api/v1/incidents/{self.record}/", PROBES_A_SECOND),
            self._probe("page", "/api/v1/incidents/", PROBES_A_SECOND),
            self._probe("healthz", "/healthz", PROBES_A_SECOND / 4),
            self._probe("readyz", "/readyz", PROBES_A_SECOND / 4),
        )
        return self.told

    def _crowd(self) -> list[Coroutine[Any, Any, None]]:
        csv = "/api/v1/incidents.csv?date_after={}"  # of each kind four files, which equal questions share
        return [
            *(self._reader("slow", csv.format(f"2014-01-{1 + n % 4:02}"), SLOW_BYTES) for n in range(SLOW)),
            *(self._reader("stuck", csv.format(f"2014-02-{1 + n % 4:02}"), 0) for n in range(STUCK)),
            *(self._body() for _ in range(BODIES)),
            *(
                self._reader("workbook", f"/api/v1/incidents.xlsx?date_after=2014-03-{1 + n % 4:02}", READ * 100)
                for n in range(WORKBOOKS)
            ),
            *(self._keep_asking(DEAR[first:] + DEAR[:first]) for first in range(0, len(DEAR), len(DEAR) // ASKERS)),
        ]

    async def _reader(self, kind: str, path: str, bytes_a_second: int) -> None:
        while time.monotonic() < self.until:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=_address(), limit=READ)
            began = time.monotonic()
            writer.write(_get(path))
            status = await reader.readline()
            self.told.statuses[f"{kind} {status[9:12].decode()}"] += 1
            self.told.first_bytes.setdefault(kind, []).append(time.monotonic() - began)
            while time.monotonic() < self.until:
                if bytes_a_second and not await reader.read(min(READ, bytes_a_second)):
                    break
                await asyncio.sleep(min(1.0, READ / max(bytes_a_second, READ)))
            writer.close()
            await asyncio.sleep(1)

    async def _body(self) -> None:
        while time.monotonic() < self.until:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=_address())
            writer.write(b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n")
            try:
                while time.monotonic() < self.until:
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.wait_for(reader.read(1), 1)
                    break
            except TimeoutError:
                continue
            except OSError:
                pass
            writer.close()

    async def _keep_asking(self, questions: tuple[str, ...]) -> None:
        address = _address()
        for number in count():
            for question in questions:
                day = "" if "changes" in question else f"&date_before=2025-01-{1 + number % 28:02}"  # no answer is kept
                status, _ = await _ask(self.port, question + day, address)
                self.told.statuses[f"dear {status}"] += 1

    async def _probe(self, name: str, path: str, a_second: float) -> None:
        pending = []
        for number in range(int(self.seconds * a_second)):
            pending.append(asyncio.create_task(self._probe_once(name, path)))
            await asyncio.sleep(1 / a_second)
            del number
        await asyncio.gather(*pending)

    async def _probe_once(self, name: str, path: str) -> None:
        try:
            status, seconds = await _ask(self.port, path, ("127.0.0.1", 0))
        except (OSError, ValueError):
            self.told.statuses[f"{name} no answer"] += 1
            return
        self.told.probes.setdefault(name, []).append(seconds * 1000)
        self.told.statuses[f"{name} {status}"] += 1


async def _ask(port: int, path: str, address: tuple[str, int]) -> tuple[int, float]:
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=address)
    try:
        writer.write(_get(path))
        status = int((await reader.readline())[9:12])
        while await reader.read(READ):
            pass
    finally:
        writer.close()
    return status, time.monotonic() - began


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()


def percentile(values: list[float], part: float) -> float:
    """Return the value that `part` of all are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main(who: str, port: str, seconds: str, record: str) -> None:
    """Print what happened."""
    crowd = Crowd(int(port), float(seconds), record)
    told = asyncio.run(crowd.crowd() if who == "crowd" else crowd.probe())
    probes = {
        name: {"n": len(all_), "p50": percentile(all_, 0.5), "p99": percentile(all_, 0.99), "max": max(all_)}
        for name, all_ in told.probes.items()
    }
    first = {name: {"p50": percentile(all_, 0.5), "max": max(all_)} for name, all_ in told.first_bytes.items()}
    told_all = {"probes": probes, "statuses": dict(sorted(told.statuses.items())), "first_bytes": first}
    print(orjson.dumps(told_all).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
