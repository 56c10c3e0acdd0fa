"""`python -m tests.benchmarks.exports URL`: how long exports of everything take, and what they weigh.

`URL` is a running server (`http://127.0.0.1:8000`). For a floor the CSV that came is imported into a table of its own
and read out again by `sqlite3 -csv`, in the same run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

FORMATS = ("ndjson", "csv", "geojson", "parquet")
PIECE = 2**18


def timed(address: str, path: Path) -> tuple[float, float, int]:
    """Save an answer; returns seconds to the first byte, seconds in all, and the rows that it promised."""
    began = time.perf_counter()
    with urlopen(address) as answer, path.open("wb") as file:
        piece = answer.read(1)
        first = time.perf_counter() - began
        while piece:
            file.write(piece)
            piece = answer.read(PIECE)
        return first, time.perf_counter() - began, int(answer.headers["X-Row-Count"])


def floor(csv: Path, folder: Path) -> float:
    """Return how long `sqlite3 -csv` takes for the same rows and columns."""
    database = folder / "floor.sqlite3"
    subprocess.run(["sqlite3", database, ".mode csv", f".import {csv} flat"], check=True)
    began = time.perf_counter()
    with (folder / "floor.csv").open("wb") as out:
        subprocess.run(["sqlite3", "-csv", database, "SELECT * FROM flat"], check=True, stdout=out)
    return time.perf_counter() - began


def main(arguments: list[str]) -> int:
    """Measure; returns the exit status."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        taken: dict[str, float] = {}
        for ending in FORMATS:
            path = folder / f"all.{ending}"
            first, taken[ending], rows = timed(f"{arguments[0]}/api/v1/incidents.{ending}", path)
            size = path.stat().st_size / 1e6
            print(
                f"{ending:8} {rows:,} rows, first byte {first:.3f} s, {taken[ending]:.1f} s, {size:,.0f} MB", flush=True
            )
        least = floor(folder / "all.csv", folder)
        ratios = ", ".join(f"{each} {taken[each] / least:.1f}x" for each in ("csv", "ndjson"))
        print(f"sqlite3 -csv of the same: {least:.1f} s; {ratios}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
