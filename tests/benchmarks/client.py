"""The bundled HTTP load, where wrk is missing: keep-alive connections in threads, in a process of its own.

`python -m tests.benchmarks.client HOST PORT CONNECTIONS SECONDS` reads addresses from standard input and writes JSON.
It takes more of the processor than wrk, so its figures are lower; compare only figures of one client.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What one connection saw."""

    latencies: list[float] = field(default_factory=list)
    bytes: int = 0
    errors: int = 0


def ask(connection: socket.socket, path: str, host: str) -> tuple[int, int]:
    """Send a request and read its answer whole; returns status and number of bytes."""
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65_536)
        if not more:
            raise ConnectionError
        received += more
    head, _, rest = received.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    left = length - len(rest)
    while left > 0:
        more = connection.recv(min(left, 1 << 20))
        if not more:
            raise ConnectionError
        left -= len(more)
    return int(head.split(b" ", 2)[1]), length


def keep_asking(host: str, port: int, paths: list[str], start: int, until: float, tally: Tally) -> None:
    """Ask for one address after another until the time is over."""
    name, at = f"{host}:{port}", start
    with socket.create_connection((host, port), timeout=300) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (began := time.perf_counter()) < until:
            status, length = ask(connection, paths[at % len(paths)], name)
            tally.latencies.append(time.perf_counter() - began)
            tally.bytes += length
            tally.errors += status != 200
            at += 1


def main(host: str, port: str, connections: str, seconds: str) -> None:
    paths = sys.stdin.read().split("\n")
    number, began = int(connections), time.perf_counter()
    tallies = [Tally() for _ in range(number)]
    threads = [
        threading.Thread(
            target=keep_asking,
            args=(host, int(port), paths, place * len(paths) // number, began + float(seconds), tally),
        )
        for place, tally in enumerate(tallies)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    latencies = sorted(latency for tally in tallies for latency in tally.latencies)
    print(
        json.dumps(
            {
                "requests": len(latencies),
                "seconds": took,
                "p50": 1000 * latencies[len(latencies) // 2],
                "p99": 1000 * latencies[len(latencies) * 99 // 100],
                "bytes": sum(tally.bytes for tally in tallies),
                "errors": sum(tally.errors for tally in tallies),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
