"""What other records show of an incident that is held back: nothing, whatever is edited, merged or withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import publishing
from incidents.ledger.content import prepare
from incidents.ledger.models import Revision
from incidents.models import Actor, Incident, Relation, Source
from incidents.publishing import RefusedError, actions
from tests.factories import ActorFactory, IncidentFactory, ReportFactory, SourceFactory
from tests.ledger.test_relations_have_two_ends import related
from tests.publishing.held_back import hidden_incident, published
from tests.publishing.test_publish import document, live

pytestmark = pytest.mark.django_db

HELD_BACK = [{"place_disclosure": "country"}, {"date_disclosure": "month"}]


@pytest.fixture
def pair() -> tuple[Any, Any]:
    """Two published incidents of which the first is a part of the second."""
    one, other = IncidentFactory(public_id="one"), IncidentFactory(public_id="other")
    Relation.objects.create(incident=one, related=other, relation="part_of")
    publishing.publish([one, other])
    return one, other


@pytest.mark.parametrize("level", HELD_BACK)
def test_both_ends_of_a_relation_go_in_the_publication_that_holds_one_back(
    pair: tuple[Any, Any], level: dict[str, str]
) -> None:
    one, other = pair
    for held_back in (one, other):
        published(held_back, **level)
        assert related() == {"one": [], "other": []}
        assert Revision.objects.live().of("incident").values_list("seq", flat=True).distinct().count() == 1
        published(held_back, place_disclosure="full", date_disclosure="full")
        assert related() == {"one": [("part_of", "other")], "other": [("has_part", "one")]}


def test_an_incident_that_is_held_back_is_named_by_none_that_is_published_with_or_after_it() -> None:
    one, other = IncidentFactory(public_id="one", date_disclosure="year"), IncidentFactory(public_id="other")
    Relation.objects.create(incident=other, related=one, relation="same_episode")
    publishing.publish([one, other])
    assert related() == {"one": [], "other": []}
    published(other, summary="In other words.")
    assert related() == {"one": [], "other": []}


def test_a_level_that_is_not_published_yet_counts_already(pair: tuple[Any, Any]) -> None:
    one, other = pair
    Incident.objects.filter(pk=one.pk).update(place_disclosure="country")
    published(other, summary="In other words.")
    assert related() == {"one": [], "other": []}
    assert document("incident", "one")["disclosure"]["place"] == "full"


def test_a_level_counts_until_it_is_published_that_it_ended(pair: tuple[Any, Any]) -> None:
    one, other = pair
    published(one, place_disclosure="country")
    Incident.objects.filter(pk=one.pk).update(place_disclosure="full")
    published(other, summary="In other words.")
    assert related() == {"one": [], "other": []}


def test_an_incident_that_is_merged_into_one_held_back_leaves_it_no_relations(pair: tuple[Any, Any]) -> None:
    one, other = pair
    target = IncidentFactory(public_id="target", place_disclosure="country")
    publishing.publish([target])
    one.place_disclosure = "country"  # else the merger would tell which one it is
    one.save()
    publishing.publish([one], reduce_because="For safety.")
    publishing.merge(one, target, reason="Told twice.")
    assert related() == {"other": [], "target": []}
    published(other, summary="In other words.")
    published(target, killed_best=1)
    assert related() == {"other": [], "target": []}


def test_a_merged_actor_takes_none_of_those_without_a_name_with_it() -> None:
    actors = [ActorFactory(safe_when_generalised=True) for _ in range(2)] + [ActorFactory(), ActorFactory()]
    incident: Any = IncidentFactory(
        public_id="one", date_disclosure="year", actors=[(each, "target") for each in actors]
    )
    publishing.publish([incident])
    publishing.merge(actors[0], actors[1], reason="The same.")
    assert [each["id"] for each in document("incident", "one")["actors"]] == [
        actors[1].public_id,
        *["withheld-partisans"] * 2,
    ]
    assert publishing.publish([incident]).seq is None


def test_an_actor_that_keeps_its_name_is_not_merged_into_one_that_does_not() -> None:
    army, band = ActorFactory(safe_when_generalised=True), ActorFactory(name="The band of one town")
    publishing.publish([IncidentFactory(date_disclosure="year", actors=[(army, "target")]), band])
    with pytest.raises(RefusedError, match="keeps its name on incidents whose place or date is coarsened"):
        publishing.merge(army, band, reason="The same.")


def test_a_source_that_only_held_back_incidents_rest_on_can_be_withdrawn() -> None:
    source = SourceFactory(public_id="paper")
    publishing.publish([source, IncidentFactory(place_disclosure="country", reports=[ReportFactory(source=source)])])
    publishing.withdraw([source], reason="Closed.")
    assert live("source") == []


def test_a_corrected_name_of_a_source_or_a_place_changes_no_incident_that_withholds_it() -> None:
    incident: Any = hidden_incident()
    source, actor = Source.objects.get(public_id="hiddenham-paper"), Actor.objects.get(public_id="hiddenham-band")
    publishing.publish([source, actor, incident.location])
    published(incident, place_disclosure="country")
    for record in (source, actor, incident.location):
        record.name = "Corrected"
        record.save()
    publishing.publish([source, actor, incident.location])
    assert document("incident", "one")["revision"] == 1


def test_a_number_of_incidents_that_are_held_back_is_published_in_one_number_of_queries() -> None:
    counts = []
    for number in (2, 12):
        incidents = [
            IncidentFactory(place_disclosure="country", reports=[ReportFactory()], actors=[(ActorFactory(), "target")])
            for _ in range(number)
        ]
        with CaptureQueriesContext(connection) as queries:
            publishing.publish(incidents)
        counts.append([query["sql"] for query in queries if 'FROM "ledger_revision"' in query["sql"]])
    assert len(counts[1]) == len(counts[0])


@pytest.mark.parametrize("factory", [SourceFactory, ActorFactory])
def test_no_source_or_actor_can_have_an_id_that_stands_for_one_without_a_name(factory: Any) -> None:
    record = factory(public_id="withheld-witness")
    with pytest.raises(ValidationError, match="stand for names that are withheld"):
        record.full_clean()
    with pytest.raises(RefusedError, match="withheld-witness – public_id: Ids that begin with “withheld-”"):
        publishing.publish([record])
    content = {"id": "withheld-witness"}
    with pytest.raises(RefusedError, match=r"withheld-witness cannot be published\. Ids that begin with “withheld-”"):
        prepare(record._meta.model_name, content, 1, "2026-01-01T00:00:00Z", "", {})


def test_the_order_within_a_publication_is_that_of_the_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "CHUNK", 1)
    made = [IncidentFactory(public_id=f"one-{number}") for number in (3, 1, 2)]

    def feed(seq: int | None) -> list[str]:
        rows = Revision.objects.filter(kind="incident", seq=seq or 0).order_by("id")
        return list(rows.values_list("record_id", flat=True))

    expected = ["one-1", "one-2", "one-3"]
    assert feed(publishing.publish(made).seq) == expected
    assert feed(publishing.reduce(made, reason="For safety.").seq)[-3:] == expected
    assert feed(publishing.withdraw(made, reason="No incidents.").seq) == expected
