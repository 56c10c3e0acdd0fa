"""A redaction takes every word of a record out of the ledger and every answer about any time; a tombstone stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from incidents import publishing
from incidents.models import Claim, Incident, Relation
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.ledger.dump import dump
from tests.worlds import world

pytestmark = pytest.mark.django_db

SECRET = "plugh"
"""Begins every word that must be gone."""
LISTS = (
    "incidents/",
    "incidents/?limit=1",
    "incidents/?q=witness",
    "incidents/count/",
    "incidents/?count=exact&limit=1",
)


def told(tables: Mapping[str, list[tuple[Any, ...]]], word: str) -> list[str]:
    """Return the tables that hold a word, be it in the pages of an index."""
    return [
        table
        for table, rows in tables.items()
        if any(
            word in (value.decode("latin-1") if isinstance(value, bytes) else str(value))
            for row in rows
            for value in row
        )
    ]


@world
def secret() -> Incident:
    """An incident that tells secrets in every field and every revision, published beside two others."""
    report = ReportFactory(
        title="plughtitle", url="https://plugh.example/url", source=SourceFactory(public_id="paper", name="Paper")
    )
    secret: Incident = IncidentFactory(
        public_id="secret",
        summary="A witness, plughsummary.",
        location=LocationFactory(public_id="village", name="plughville"),
        location_as_reported="plughreported",
        location_remark="plughremark",
        date_remark="plughdate",
        tags=["plughtag"],
        extra={"plughname": "plughvalue"},
        reports=[report],
        actors=[(ActorFactory(public_id="group", name="plughgroup"), "target")],
    )
    Claim.objects.create(incident=secret, report=report, field="damage", value="plughclaim", quote="plughquote")
    other = IncidentFactory(public_id="other", summary="A witness.", location=LocationFactory(public_id="town"))
    Relation.objects.create(incident=other, related=secret, relation="part_of")
    publishing.publish([secret, other, IncidentFactory(public_id="third", summary="A witness.")])
    for number in range(1, 4):
        secret.summary, secret.date_start, secret.date_end = (
            f"A witness, plughedit{number}.",
            *[date(2022, 8, number)] * 2,
        )
        secret.save()
        publishing.publish([secret])
    publishing.withdraw([secret], reason="Doubts.")
    publishing.publish([secret])
    return secret


def test_no_word_stays_in_any_table_of_the_ledger(secret: Incident) -> None:
    index = {"sqlite": "ledger_incidententry_words_data", "postgresql": "ledger_incidententry"}[connection.vendor]
    assert {"ledger_revision", index} <= set(told(dump("ledger_"), SECRET))
    publishing.redact(secret, reason="Puts a witness in danger.")
    records: list[Any] = [*secret.actors.all(), secret.location]
    for record in records:
        publishing.redact(record, reason="Tells the place of a witness.")
    assert told(dump("ledger_"), SECRET) == []


def test_the_record_is_gone_at_every_time_with_a_tombstone(secret: Incident, api: APIClient) -> None:
    before = [api.get("/api/v1/incidents/secret/", {"as_of": at}).status_code for at in range(7)]
    assert before == [404, 200, 200, 200, 200, 410, 200]
    publishing.redact(secret, reason="Puts a witness in danger.")
    answers = [api.get("/api/v1/incidents/secret/", {"as_of": at}) for at in range(8)]
    assert [answer.status_code for answer in answers] == [404, *[410] * 7]
    assert [answer.json()["tombstone"]["change"] for answer in answers[1:]] == [
        *["redacted"] * 4,
        "withdrawn",
        *["redacted"] * 2,
    ]
    assert api.get("/api/v1/incidents/secret/").json()["tombstone"] == {
        "id": "secret",
        "change": "redacted",
        "revision": 7,
        "as_of": 7,
        "published": answers[-1].json()["tombstone"]["published"],
        "reason": "Puts a witness in danger.",
    }
    assert not any(SECRET in answer.content.decode() for answer in answers)


def test_no_list_search_or_count_of_any_time_knows_it(secret: Incident, api: APIClient) -> None:
    publishing.redact(secret, reason="Puts a witness in danger.")
    for at in range(1, 8):
        for query in LISTS:
            answer = api.get(f"/api/v1/{query}{'&' if '?' in query else '?'}as_of={at}")
            assert answer.json().get("count") in (2, None), (at, query)
            assert "plugh" not in answer.content.decode(), (at, query)
        page = api.get("/api/v1/incidents/", {"as_of": at}).json()
        assert [each["id"] for each in page["results"]] == ["third", "other"]
        assert api.get(f"/api/v1/incidents/?as_of={at}&q=plugh*").json()["count"] == 0


def test_its_history_tells_that_there_were_revisions_and_nothing_of_them(secret: Incident, api: APIClient) -> None:
    publishing.redact(secret, reason="Puts a witness in danger.")
    answer = api.get("/api/v1/incidents/secret/revisions/")
    rows = [(each["revision"], each["change"], each["redacted"], each["url"]) for each in answer.json()["results"]]
    assert rows == [
        (1, "added", True, None),
        (2, "changed", True, None),
        (3, "changed", True, None),
        (4, "changed", True, None),
        (5, "withdrawn", False, None),
        (6, "added", True, None),
        (7, "redacted", True, None),
    ]
    assert all(each["changes"] == [] for each in answer.json()["results"])


def test_every_cache_is_told_and_answers_about_others_stay_as_they_were(secret: Incident, api: APIClient) -> None:
    addresses = [f"/api/v1/incidents/{name}/?as_of={at}" for name in ("third", "secret") for at in range(1, 7)]
    before = {address: api.get(address) for address in addresses}
    publishing.redact(secret, reason="Puts a witness in danger.")
    for address, answer in before.items():
        now = api.get(address, headers={"If-None-Match": answer.headers.get("ETag", '"none"')})
        assert now.status_code == (200 if "third" in address else 410), address
        if "third" in address:
            assert (now.content, now["ETag"] != answer["ETag"]) == (answer.content, True), address
