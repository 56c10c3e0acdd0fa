"""An answer is of one state, even where a publication comes between the statements that make it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from rest_framework.test import APIClient

from incidents import publishing
from incidents.models import Incident
from tests.factories import IncidentFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "incidents/",
    "incidents/?limit=2&count=exact",
    "incidents/?bbox=38,48,40,50",
    "incidents/?near=39,49&radius_km=5",
    "incidents/?q=shots",
    "incidents/?killed_min=1",
    "incidents/?killed_max=1&ordering=date",
    "incidents/?injured_min=1",
    "incidents/?published_after=0",
    "incidents/?date_after=2022-08-01&date_before=2022-08-31",
    "incidents/?ordering=-published&limit=1",
    "incidents/count/?q=shots",
    "incidents/count/?date_after=2022&killed_min=1",
    "incidents/count/?bbox=38,48,40,50",
    "locations/?limit=1",
    "locations/count/?q=place",
    "incidents/one/",
    "incidents/one/revisions/",
)


@partial(world, autouse=True)
def public() -> None:
    """Three incidents of which every question finds some."""
    publishing.publish(
        [
            IncidentFactory(public_id=name, summary="Shots.", killed_best=1, injured_best=2)
            for name in ("one", "two", "three")
        ]
    )


def nothing_stays() -> None:
    """Publish something that takes every incident out of every question about it."""
    one, two, three = Incident.objects.order_by("public_id")
    publishing.withdraw([one], reason="Doubts.")
    two.summary, two.killed_best, two.injured_best, two.location = "Silence.", None, None, None
    two.date_start = two.date_end = None
    two.date_precision = "unknown"
    two.save()
    publishing.publish([two])
    publishing.withdraw([three], reason="Doubts.")


def others_come() -> None:
    """Publish what puts another incident in the place of each."""
    nothing_stays()
    publishing.publish([IncidentFactory(public_id="four", summary="Shots.", killed_best=1, injured_best=2)])


@contextmanager
def before_statement(number: int, do: Callable[[], None]) -> Iterator[list[str]]:
    """Do something right before the numbered statement, and give the statements that were run."""
    run: list[str] = []
    busy = False

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal busy
        if not busy:
            run.append(sql)
            if len(run) == number:
                busy = True
                do()
                busy = False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield run


@pytest.mark.parametrize("change", [nothing_stays, others_come])
def test_every_answer_is_of_the_state_that_it_names(api: APIClient, change: Callable[[], None]) -> None:
    differing = {}
    for address in ADDRESSES:
        cache.clear()
        wanted = api.get(f"/api/v1/{address}").content
        for number in (2, 3, 4):
            with transaction.atomic():
                cache.clear()
                with before_statement(number, change) as run:
                    answer = api.get(f"/api/v1/{address}")
                transaction.set_rollback(True)
            if len(run) >= number and answer.content != wanted:
                differing[address, number] = run
    assert differing == {}
