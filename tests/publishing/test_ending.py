"""Withdrawing, merging and redacting leave tombstones; the past stays as it was, except for a redaction."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import publishing
from incidents.ledger.models import Head, IncidentEntry, Revision
from incidents.models import Incident, Location, Relation
from incidents.publishing import RefusedError
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.publishing.test_publish import document

pytestmark = pytest.mark.django_db


def test_a_withdrawal_is_a_tombstone_that_no_reader_sees_in_a_list() -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident])
    publishing.withdraw([incident], reason="Did not happen.")
    rows = Revision.objects.filter(kind="incident").order_by("number")
    assert [(row.change, row.seq, row.retired, row.reason) for row in rows] == [
        ("added", 1, 2, ""),
        ("withdrawn", 2, 2, "Did not happen."),
    ]
    assert Head.objects.get().totals["incident"] == 0
    assert not IncidentEntry.objects.live().exists()


def test_a_withdrawn_incident_can_come_back() -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident])
    publishing.withdraw([incident], reason="Doubts.")
    incident.refresh_from_db()
    assert publishing.publish([incident]).unready == ["one"]
    Incident.objects.update(editorial_status="ready")
    incident.refresh_from_db()
    publishing.publish([incident])
    assert document("incident", "one")["revision"] == 3
    assert Head.objects.get().totals["incident"] == 1


def test_a_withdrawal_needs_a_reason_and_a_public_record() -> None:
    incident = IncidentFactory(public_id="one")
    with pytest.raises(RefusedError, match="needs a reason"):
        publishing.withdraw([incident], reason=" ")
    with pytest.raises(RefusedError, match="one is not public"):
        publishing.withdraw([incident], reason="No.")


def test_a_place_that_incidents_show_cannot_be_withdrawn() -> None:
    incident = IncidentFactory(public_id="one", location=LocationFactory(public_id="town"))
    publishing.publish([incident])
    with pytest.raises(RefusedError, match="location town cannot be withdrawn: one still shows it"):
        publishing.withdraw([Location.objects.get()], reason="Twice.")


def test_relations_to_a_withdrawn_incident_end() -> None:
    one, two = IncidentFactory(public_id="one"), IncidentFactory(public_id="two")
    Relation.objects.create(incident=one, related=two, relation="same_episode")
    publishing.publish([one, two])
    publishing.withdraw([two], reason="Wrong.")
    assert document("incident", "one")["related"] == []


def test_merging_places_moves_incidents_and_working_records_to_the_target() -> None:
    old, new = LocationFactory(public_id="old"), LocationFactory(public_id="new", name="New")
    incident = IncidentFactory(public_id="one", location=old)
    publishing.publish([incident, new])
    publishing.merge(old, new, reason="The same town.")
    assert document("incident", "one")["location"]["id"] == "new"
    assert Incident.objects.get().location == new
    tombstone = Revision.objects.get(kind="location", record_id="old", change="merged")
    assert (tombstone.target, tombstone.reason) == ("new", "The same town.")
    assert publishing.publish([incident]).seq is None


def test_merging_sources_and_actors_changes_every_mention() -> None:
    old, new = SourceFactory(public_id="old"), SourceFactory(public_id="new")
    group, other = ActorFactory(public_id="group"), ActorFactory(public_id="other")
    report = ReportFactory(source=old)
    incident = IncidentFactory(public_id="one", reports=[report], actors=[(group, "target"), (other, "target")])
    publishing.publish([incident, new])
    publishing.merge(old, new, reason="The same outlet.")
    publishing.merge(group, other, reason="The same group.")
    shown = document("incident", "one")
    assert shown["reports"][0]["source"]["id"] == "new"
    assert [actor["id"] for actor in shown["actors"]] == ["other"]
    assert publishing.publish([incident]).seq is None


def test_merging_incidents_sends_relations_to_the_target() -> None:
    one, two, three = (IncidentFactory(public_id=name) for name in ("one", "two", "three"))
    Relation.objects.create(incident=three, related=one, relation="part_of")
    publishing.publish([one, two, three])
    publishing.merge(one, two, reason="Reported twice.")
    assert document("incident", "three")["related"] == [{"id": "two", "relation": "part_of"}]


def test_a_redaction_empties_all_history_and_leaves_the_reason() -> None:
    incident = IncidentFactory(public_id="one", summary="Dangerous words.")
    publishing.publish([incident])
    incident.killed_best = 1
    incident.save()
    publishing.publish([incident])
    publishing.redact(incident, reason="Puts a witness in danger.")
    rows = Revision.objects.filter(kind="incident").order_by("number")
    assert [(row.change, row.document, row.reason) for row in rows] == [
        ("added", "", ""),
        ("changed", "", ""),
        ("redacted", "", "Puts a witness in danger."),
    ]
    assert not IncidentEntry.objects.exists()
    assert Head.objects.get().redacted == 3
    Incident.objects.update(editorial_status="ready")
    incident.refresh_from_db()
    with pytest.raises(RefusedError, match="one was redacted"):
        publishing.publish([incident])


def test_a_preview_shows_what_would_change_and_writes_nothing() -> None:
    incident = IncidentFactory(public_id="one", editorial_status="draft")
    first = publishing.preview(incident)
    assert (first.published, first.problem, first.working is not None) == (None, "", True)
    assert Revision.objects.count() == 0
    Incident.objects.update(editorial_status="ready")
    incident.refresh_from_db()
    publishing.publish([incident])
    incident.killed_best = 3
    incident.save()
    assert publishing.preview(incident).changed == ["casualties"]
    assert Head.objects.get().seq == 1


def test_a_preview_of_a_place_costs_the_same_however_many_incidents_show_it() -> None:
    counts = []
    for number in (1, 20):
        town = LocationFactory()
        publishing.publish([IncidentFactory(location=town) for _ in range(number)])
        Location.objects.filter(pk=town.pk).update(name="Another name")
        town.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            assert publishing.preview(town).changed == ["name"]
        counts.append(len(queries))
    assert counts[0] == counts[1]
