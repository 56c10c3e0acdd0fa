"""What the OpenAPI document shows of lists and records: examples of parameters and of answers."""

from __future__ import annotations

from typing import Any

from incidents.api.record_examples import RECORDS

SITE = "https://incidents.example.org/api/v1/"
CURSOR_EXAMPLE = "45evkZRP0IACwFYnd3NHEFsxLDczODM3OCwibHVoYW5zay0yMDIyLTAwMDEiLDAsMTJd"

EXAMPLES: dict[str, Any] = {
    "as_of": "1",
    "limit": 20,
    "cursor": CURSOR_EXAMPLE,
    "admin2": ["Sievierodonetsk Raion"],
    "parent": ["luhansk-oblast"],
    "source": ["luhansk-regional-head-telegram"],
    "min_sources": 1,
    "killed_min": 1,
    "killed_max": 10,
    "injured_min": 1,
    "injured_max": 10,
    "tag": ["partisans"],
}
"""Examples of parameters that are declared without one."""

HISTORY_EXAMPLE: dict[str, Any] = {
    "count": 2,
    "as_of": 7,
    "results": [
        {
            "revision": 1,
            "as_of": 1,
            "published": "2026-11-23T09:00:00Z",
            "change": "added",
            "reason": None,
            "target": None,
            "redacted": False,
            "reduced": None,
            "changes": [],
            "url": f"{SITE}incidents/luhansk-2022-0002/?as_of=1",
        },
        {
            "revision": 2,
            "as_of": 7,
            "published": "2026-12-01T12:30:00Z",
            "change": "withdrawn",
            "reason": "The report was retracted.",
            "target": None,
            "redacted": False,
            "reduced": None,
            "changes": [],
            "url": None,
        },
    ],
}
"""What became of a record."""

COUNT_EXAMPLE = {"count": 12, "as_of": 1, "warnings": []}

TOMBSTONE_EXAMPLE = {
    "id": "luhansk-2022-0002",
    "change": "withdrawn",
    "revision": 2,
    "as_of": 7,
    "published": "2026-12-01T12:30:00Z",
    "reason": "The report was retracted.",
}


def page_example(kind: str, path: str) -> dict[str, Any]:
    """Example of a page with one record, the first of several."""
    return {
        "count": 12,
        "count_url": f"{SITE}{path}/count/?as_of=1",
        "cite_url": f"{SITE}{path}/cite/?as_of=1",
        "next": f"{SITE}{path}/?as_of=1&cursor={CURSOR_EXAMPLE}&limit=1",
        "previous": None,
        "as_of": 1,
        "warnings": [],
        "results": [RECORDS[kind]],
    }
