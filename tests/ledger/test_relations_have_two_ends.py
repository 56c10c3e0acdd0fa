"""Both ends of a relation say the same at every publication, whichever end is edited, merged or withdrawn."""

from __future__ import annotations

from typing import Any

import pytest

from incidents import publishing
from incidents.ledger.models import Revision
from incidents.models import Incident, Relation
from tests.factories import IncidentFactory
from tests.publishing.test_publish import document
from tests.worlds import world

pytestmark = pytest.mark.django_db


def related() -> dict[str, list[tuple[str, str]]]:
    """Return the relations of every public incident."""
    public = Revision.objects.live().of("incident").order_by("record_id")
    return {
        name: [(item["relation"], item["id"]) for item in document("incident", name)["related"]]
        for name in public.values_list("record_id", flat=True)
    }


@world
def incidents() -> dict[str, Any]:
    """Four published incidents: two and three are parts of one, one answers four."""
    made = {name: IncidentFactory(public_id=name) for name in ("one", "two", "three", "four")}
    for name, relation, other in (
        ("two", "part_of", "one"),
        ("three", "part_of", "one"),
        ("one", "retaliation_for", "four"),
    ):
        Relation.objects.create(incident=made[name], related=made[other], relation=relation)
    publishing.publish(made.values())
    assert related() == {
        "four": [("retaliated_by", "one")],
        "one": [("retaliation_for", "four"), ("has_part", "three"), ("has_part", "two")],
        "three": [("part_of", "one")],
        "two": [("part_of", "one")],
    }
    return made


def test_publishing_either_end_of_a_relation_that_ended_ends_it_at_both(incidents: dict[str, Any]) -> None:
    Relation.objects.filter(relation="part_of").delete()
    publishing.publish([incidents["two"]])
    assert related() == {
        "four": [("retaliated_by", "one")],
        "one": [("retaliation_for", "four"), ("has_part", "three")],
        "three": [("part_of", "one")],
        "two": [],
    }
    publishing.publish([incidents["one"]])
    assert related() == {
        "four": [("retaliated_by", "one")],
        "one": [("retaliation_for", "four")],
        "three": [],
        "two": [],
    }


def test_a_relation_that_changes_its_kind_changes_it_at_both_ends(incidents: dict[str, Any]) -> None:
    Relation.objects.filter(incident=incidents["one"]).update(relation="possible_duplicate")
    publishing.publish([incidents["four"]])
    assert related()["four"] == [("possible_duplicate", "one")]
    assert related()["one"][0] == ("possible_duplicate", "four")


def test_a_merged_incident_leaves_its_relations_both_ways_to_its_target(incidents: dict[str, Any]) -> None:
    target = IncidentFactory(public_id="target")
    Relation.objects.create(incident=target, related=incidents["one"], relation="possible_duplicate")
    publishing.publish([target])
    publishing.merge(incidents["one"], target, reason="Told twice.")
    now = {
        "four": [("retaliated_by", "target")],
        "target": [("retaliation_for", "four"), ("has_part", "three"), ("has_part", "two")],
        "three": [("part_of", "target")],
        "two": [("part_of", "target")],
    }
    assert related() == now
    assert publishing.publish(Incident.objects.exclude(public_id="one")).seq is None
    assert related() == now


def test_what_comes_back_after_a_withdrawal_has_its_relations_again(incidents: dict[str, Any]) -> None:
    before = related()
    publishing.withdraw([incidents["one"], incidents["two"]], reason="Doubts.")
    assert related() == {"four": [], "three": []}
    publishing.publish([incidents["one"], incidents["two"]])
    assert related() == before


def test_a_relation_to_a_draft_is_told_by_neither_end(incidents: dict[str, Any]) -> None:
    before = related()
    draft = IncidentFactory(public_id="draft", editorial_status="draft")
    Relation.objects.create(incident=incidents["four"], related=draft, relation="same_episode")
    Relation.objects.create(incident=draft, related=incidents["four"], relation="part_of")
    assert publishing.publish([*incidents.values(), draft]).seq is None
    assert related() == before


def test_documents_come_in_the_order_in_which_they_are_asked_for(incidents: dict[str, Any]) -> None:
    for asked in (["two", "four", "one"], ["one", "two", "four"]):
        assert list(Revision.objects.live_documents("incident", asked)) == asked
    assert list(Revision.objects.live_documents("incident", ["two", "missing", "four"])) == ["two", "four"]


def test_other_ends_are_written_by_their_ids_and_not_by_when_they_last_changed(incidents: dict[str, Any]) -> None:
    incidents["four"].summary = "Told anew."
    incidents["four"].save()
    publishing.publish([incidents["four"]])
    withdrawn = publishing.withdraw([incidents["one"]], reason="Wrong.")
    assert withdrawn.seq is not None
    written = Revision.objects.filter(seq=withdrawn.seq, kind="incident", change="changed").order_by("id")
    assert list(written.values_list("record_id", flat=True)) == ["four", "three", "two"]
