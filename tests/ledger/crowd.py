"""Publishers and readers who work at the same time, as threads or as processes of their own.

As a process: `python -m tests.ledger.crowd ROLE NAME TIMES TOTAL MEETING`, which prints what it saw as JSON. MEETING is
a directory in which walkers tell how far they have seen, so that publishers never run ahead of every reader.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 60
WALKERS = ("x", "y")

Row = tuple[int, str, int]
"""seq, record id, revision number."""


def publish(name: str, times: int, total: int, meeting: Path) -> list[int]:
    """Publish so often: new incidents, edits, withdrawals, each a publication; return their numbers in order.

    Waits after every fourth until each walker has seen it, however busy the machine is.
    """
    from incidents import publishing
    from tests.factories import DatasetFactory, IncidentFactory, LocationFactory

    place, dataset = LocationFactory(public_id=f"place-{name}"), DatasetFactory(public_id=f"data-{name}")
    incidents: list[Any] = []
    numbers = []
    for number in range(times):
        if number % 4 == 3:
            result = publishing.withdraw([incidents[-2]], reason="Doubts.")
        elif number % 4 == 2:
            incidents[-1].summary = f"Edited {number}."
            incidents[-1].save()
            result = publishing.publish([incidents[-1]])
        else:
            incidents.append(IncidentFactory(public_id=f"{name}-{number:03}", location=place, dataset=dataset))
            result = publishing.publish([incidents[-1]])
        assert result.seq is not None
        numbers.append(result.seq)
        if number % 4 == 3:
            _wait_for_walkers(result.seq, meeting)
    return numbers


def _wait_for_walkers(seq: int, meeting: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while min(_seen(name, meeting) for name in WALKERS) < seq:
        assert time.monotonic() < deadline, f"nobody has seen {seq}"
        time.sleep(0.002)


def _seen(walker: str, meeting: Path) -> int:
    """Return the last moment that a walker has walked at; it leaves a file for each."""
    return max((int(each.suffix[1:]) for each in meeting.glob(f"{walker}.*")), default=-1)


def watch(name: str, times: int, total: int, meeting: Path) -> list[str]:
    """Look again and again until all is published; return each breach: a row that came late below a seen head."""
    from incidents.ledger.models import Head, Publication, Revision

    seen, known, breaches = 0, set[Row](), list[str]()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while seen < total and time.monotonic() < deadline:
        rows: set[Row] = set(Revision.objects.filter(seq__lte=seen).values_list("seq", "record_id", "number"))
        if rows != known:
            breaches.append(f"at {seen}: {sorted(rows ^ known)}")
        head = Head.objects.get().seq
        known = set(Revision.objects.filter(seq__lte=head).values_list("seq", "record_id", "number"))
        numbers = list(Publication.objects.filter(seq__lte=head).order_by("seq").values_list("seq", flat=True))
        if numbers != list(range(1, head + 1)):
            breaches.append(f"at {head}: {numbers}")
        seen = head
    return breaches if seen == total else [*breaches, f"only {seen} of {total}"]


def walk(name: str, times: int, total: int, meeting: Path) -> list[dict[str, Any]]:
    """Walk over all pages again and again until all is published; return each walk's moment and documents."""
    from rest_framework.test import APIClient

    api, walks = APIClient(SERVER_NAME="localhost"), list[dict[str, Any]]()
    deadline = time.monotonic() + PATIENCE_SECONDS
    at = 0
    while at < total and time.monotonic() < deadline:
        page = api.get("/api/v1/incidents/?limit=3&ordering=published&count=exact").json()
        at, documents, counts = page["as_of"], page["results"], {page["count"]}
        while page["next"]:
            page = api.get(page["next"]).json()
            documents += page["results"]
            counts.add(page["count"])
            assert page["as_of"] == at
        walks.append({"at": at, "documents": documents, "counts": list(counts)})
        (meeting / f"{name}.{at}").touch()
    return walks


def recall(name: str, times: int, total: int, meeting: Path) -> list[list[dict[str, Any]]]:
    """Return the documents as of each publication, each state in one answer."""
    from rest_framework.test import APIClient

    address = "/api/v1/incidents/?limit=1000&ordering=published&as_of="
    return [APIClient(SERVER_NAME="localhost").get(f"{address}{seq}").json()["results"] for seq in range(total + 1)]


ROLES = {"publish": publish, "watch": watch, "walk": walk, "recall": recall}


def main(role: str, name: str, times: str, total: str, meeting: str) -> None:
    """Do the work of a role in this process, and print what comes of it."""
    import django

    django.setup()
    json.dump(ROLES[role](name, int(times), int(total), Path(meeting)), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
