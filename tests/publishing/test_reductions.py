"""A reduction makes a record coarser in all of its history, and the record goes on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import Head, IncidentEntry, Revision
from incidents.ledger.reindex import rebuild
from incidents.models import Claim, Incident, Relation
from incidents.query.entries import Order, entries
from incidents.query.moment import read_moment
from incidents.query.reader import documents_of, read_page
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.ledger.dump import dump
from tests.ledger.test_redactions_reach_all_of_the_past import told
from tests.mirroring.recorded import Recorded, empty_ledger, mirror
from tests.mirroring.telling import answers, ledger

pytestmark = pytest.mark.django_db

SECRET = "plugh"
REASON = "A witness lives there."


@pytest.fixture
def secret() -> Incident:
    """An incident published three times with its village, day and report, and generalised since but not published."""
    region = LocationFactory(public_id="region", name="Region", kind="admin1")
    source = SourceFactory(public_id="paper", name="Paper")
    report = ReportFactory(title="plughtitle", url="https://plugh.example/url", source=source)
    made: Incident = IncidentFactory(
        public_id="secret",
        summary="A witness, plughsummary.",
        location=LocationFactory(public_id="plughville", name="plughville", parent=region),
        location_as_reported="plughreported",
        tags=["plughtag"],
        extra={"plughname": "plughvalue"},
        reports=[report],
    )
    Claim.objects.create(incident=made, report=report, field="location", value="plughclaim", quote="plughquote")
    other = IncidentFactory(
        public_id="other",
        summary="A witness.",
        location=LocationFactory(public_id="town"),
        actors=[(ActorFactory(), "target")],
    )
    Relation.objects.create(incident=other, related=made, relation="part_of")
    publishing.publish([made, other])
    for number in (1, 2):
        made.summary, made.date_start, made.date_end = f"A witness, plugh{number}.", *[date(2022, 8, number)] * 2
        made.save()
        publishing.publish([made])
    made.summary, made.place_disclosure, made.date_disclosure = "Something happened.", "admin1", "month"
    made.tags = []
    made.save()
    return made


def documents(api: APIClient, at: int) -> dict[str, Any]:
    """Return the document of the incident as of a publication, without what tells its revision."""
    document: dict[str, Any] = api.get("/api/v1/incidents/secret/", {"as_of": at}).json()
    return {name: value for name, value in document.items() if name not in ("revision", "published")}


def test_no_word_of_the_earlier_revisions_stays_in_the_incidents_of_any_time(secret: Incident, api: APIClient) -> None:
    result = publishing.publish([secret], reduce_because=REASON)

    assert (result.seq, result.reduced, len(result.still_readable)) == (4, 1, 0)
    tables = {name: rows for name, rows in dump("ledger_").items() if "location" not in name}
    rows = [row for row in tables.pop("ledger_revision") if "location" not in row]
    assert told({**tables, "revisions": rows}, SECRET) == []
    for at in range(1, 5):
        assert documents(api, at) == documents(api, 4)
        assert documents(api, at)["location"]["id"] == "region"
        found = api.get(f"/api/v1/incidents/?q=plugh*&as_of={at}").json()
        assert found["count"] == 0
        for query in ("location=plughville", "date_after=2022-08-02&date_match=certain"):
            assert api.get(f"/api/v1/incidents/count/?id=secret&as_of={at}&{query}").json()["count"] == 0


def test_a_page_that_was_read_before_shows_what_the_reduction_left(secret: Incident, api: APIClient) -> None:
    def page(at: int) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = api.get(f"/api/v1/incidents/?as_of={at}").json()["results"]
        return results

    before = {at: page(at) for at in range(1, 4)}
    assert before[1][0]["location"]["admin1"] == "Region"
    publishing.publish([secret], reduce_because=REASON)

    for at in range(1, 5):
        for document in page(at):
            assert document == api.get(f"/api/v1/incidents/{document['id']}/?as_of={at}").json()
        assert SECRET not in str(page(at))


def test_a_page_that_a_reduction_overtakes_is_whole_and_shows_what_is_left(secret: Incident, api: APIClient) -> None:
    assert api.get("/api/v1/incidents/?as_of=1").status_code == 200  # by which what is added to documents is kept
    moment = read_moment(1)
    publishing.publish([secret], reduce_because=REASON)

    rows = read_page(entries(IncidentEntry), Order("record_id", descending=False), moment, None, 10)
    found = {document["id"]: document for document in map(orjson.loads, documents_of(rows))}
    assert found["secret"] == api.get("/api/v1/incidents/secret/?as_of=1").json()
    assert SECRET not in str(found)


def test_the_history_says_that_there_were_revisions_when_and_why(secret: Incident, api: APIClient) -> None:
    publishing.publish([secret], reduce_because=REASON)

    history = api.get("/api/v1/incidents/secret/revisions/").json()["results"]
    assert [(each["revision"], each["as_of"], each["change"], each["reduced"]) for each in history] == [
        (1, 1, "added", 4),
        (2, 2, "changed", 4),
        (3, 3, "changed", 4),
        (4, 4, "redacted", 4),
        (5, 4, "added", None),
    ]
    assert [each["changes"] for each in history] == [[]] * 5
    assert [each["reason"] for each in history] == [None, None, None, REASON, None]
    for each in history:
        if each["url"]:
            read = api.get(each["url"]).json()
            # As of the publication of the reduction there is the revision that it wrote.
            assert (read["revision"], read["published"]) == (each["revision"], each["published"])


def test_the_feed_sends_what_a_client_knows_as_a_redaction(secret: Incident, api: APIClient) -> None:
    publishing.publish([secret], reduce_because=REASON)

    page = api.get("/api/v1/changes/?limit=1000").json()
    mine = [each for each in page["results"] if each["id"] == "secret"]
    assert [(each["revision"], each["change"], each["redacted"], bool(each["document"])) for each in mine] == [
        (1, "added", True, False),
        (2, "changed", True, False),
        (3, "changed", True, False),
        (4, "redacted", True, False),
        (5, "added", False, True),
    ]
    assert [each["changed_fields"] for each in mine] == [[]] * 5
    assert [each for each in page["reductions"] if each["id"] == "secret"] == [
        {"kind": "incident", "id": "secret", "revision": number, "publication": 4} for number in range(1, 5)
    ]
    assert SECRET not in str([each for each in page["results"] if each["kind"] == "incident"])


def test_etags_and_totals_follow(secret: Incident, api: APIClient) -> None:
    before = api.get("/api/v1/incidents/?as_of=2")
    total = Head.objects.get().totals
    publishing.publish([secret], reduce_because=REASON)

    again = api.get("/api/v1/incidents/?as_of=2", headers={"If-None-Match": before["ETag"]})
    assert again.status_code == 200
    assert again.content != before.content
    head = Head.objects.get()
    assert (head.redacted, head.totals) == (4, total)
    assert again.json()["count"] == 2


def test_what_was_related_to_it_no_longer_says_so(secret: Incident, api: APIClient) -> None:
    Relation.objects.all().delete()
    publishing.publish([secret], reduce_because=REASON)

    for at in range(1, 5):
        assert api.get("/api/v1/incidents/other/", {"as_of": at}).json()["related"] == []


def test_what_became_public_with_it_alone_is_named(secret: Incident) -> None:
    result = publishing.publish([secret], reduce_because=REASON)
    assert sorted(result.left_public) == [("location", "plughville"), ("source", "paper")]


def test_what_was_public_before_it_is_not_named(api: APIClient) -> None:
    town = LocationFactory(parent=LocationFactory(kind="admin1"))
    publishing.publish([IncidentFactory(location=town)])
    incident = IncidentFactory(public_id="secret", location=town)
    publishing.publish([incident])
    incident.place_disclosure = "admin1"
    incident.save()
    result = publishing.publish([incident], reduce_because=REASON)
    assert (result.reduced, result.left_public) == (1, [])


def test_a_reason_that_names_what_is_hidden_is_refused(secret: Incident) -> None:
    with pytest.raises(publishing.RefusedError, match="plughville"):
        publishing.publish([secret], reduce_because="A witness in Plughville.")
    with pytest.raises(publishing.RefusedError, match="plughville"):
        publishing.reduce([secret], reason="A witness in Plughville.")
    assert Head.objects.get().seq == 3


def test_a_second_reduction_reaches_what_the_first_left(secret: Incident, api: APIClient) -> None:
    secret.place_disclosure, secret.date_disclosure, secret.summary = "full", "month", "A witness in plughville."
    secret.save()
    publishing.publish([secret], reduce_because=REASON)
    secret.place_disclosure, secret.summary = "admin1", "Something."
    secret.save()
    publishing.publish([secret], reduce_because="It was not enough.")

    reduced = Revision.objects.of("incident", ["secret"]).order_by("number").values_list("number", "reduced")
    assert list(reduced) == [(1, 5), (2, 5), (3, 5), (4, 4), (5, 5), (6, 5), (7, None)]
    assert {str(documents(api, at)) for at in range(1, 6)} == {str(documents(api, 5))}
    assert "plugh" not in str(documents(api, 1))


def test_a_redaction_after_it_empties_everything(secret: Incident, api: APIClient) -> None:
    publishing.publish([secret], reduce_because=REASON)
    publishing.redact(secret, reason="For safety.")

    assert [api.get("/api/v1/incidents/secret/", {"as_of": at}).status_code for at in range(1, 6)] == [410] * 5
    rows = Revision.objects.of("incident", ["secret"])
    assert not rows.with_content().exists()
    assert set(rows.values_list("change", "reduced").exclude(reduced=None)) == {("redacted", 4)}


def test_a_withdrawn_incident_stays_withdrawn(secret: Incident, api: APIClient) -> None:
    publishing.withdraw([secret], reason="Doubts.")
    result = publishing.reduce([Incident.objects.get(public_id="secret")], reason=REASON)

    assert result.reduced == 1
    answers = [api.get("/api/v1/incidents/secret/", {"as_of": at}) for at in range(1, 6)]
    assert [each.status_code for each in answers] == [200, 200, 200, 410, 410]
    assert answers[4].json()["tombstone"]["reason"] == "Doubts."
    assert answers[4].json()["tombstone"]["change"] == "withdrawn"
    assert not any("plugh" in each.content.decode() for each in answers)
    assert api.get("/api/v1/incidents/?as_of=5").json()["count"] == 1


def test_a_draft_is_refused_and_nothing_is_written(secret: Incident) -> None:
    secret.editorial_status = "draft"
    secret.save()
    with pytest.raises(publishing.RefusedError, match="Not marked as ready, so not reduced: secret"):
        publishing.reduce([secret], reason=REASON)
    with pytest.raises(publishing.RefusedError, match="needs a reason"):
        publishing.reduce([LocationFactory()], reason=" ")
    assert Head.objects.get().seq == 3


def test_a_record_that_was_never_public_is_published_as_any_other(api: APIClient) -> None:
    result = publishing.reduce([IncidentFactory(public_id="new")], reason=REASON)

    assert (result.reduced, result.total("redacted")) == (0, 0)
    assert api.get("/api/v1/incidents/new/").json()["revision"] == 1
    assert Head.objects.get().redacted == 0


def test_the_index_holds_what_the_documents_say(secret: Incident) -> None:
    publishing.publish([secret], reduce_because=REASON)

    before = ledger()
    assert sum(done.written for done in rebuild()) == 0
    assert ledger() == before


def test_a_copy_is_equal_whether_it_knew_the_earlier_revisions_or_not(secret: Incident, tmp_path: Path) -> None:
    early = Recorded(3)
    publishing.publish([secret], reduce_because=REASON)
    late, before, said = Recorded(3, range(5)), ledger(), answers()
    for first in (early, late):
        empty_ledger()
        mirror(first, tmp_path).catch_up()
        mirror(late, tmp_path).catch_up()
        assert ledger() == before
        assert [name for name, answer in answers().items() if said.get(name) != answer] == []


def test_releases_are_made_again_without_the_earlier_content(
    secret: Incident, settings: Any, tmp_path: Path, api: APIClient
) -> None:
    settings.VAR_DIR = tmp_path
    settings.PUBLIC_URL = "https://incidents.example.org"
    call_command("release", "first", verbosity=0)
    publishing.publish([secret], reduce_because=REASON)
    assert api.get("/api/v1/releases/first/files/incidents.csv").status_code == 410

    call_command("release", "--refresh", verbosity=0)

    answer: Any = api.get("/api/v1/releases/first/files/incidents.csv")
    content = b"".join(answer.streaming_content)
    assert b"secret" in content
    assert b"plugh" not in content


def test_an_incident_that_is_held_back_and_an_open_one_are_not_merged(secret: Incident) -> None:
    publishing.publish([secret], reduce_because=REASON)
    other = Incident.objects.get(public_id="other")
    for one, two in ((secret, other), (other, secret)):
        with pytest.raises(publishing.RefusedError, match="different precision"):
            publishing.merge(one, two, reason="The same.")
    other.place_disclosure, other.date_disclosure = "admin1", "month"
    other.save()
    publishing.publish([other], reduce_because=REASON)
    assert publishing.merge(secret, other, reason="The same.").total("merged") == 1
