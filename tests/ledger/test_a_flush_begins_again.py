"""After `manage.py flush` the ledger is empty and works: it has its head, and no index knows what was."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from incidents import publishing
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_flushed_ledger_starts_from_nothing(api: APIClient) -> None:
    publishing.publish([IncidentFactory(public_id="before", summary="Shots.")])
    call_command("flush", interactive=False, verbosity=0)
    empty = api.get("/api/v1/incidents/?q=shots").json()
    assert (empty["as_of"], empty["count"]) == (0, 0)
    publishing.publish([IncidentFactory(public_id="after", summary="Shots.")])
    for query in ("q=shots", "bbox=30,40,50,60"):
        page = api.get(f"/api/v1/incidents/?{query}").json()
        assert (page["as_of"], [each["id"] for each in page["results"]]) == (1, ["after"])
