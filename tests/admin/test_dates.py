"""Lists lead from years to months to days, and look up no more than the links that they show."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents import publishing
from incidents.ledger.models import Publication
from incidents.models import Incident
from tests.admin.pages import list_url
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db


def links(client: Client, model: Any = Incident, **query: str) -> list[str]:
    return [step.text for step in client.get(list_url(model), query).context["cl"].steps()]


@pytest.fixture
def incidents(db: None) -> None:
    for day in ("2021-12-31", "2022-02-28", "2022-02-03", "2022-02-03", "2024-02-29", "2025-12-31", None):
        IncidentFactory(date_start=day, date_end=None, date_precision="day" if day else "unknown")


def test_the_years_months_and_days_that_there_are(editor: Client, incidents: None) -> None:
    assert links(editor) == ["2021", "2022", "2024", "2025"]
    year = {"date_start__year": "2022"}
    assert links(editor, **year) == ["All dates", "February 2022"]
    month = {**year, "date_start__month": "2"}
    assert links(editor, **month) == ["All dates", "2022", "3 February 2022", "28 February 2022"]
    assert links(editor, **month, date_start__day="3") == ["All dates", "2022", "February 2022"]
    last = {"date_start__year": "2025", "date_start__month": "12"}
    assert links(editor, **last)[2:] == ["31 December 2025"]


def test_the_calendar_has_an_end(editor: Client) -> None:
    IncidentFactory(date_start="9999-12-31", date_end=None)
    assert links(editor) == ["9999"]


def test_every_link_leads_to_rows(editor: Client, incidents: None) -> None:
    def follow(url: str, depth: int) -> int:
        changelist = editor.get(url).context["cl"]
        assert changelist.result_count
        forward = [step for step in changelist.steps() if not step.back]
        return sum(follow(list_url(Incident) + step.url, depth + 1) for step in forward) or 1

    assert follow(list_url(Incident), 0) == Incident.objects.values("date_start").distinct().count() - 1


def test_the_links_keep_the_other_filters(editor: Client, incidents: None) -> None:
    IncidentFactory(date_start=date(1999, 1, 1), event_type="battle", event_subtype="")
    page = editor.get(list_url(Incident), {"event_type": "battle"})
    assert [step.url for step in page.context["cl"].steps()] == ["?date_start__year=1999&event_type=battle"]


def test_a_link_costs_one_look_and_no_row_is_read_for_it(editor: Client, incidents: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        editor.get(list_url(Incident))
    looks = [query["sql"] for query in queries if "date_start" in query["sql"] and "LIMIT 1" in query["sql"][-9:]]
    assert len(looks) == 5  # one for each link, and one that finds no more
    assert not [query["sql"] for query in queries if "trunc" in query["sql"].lower()]


def test_times_are_followed_like_days(editor: Client) -> None:
    publishing.publish([IncidentFactory()])
    year = Publication.objects.get().published_at.year
    assert links(editor, Publication) == [str(year)]
    assert len(links(editor, Publication, published_at__year=str(year))) == 2
