"""When a record was first published: a field that no stored document has, a filter, and an order."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger import reindex
from incidents.ledger.models import ENTRIES, IncidentEntry, Revision
from tests.factories import IncidentFactory
from tests.query.world import clock

pytestmark = pytest.mark.django_db

FIRST, SECOND = "2026-01-01T12:00:00Z", "2026-01-01T12:00:10Z"


@pytest.fixture
def incidents() -> Any:
    """Incidents `one` and `two`, published in this order, of which `one` is changed last; with what moves the clock."""
    with clock() as later:
        one, two = IncidentFactory(public_id="one"), IncidentFactory(public_id="two")
        publishing.publish([one])
        later()
        publishing.publish([two])
        later()
        one.summary = 'Corrected, "published":"2020-01-01T00:00:00Z".'
        one.save()
        publishing.publish([one])
        yield one, two, later


def ids(api: APIClient, query: str) -> list[str]:
    answer = api.get(f"/api/v1/incidents/?{query}")
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["results"]]


def first_of(api: APIClient, name: str, query: str = "") -> str:
    return str(api.get(f"/api/v1/incidents/{name}/{query}").json()["first_published"])


@pytest.mark.usefixtures("incidents")
def test_every_answer_has_it_beside_the_time_of_the_revision(api: APIClient) -> None:
    for address in ("incidents/one/", "incidents/?id=one", "incidents.ndjson?id=one", "incidents/?id=one&as_of=3"):
        text = api.get(f"/api/v1/{address}").getvalue()
        assert f'"published":"2026-01-01T12:00:20Z","first_published":"{FIRST}"'.encode() in text, address
    assert first_of(api, "one", "?as_of=1") == FIRST
    assert FIRST in api.get("/api/v1/incidents.csv?id=one&fields=first_published").getvalue().decode()
    (change,) = api.get("/api/v1/changes/?since=2&id=one").json()["results"]
    assert change["document"]["first_published"] == FIRST


@pytest.mark.usefixtures("incidents")
def test_stored_documents_and_the_feed_for_mirrors_stay_as_they_are(api: APIClient) -> None:
    for text in Revision.objects.exclude(document="").values_list("document", flat=True):
        assert "first_published" not in orjson.loads(text)
    assert b'"first_published"' not in api.get("/api/v1/changes/").content


@pytest.mark.usefixtures("incidents")
def test_it_filters_and_orders(api: APIClient) -> None:
    assert ids(api, "ordering=first_published") == ["one", "two"]
    assert ids(api, "ordering=-first_published") == ["two", "one"]
    assert ids(api, "ordering=-published") == ["one", "two"]
    for query, found in (
        (f"first_published_after={SECOND}", ["two"]),
        (f"first_published_before={SECOND}", ["one"]),
        ("first_published_after=1", ["two"]),
        ("first_published_before=1", ["one"]),
        (f"first_published_after={FIRST}&first_published_before=2026-01-02", ["one", "two"]),
        ("first_published_after=2&as_of=2", []),
    ):
        assert ids(api, f"{query}&ordering=first_published") == found, query
    answer = api.get(f"/api/v1/sources/?first_published_after={SECOND}&first_published_before={FIRST}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "first_published_after")


def test_it_outlasts_withdrawals_reductions_and_a_new_index(incidents: Any, api: APIClient) -> None:
    one, two, later = incidents
    publishing.withdraw([one], reason="Doubts.")
    later()
    one.editorial_status = "ready"
    one.save()
    publishing.publish([one])
    assert (first_of(api, "one"), ids(api, "first_published_after=1")) == (FIRST, ["two"])
    two.place_disclosure = "country"
    two.save()
    publishing.reduce([two], reason="Puts people in danger.")
    assert (first_of(api, "two"), first_of(api, "two", "?as_of=2")) == (SECOND, SECOND)
    assert ids(api, "ordering=first_published") == ["one", "two"]
    assert sum(done.written for done in reindex.rebuild()) == 0


def test_databases_of_before_are_filled(incidents: Any, api: APIClient) -> None:
    wanted = list(Revision.objects.order_by("id").values_list("id", "first_published_at"))
    entries = {kind: list(model.objects.order_by("key").values()) for kind, model in ENTRIES.items()}
    assert [at for _, at in wanted if at]
    assert IncidentEntry.objects.exclude(first_published=None).count() == 1
    Revision.objects.update(first_published_at=None)
    for model in ENTRIES.values():
        model.objects.update(first_published=None)
    fill = MigrationExecutor(connection).loader.get_migration("ledger", "0010_fill_first_published").operations[0]
    fill.code(None, SimpleNamespace(connection=connection))  # type: ignore[attr-defined]  # it runs Python
    assert list(Revision.objects.order_by("id").values_list("id", "first_published_at")) == wanted
    assert {kind: list(model.objects.order_by("key").values()) for kind, model in ENTRIES.items()} == entries
