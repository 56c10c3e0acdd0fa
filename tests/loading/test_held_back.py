"""Loads and incidents that editors hold back: nothing of the file comes out beside what is public of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from incidents import publishing
from incidents.models import Actor, Incident, IncidentActor, Relation, Source
from tests.factories import ActorFactory
from tests.loading.files import UNCHANGED, event, outcome, public, write

pytestmark = pytest.mark.django_db


def hold_back(**values: str) -> Incident:
    incident: Incident = Incident.objects.get(public_id="ucdp-ged-1")
    for name, value in values.items():
        setattr(incident, name, value)
    incident.save()
    return incident


def names(document: dict[str, Any]) -> list[str]:
    speakers = [report["source"] for report in document["reports"]]
    return [each["id"] for each in (*document["actors"], *speakers)]


NAMELESS = ["withheld-government", "withheld-rebel-group", "withheld-unknown"]


@pytest.mark.parametrize("is_published", [True, False], ids=["published", "not published"])
def test_a_level_holds_in_every_load_of_the_file(path: Path, is_published: bool) -> None:
    incident = hold_back(place_disclosure="admin1", date_disclosure="month")
    if is_published:
        publishing.publish([incident])
    outcome(path)
    document = public()["ucdp-ged-1"]
    assert sorted(names(document)) == sorted(NAMELESS)
    assert (document["date"]["start"], document["location"]["kind"]) == ("2014-05-01", "admin1")
    assert "Streltsau" not in orjson.dumps(document).decode()
    assert outcome(path) == UNCHANGED
    assert public()["ucdp-ged-1"] == document
    assert publishing.publish([incident]).seq is None


def test_a_correction_of_the_file_is_published_and_no_name_with_it(path: Path) -> None:
    publishing.publish([hold_back(place_disclosure="admin1")])
    before = public()["ucdp-ged-1"]
    changed = event(1, best=3, side_b="Greens", side_b_new_id=63, source_article='"Courier,2014-05-03,Three die"')
    outcome(write(path, [changed, event(2), event(3)]))
    after = public()["ucdp-ged-1"]
    assert after["casualties"]["killed"]["best"] == 3
    assert [after[name] for name in ("actors", "reports", "summary")] == [
        before[name] for name in ("actors", "reports", "summary")
    ]
    assert {each.public_id for each in Incident.objects.get(public_id="ucdp-ged-1").actors.all()} == {
        "ucdp-actor-61",
        "ucdp-actor-63",
    }


def test_an_actor_that_is_declared_safe_keeps_its_name(path: Path) -> None:
    Actor.objects.filter(public_id="ucdp-actor-61").update(safe_when_generalised=True)
    incident = hold_back(date_disclosure="year")
    army = ActorFactory(public_id="army", safe_when_generalised=True)
    IncidentActor.objects.create(incident=incident, actor=army, role="responder", certainty="confirmed")
    publishing.publish([incident])
    assert {"ucdp-actor-61", "army", "withheld-rebel-group"} < set(names(public()["ucdp-ged-1"]))
    assert outcome(path) == UNCHANGED


@pytest.mark.parametrize("other", ["ucdp-ged-2", "editors-own"])
def test_a_load_that_holds_an_incident_back_takes_it_out_of_the_relations_of_others(path: Path, other: str) -> None:
    one = Incident.objects.get(public_id="ucdp-ged-1")
    if other == "editors-own":
        Incident.objects.create(
            public_id=other, dataset=one.dataset, summary="Shots.", event_type="battle", editorial_status="ready",
            date_precision="unknown", location_precision="unknown",
        )  # fmt: skip
    Relation.objects.create(incident=one, related=Incident.objects.get(public_id=other), relation="part_of")
    publishing.publish(Incident.objects.all())
    assert public()[other]["related"] == [{"id": "ucdp-ged-1", "relation": "has_part"}]
    hold_back(place_disclosure="country")
    outcome(path)
    assert (public()[other]["related"], public()["ucdp-ged-1"]["related"]) == ([], [])
    assert outcome(path) == UNCHANGED


def test_a_source_or_an_actor_that_is_called_withheld_gets_another_id(tmp_path: Path) -> None:
    article = '"Withheld agency,2014-05-02,Two die"'
    cells = {"source_article": article, "source_office": "Withheld agency"}
    outcome(write(tmp_path / "events.csv", [event(1, **cells)]))
    (source,) = Source.objects.all()
    assert source.public_id.startswith("name-withheld-agency-")
    assert list(public("source")) == [source.public_id]
