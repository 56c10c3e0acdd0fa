"""Publishing writes revisions, entries and one publication; what did not change writes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from incidents import publishing
from incidents.ledger.content import prepare
from incidents.ledger.models import Head, IncidentEntry, Publication, Revision
from incidents.models import Claim, Location, PlaceName, Relation, Source
from incidents.publishing import RefusedError, render
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db


def document(kind: str, record_id: str) -> dict[str, Any]:
    text = Revision.objects.live().of(kind).get(record_id=record_id).document
    return orjson.loads(text)  # type: ignore[no-any-return]  # JSON has no type before it is read


def live(kind: str) -> list[str]:
    return sorted(Revision.objects.live().of(kind).values_list("record_id", flat=True))


def test_publishing_an_incident_makes_everything_public_that_it_shows() -> None:
    region = LocationFactory(public_id="region", kind="admin1", name="Region")
    town = LocationFactory(public_id="town", name="Town", parent=region)
    report = ReportFactory(source__public_id="paper", relays=SourceFactory(public_id="channel"))
    incident = IncidentFactory(
        public_id="one",
        dataset__public_id="data",
        location=town,
        reports=[report],
        actors=[(ActorFactory(public_id="group"), "alleged_perpetrator")],
    )
    result = publishing.publish([incident])
    assert result.seq == 1
    assert {kind: live(kind) for kind in ("dataset", "location", "source", "actor", "incident")} == {
        "dataset": ["data"],
        "location": ["region", "town"],
        "source": ["channel", "paper"],
        "actor": ["group"],
        "incident": ["one"],
    }
    shown = document("incident", "one")
    assert shown["location"]["admin1"] == "Region"
    assert shown["reports"][0]["relays"]["id"] == "channel"
    assert shown["revision"] == 1
    assert Head.objects.get().totals == {"dataset": 1, "location": 2, "source": 2, "actor": 1, "incident": 1}


def test_publishing_what_did_not_change_writes_nothing() -> None:
    incident = IncidentFactory()
    publishing.publish([incident])
    before = (
        list(Revision.objects.values()),
        list(Publication.objects.values()),
        Head.objects.values().get(),
    )
    result = publishing.publish([incident])
    assert result.seq is None
    assert (
        list(Revision.objects.values()),
        list(Publication.objects.values()),
        Head.objects.values().get(),
    ) == before


def test_a_correction_is_a_new_revision_that_names_what_changed() -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident])
    incident.killed_best = 2
    incident.save()
    publishing.publish([incident])
    rows = Revision.objects.filter(kind="incident").order_by("number").values_list("number", "seq", "retired", "fields")
    assert list(rows) == [(1, 1, 2, ""), (2, 2, None, "casualties")]


def test_publishing_a_place_renders_the_published_incidents_that_show_it_again() -> None:
    region = LocationFactory(public_id="region", kind="admin1", name="Region")
    town = LocationFactory(public_id="town", parent=region)
    incident = IncidentFactory(public_id="one", location=town, summary="Published words.")
    publishing.publish([incident])
    incident.summary = "Words that are still being edited."
    incident.save()
    region.name = "Oblast"
    region.save()
    result = publishing.publish([region])
    assert result.counts["incident"] == {"added": 0, "changed": 1, "unchanged": 0}
    shown = document("incident", "one")
    assert (shown["location"]["admin1"], shown["summary"]) == ("Oblast", "Published words.")
    assert document("location", "town")["admin1"] == "Oblast"


def test_a_new_name_of_a_place_finds_its_incidents_from_then_on_without_a_new_revision() -> None:
    incident = IncidentFactory(public_id="one", location=LocationFactory(public_id="town"))
    publishing.publish([incident])
    PlaceName.objects.create(location=incident.location, name="Сєвєродонецьк", language="uk")
    publishing.publish([Location.objects.get()])
    entries = IncidentEntry.objects.order_by("seq").values_list("seq", "retired", "revision_id")
    assert [row[:2] for row in entries] == [(1, 2), (2, None)]
    assert Revision.objects.filter(kind="incident").count() == 1


def test_an_incident_that_is_not_ready_is_left_out_and_named() -> None:
    draft = IncidentFactory(public_id="draft", editorial_status="draft")
    result = publishing.publish([draft])
    assert (result.seq, result.unready, Revision.objects.count()) == (None, ["draft"], 0)


def test_a_related_incident_appears_only_once_it_is_public_and_points_back() -> None:
    one, two = IncidentFactory(public_id="one"), IncidentFactory(public_id="two")
    Relation.objects.create(incident=one, related=two, relation="part_of")
    publishing.publish([one])
    assert document("incident", "one")["related"] == []
    publishing.publish([two])
    assert document("incident", "one")["related"] == [{"id": "two", "relation": "part_of"}]
    assert document("incident", "two")["related"] == [{"id": "one", "relation": "has_part"}]


def test_one_query_count_holds_however_much_an_incident_shows() -> None:
    def rich(number: int) -> Any:
        incident = IncidentFactory(
            reports=[ReportFactory() for _ in range(number)],
            actors=[(ActorFactory(), "target") for _ in range(number)],
        )
        for position, evidence in enumerate(incident.evidence.all()):
            Claim.objects.create(incident=incident, report=evidence.report, field="killed", value=1, position=position)
        return incident

    counts = []
    for number in (1, 12):
        incident = rich(number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            publishing.publish([incident])
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_invalid_incident_is_refused_with_its_id_and_field() -> None:
    good = IncidentFactory(public_id="good")
    bad = IncidentFactory(public_id="bad", event_type="battle", event_subtype="leaflets")
    with pytest.raises(RefusedError, match="bad – event_subtype: “Leaflets or posters” is a kind of threat"):
        publishing.publish([good, bad])
    assert Revision.objects.count() == 0


def test_a_held_back_place_does_not_become_public() -> None:
    country = LocationFactory(public_id="country", kind="country")
    region = LocationFactory(public_id="region", kind="admin1", name="Region", parent=country, latitude=48.0)
    town = LocationFactory(public_id="town", name="Smalltown", parent=region)
    incident = IncidentFactory(
        public_id="one", location=town, place_disclosure="admin1", location_as_reported="near Smalltown"
    )
    publishing.publish([incident])
    assert live("location") == ["country", "region"]
    assert not Revision.objects.filter(document__contains="Smalltown").exists()
    shown = document("incident", "one")["location"]
    assert (shown["id"], shown["latitude"], shown["precision"], shown["radius_km"]) == (
        "region",
        48.0,
        "admin1",
        200.0,
    )


def test_a_coarser_date_is_widened_to_whole_months() -> None:
    incident = IncidentFactory(
        public_id="one", date_disclosure="month", date_start=date(2024, 2, 9), date_end=date(2024, 2, 9)
    )
    publishing.publish([incident])
    shown = document("incident", "one")["date"]
    assert shown == {
        "start": "2024-02-01",
        "end": "2024-02-29",
        "precision": "month",
        "remark": None,
        "time": None,
        "time_zone": None,
    }


def test_half_a_point_is_no_point() -> None:
    for factory in (IncidentFactory, LocationFactory):
        with pytest.raises(IntegrityError), transaction.atomic():
            factory(latitude=49.0, longitude=None)


def test_a_claim_from_a_report_that_the_incident_does_not_rest_on_is_refused() -> None:
    incident = IncidentFactory(public_id="one")
    Claim.objects.create(incident=incident, report=ReportFactory(public_id="other"), field="killed", value=1)
    with pytest.raises(RefusedError, match="one – claims: killed: 1 is from other, not one of its reports"):
        publishing.publish([incident])


def test_an_edited_place_stays_as_published_until_it_is_published_itself() -> None:
    town = LocationFactory(public_id="town", name="Published name")
    publishing.publish([IncidentFactory(location=town)])
    Location.objects.filter(pk=town.pk).update(name="Edited name")
    town.refresh_from_db()
    publishing.publish([IncidentFactory(public_id="two", location=town)])
    assert document("incident", "two")["location"]["name"] == "Published name"


@pytest.mark.parametrize(("name", "is_taken"), [("a\0b", False), ("written \\u0000, not meant", True)])
def test_no_text_with_a_nul_character_is_published(name: str, is_taken: bool) -> None:
    content = render.source_content(Source(public_id="odd", name=name))
    if is_taken:
        assert prepare("source", content, 1, "2026-01-01T00:00:00Z", "", {}).id == "odd"
        return
    with pytest.raises(RefusedError, match="source odd contains a NUL character"):
        prepare("source", content, 1, "2026-01-01T00:00:00Z", "", {})
