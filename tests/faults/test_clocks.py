"""A clock that was ahead is reported, and one that goes back does not turn the order of publications round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import Publication
from incidents_api.health import Probes
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WARNING = (
    "Publications from 2 on are dated in the future, up to 2026-03-03T12:00:00Z: a clock was ahead when "
    "they were made, or this machine's clock is behind. For 2\xa0days, as_of=<now> shows the state before them, and "
    "new publications get the same date. Responses without as_of are correct. Check the clock."
)


def published(at: datetime, name: str) -> None:
    with time_machine.travel(at, tick=False):
        publishing.publish([IncidentFactory(public_id=name)])


def readiness() -> tuple[int, str]:
    answer = Probes(lambda request: HttpResponse())(RequestFactory().get("/readyz"))
    assert isinstance(answer, HttpResponse)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def staff() -> Client:
    """Somebody at the admin's first page."""
    client = Client()
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    return client


def test_publications_of_a_clock_that_was_ahead_are_reported_until_their_time_has_come(staff: Client) -> None:
    published(NOW, "one")
    published(NOW + timedelta(days=2), "two")
    published(NOW, "three")
    with time_machine.travel(NOW, tick=False):
        assert readiness() == (200, f"ready\nwarning: {WARNING}\n")
        page = staff.get(reverse("admin:index")).content.decode()
        assert "Publications from 2 on are dated in the future, up to 2026-03-03T12:00:00Z" in page
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert readiness() == (200, "ready\n")
        assert "dated in the future" not in staff.get(reverse("admin:index")).content.decode()


def test_clocks_that_differ_by_seconds_are_not_reported() -> None:
    published(NOW + timedelta(seconds=59), "one")
    with time_machine.travel(NOW, tick=False):
        assert readiness() == (200, "ready\n")


def test_times_never_run_backwards_and_as_of_has_one_answer(api: APIClient) -> None:
    published(NOW, "one")
    published(NOW - timedelta(days=400), "two")
    published(NOW + timedelta(seconds=5), "three")
    published(NOW - timedelta(seconds=1), "four")
    rows = list(Publication.objects.order_by("seq").values_list("seq", "published_at"))
    later = NOW + timedelta(seconds=5)
    assert rows == [(1, NOW), (2, NOW), (3, later), (4, later)]
    with time_machine.travel(later + timedelta(days=1), tick=False):
        found: dict[str, Any] = {}
        for moment in ("2026-03-01T11:59:59Z", "2026-03-01T12:00:00Z", "2026-03-01T12:00:04Z", "2026-03-01T12:00:05Z"):
            answer = api.get(f"/api/v1/incidents/?as_of={moment}&ordering=date").json()
            found[moment] = answer["as_of"], sorted(each["id"] for each in answer["results"])
    assert found == {
        "2026-03-01T11:59:59Z": (0, []),
        "2026-03-01T12:00:00Z": (2, ["one", "two"]),
        "2026-03-01T12:00:04Z": (2, ["one", "two"]),
        "2026-03-01T12:00:05Z": (4, ["four", "one", "three", "two"]),
    }


def test_what_was_published_keeps_its_own_time(api: APIClient) -> None:
    published(NOW, "one")
    published(NOW - timedelta(days=400), "two")
    document = api.get("/api/v1/incidents/two/").json()
    assert document["published"] == "2026-03-01T12:00:00Z"
