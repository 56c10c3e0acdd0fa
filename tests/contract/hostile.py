"""Values that break servers, for every parameter of every resource.

`python -m tests.contract.hostile --write` writes the statuses that this database answers to hostile_statuses.json; the
test holds both databases to the file, so that both refuse the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from rest_framework.test import APIClient

GOLDEN = Path(__file__).with_name("hostile_statuses.json")
WRITE = "WRITE_HOSTILE_STATUSES"
EMOJI = "".join(chr(0x1F300 + number) for number in range(498))

VALUES = {
    "nothing": "",
    "space": "%20",
    "null": "%00",
    "null-inside": "a%00b",
    "not-utf8": "%ff%fe",
    "surrogate": "%ed%a0%80",
    "newline": "a%0d%0aSet-Cookie:x=1",
    "tab": "%09",
    "one": "1",
    "zero": "0",
    "minus-zero": "-0",
    "minus-one": "-1",
    "plus-one": quote("+1"),
    "huge": "9" * 30,
    "int32": "2147483648",
    "int64": "9223372036854775808",
    "fraction": "0.1",
    "exponent": "1e309",
    "nan": "NaN",
    "infinity": "Infinity",
    "arabic-digits": quote("٢٠٢٢"),
    "wide-digits": quote("１２"),
    "true": "true",
    "sql": quote("' OR 1=1; DROP TABLE ledger_head; --"),
    "like": quote("%_\\"),
    "format": quote("%s %(a)s {0}"),
    "fts5": quote('"a" NEAR/2 (b* OR NOT c) ^d : {e}'),
    "tsquery": quote("a & !b | c <-> 'd':*AB"),
    "quotes": quote("''\"\"``’"),
    "star": "*",
    "commas": quote(",,,"),
    "comma-at-end": quote("a,"),
    "ids": ",".join(f"id-{number}" for number in range(1000)),
    "too-many-ids": ",".join(f"id-{number}" for number in range(1001)),
    "long": "a" * 5000,
    "long-word": "a" * 500,
    "many-words": quote(" ".join(f"w{number}" for number in range(100))),
    "emoji": quote(EMOJI),
    "arabic-ligature": quote("\ufdfa" * 100),
    "right-to-left": quote("\u202eabc"),
    "combining": quote("e" + "\u0301" * 200),
    "path": quote("../../etc/passwd", safe=""),
    "script": quote("<script>alert(1)</script>"),
    "json": quote('{"a": [1]}'),
    "year-zero": "0000-00-00",
    "first-day": "0001-01-01",
    "last-day": "9999-12-31",
    "no-day": "2022-02-30",
    "before-time": quote("0001-01-01T00:00:00+23:59"),
    "after-time": quote("9999-12-31T23:59:59-23:59"),
    "week-date": "2022-W01-1",
    "point": "180,-90",
    "box": "180,-90,-180,90",
    "upside-down-box": "0,10,0,-10",
}
COMPANIONS = {"near": "radius_km=25", "radius_km": "near=39,49", "date_match": "date_after=2022"}
"""What a parameter needs beside it, so that its own value is what is judged."""


def resources() -> dict[str, Any]:
    """Return the viewset of each resource; imported late, because the command below runs without Django's settings."""
    from incidents.api import views

    return {
        "incidents": views.IncidentViewSet,
        "locations": views.LocationViewSet,
        "sources": views.SourceViewSet,
        "actors": views.ActorViewSet,
        "datasets": views.DatasetViewSet,
    }


def requests() -> dict[str, dict[str, str]]:
    """Return parameter or place of an address → name of the value → address, for all of them."""
    from incidents.query.filters import of_a_count

    found = {}
    for resource, view in resources().items():
        for name in [*view.filterset_class.base_filters, "unknown", "unknown[]"]:
            beside = f"&{COMPANIONS[name]}" if name in COMPANIONS else ""
            found[f"{resource}/?{name}="] = {
                of: f"{resource}/?{quote(name)}={value}{beside}" for of, value in VALUES.items()
            }
        for name in view.item_filterset_class.base_filters:
            found[f"{resource}/ID/?{name}="] = {of: f"{resource}/one/?{name}={value}" for of, value in VALUES.items()}
        for name in ("as_of", "format"):
            address = f"{resource}/one/revisions/?{name}="
            found[address.replace("one", "ID")] = {of: address + value for of, value in VALUES.items()}
        for address in ("{}/{{}}/", "{}/{{}}/revisions/"):
            place = address.format(resource)
            found[place] = {of: place.format(value.replace("/", "%2F")) for of, value in VALUES.items() if value}
    for name in of_a_count(resources()["incidents"].filterset_class).base_filters:
        found[f"incidents/count/?{name}="] = {of: f"incidents/count/?{name}={value}" for of, value in VALUES.items()}
    return found | of_groups_and_words()


def of_groups_and_words() -> dict[str, dict[str, str]]:
    """Return the same for aggregates and the codebook."""
    found = {}
    for name in ("by", "spread", "fill", "coverage", "ordering", "date_after", "q", "as_of", "format"):
        address = f"incidents/aggregate/?by=year,actor&{name}=" if name != "by" else "incidents/aggregate/?by="
        found[address] = {of: address + value for of, value in VALUES.items()}
    for address in ("codebook/?format=", "codebook/{}/"):
        place = address if "{" in address else f"{address}{{}}"
        found[address] = {of: place.format(value.replace("/", "%2F")) for of, value in VALUES.items() if value}
    return found


def statuses(api: APIClient) -> dict[str, dict[str, str]]:
    """Return parameter → status → names of the values that are answered so."""
    api.raise_request_exception = False
    told: dict[str, dict[str, str]] = {}
    for parameter, addresses in requests().items():
        by_status: dict[str, list[str]] = {}
        for name, address in addresses.items():
            status = api.get(f"/api/v1/{address}").status_code
            by_status.setdefault(str(status), []).append(name)
        told[parameter] = {status: " ".join(by_status[status]) for status in sorted(by_status)}
    return told


def main() -> int:
    """Write the golden file, from a test database as the test makes it."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.hostile", description=main.__doc__)
    parser.add_argument("--write", action="store_true", required=True)
    parser.parse_args()
    test = [sys.executable, "-m", "pytest", "-q", "tests/contract/test_hostile_values_are_refused_alike.py"]
    return subprocess.run(test, env={**os.environ, WRITE: "1"}, check=False).returncode


def write(found: dict[str, dict[str, str]]) -> None:
    """Write the golden file."""
    GOLDEN.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
