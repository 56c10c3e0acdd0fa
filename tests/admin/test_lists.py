"""Lists show what is published of each row, filter by it, and ask as often for a hundred rows as for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents import publishing
from incidents.models import Actor, Dataset, Incident, Location, Report, Source
from tests.admin.pages import list_url
from tests.factories import (
    ActorFactory,
    DatasetFactory,
    IncidentFactory,
    LocationFactory,
    ReportFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


def rows(client: Client, model: Any, **query: str) -> list[str]:
    response = client.get(list_url(model), query)
    assert response.status_code == 200
    return sorted(row.public_id for row in response.context["cl"].result_list)


def five_states() -> None:
    """One incident in each state; their ids are the states."""
    made = {name: IncidentFactory(public_id=name) for name in ("public", "edited", "withdrawn", "merged", "never")}
    published = [incident for name, incident in made.items() if name != "never"]
    publishing.publish(published)
    publishing.withdraw([made["withdrawn"]], reason="Wrong.")
    publishing.merge(made["merged"], made["public"], reason="Twice.")
    later = timezone.now() + timedelta(hours=1)
    Incident.objects.filter(public_id="edited").update(edited=later)


def test_a_list_says_of_each_row_what_is_published(editor: Client) -> None:
    five_states()
    response = editor.get(list_url(Incident))
    model_admin = response.context["cl"].model_admin
    shown = {row.public_id: model_admin.publication(row) for row in response.context["cl"].result_list}
    assert shown == {
        "public": '<span class="state state-live">public r1</span>',
        "edited": '<span class="state state-stale">public r1, edited since</span>',
        "withdrawn": '<span class="state state-ended">withdrawn</span>',
        "merged": '<span class="state state-ended">merged into public</span>',
        "never": '<span class="state state-none">not public</span>',
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("public", ["edited", "public"]),
        ("edited", ["edited"]),
        ("ended", ["merged", "withdrawn"]),
        ("never", ["never"]),
    ],
)
def test_a_list_is_filtered_by_what_is_published(editor: Client, value: str, expected: list[str]) -> None:
    five_states()
    assert rows(editor, Incident, publication=value) == expected


def test_what_was_saved_in_the_second_of_its_publication_is_not_edited_since(editor: Client) -> None:
    publishing.publish([IncidentFactory(public_id="one")])
    assert rows(editor, Incident, publication="edited") == []


@pytest.mark.parametrize(
    "query",
    [
        {"dataset__id__exact": "DATASET"},
        {"event_type": "battle"},
        {"editorial_status": "draft"},
        {"date_precision": "month"},
        {"location_precision": "admin1"},
        {"place_disclosure": "country"},
        {"date_disclosure": "year"},
        {"location__country_code": "GEO"},
        {"date_start__year": "2021"},
    ],
    ids=lambda query: next(iter(query)),
)
def test_incidents_are_filtered(editor: Client, query: dict[str, str]) -> None:
    IncidentFactory(public_id="other")
    mine = IncidentFactory(
        public_id="mine",
        event_type="battle",
        event_subtype="",
        editorial_status="draft",
        date_start="2021-01-01",
        date_precision="month",
        location=LocationFactory(country_code="GEO"),
        location_precision="admin1",
        place_disclosure="country",
        date_disclosure="year",
    )
    asked = {key: str(mine.dataset.pk) if value == "DATASET" else value for key, value in query.items()}
    assert rows(editor, Incident, **asked) == ["mine"]


@pytest.mark.parametrize(
    ("factory", "model", "at_most"),
    [
        (IncidentFactory, Incident, 14),
        (LocationFactory, Location, 10),
        (SourceFactory, Source, 11),
        (ActorFactory, Actor, 10),
        (DatasetFactory, Dataset, 10),
        (ReportFactory, Report, 12),
    ],
)
def test_a_list_asks_no_more_for_many_rows_than_for_one(
    editor: Client, django_assert_max_num_queries: Any, factory: Any, model: Any, at_most: int
) -> None:
    for _ in range(30):
        factory()
    if model is not Report:
        publishing.publish(list(model.objects.all()[:20]))
    editor.get(list_url(model))  # content types are remembered from here on
    with django_assert_max_num_queries(at_most):
        editor.get(list_url(model))
