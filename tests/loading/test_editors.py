"""What editors did to a loaded incident outlives the next load of its file."""

from pathlib import Path

import pytest
from django.core.management import CommandError
from django.utils import timezone

from incidents import publishing
from incidents.models import Actor, Claim, Incident, Location, Report, Source
from incidents.publishing.text_confirmations import confirm_text
from tests.loading.files import UNCHANGED, event, events, load, outcome, public, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(path: Path) -> Incident:
    incident: Incident = Incident.objects.get(public_id="ucdp-ged-1")
    return incident


def test_claims_and_tags_of_the_editors_stay(path: Path, incident: Incident) -> None:
    claim = {"report": Report.objects.get(), "field": "killed", "value": 2, "adopted": True}
    Claim.objects.create(incident=incident, **claim)
    incident.tags, incident.injured_best, incident.date_remark = ["market"], 4, "On a market day."
    incident.save()
    publishing.publish([incident])
    assert outcome(path) == UNCHANGED
    outcome(write(path, [event(1, best=3), event(2), event(3)]))
    document = public()["ucdp-ged-1"]
    assert document["casualties"]["killed"]["best"] == 3
    assert document["casualties"]["injured"]["best"] == 4
    assert [each["field"] for each in document["claims"]] == ["killed"]
    assert (document["tags"], document["date"]["remark"]) == (["market"], "On a market day.")
    incident.refresh_from_db()
    assert (incident.killed_best, incident.injured_best, incident.tags) == (3, 4, ["market"])
    assert Claim.objects.count() == 1


def test_publishing_a_loaded_incident_by_hand_changes_nothing(path: Path) -> None:
    result = publishing.publish(list(Incident.objects.all()))
    assert result.seq is None
    assert outcome(path) == UNCHANGED


def test_what_is_held_back_stays_held_back(path: Path, incident: Incident) -> None:
    incident.place_disclosure = "admin1"
    incident.summary = "Two deaths in the Northern Province."
    confirm_text(incident, "summary", reason="A province.", author="e", at=timezone.now())
    incident.save()
    publishing.publish([incident])
    assert outcome(path) == UNCHANGED
    outcome(write(path, [event(1, low=1), event(2), event(3)]))
    document = public()["ucdp-ged-1"]
    assert document["casualties"]["killed"]["low"] == 1
    assert document["summary"] == "Two deaths in the Northern Province."
    assert "Streltsau" not in str(document)


def test_a_disclosure_that_is_not_published_yet_is_heeded_already(path: Path, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(place_disclosure="admin1", summary="Two deaths.")
    outcome(path)
    assert "Streltsau" not in str(public()["ucdp-ged-1"])


def test_an_incident_that_the_editors_rejected_is_left_out_and_told(path: Path, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(editorial_status="rejected")
    publishing.withdraw([incident], reason="A duplicate.")
    lines, _ = load(path)
    assert "note: rows whose incident the editors rejected; left out: 1, on line 2" in lines
    assert "ucdp-ged-1" not in public()


def test_a_merged_or_redacted_incident_does_not_come_back(path: Path, incident: Incident) -> None:
    publishing.merge(incident, Incident.objects.get(public_id="ucdp-ged-2"), reason="The same.")
    publishing.redact(Incident.objects.get(public_id="ucdp-ged-3"), reason="Safety.")
    lines, _ = load(path)
    assert "note: rows whose incident was merged or redacted; left out: 2, on lines 2, 4" in lines
    assert set(public()) == {"ucdp-ged-2"}


def test_merged_places_sources_and_actors_are_the_ones_they_went_into(path: Path) -> None:
    country = Location.objects.get(kind="country")
    town = Location.objects.create(public_id="streltsau", name="Strelsau", kind="settlement", parent=country)
    agency = Source.objects.create(public_id="the-agency", name="The Agency", kind="news_agency")
    blues = Actor.objects.create(public_id="blues", name="The Blues", kind="rebel_group")
    publishing.publish([town, agency, blues])
    publishing.merge(Location.objects.get(name="Streltsau town"), town, reason="Misspelt.")
    publishing.merge(Source.objects.get(public_id="agency"), agency, reason="The same.")
    publishing.merge(Actor.objects.get(public_id="ucdp-actor-62"), blues, reason="The same.")
    outcome(write(path, [*events(3), event(4)]))
    document = public()["ucdp-ged-4"]
    assert document["location"]["id"] == "streltsau"
    assert document["reports"][0]["source"]["id"] == "the-agency"
    assert [each["id"] for each in document["actors"]] == ["ucdp-actor-61", "blues"]


def test_names_that_the_editors_corrected_stay(path: Path) -> None:
    town = Location.objects.get(name="Streltsau town")
    town.name = "Strelsau"
    town.save()
    publishing.publish([town])
    assert outcome(path) == UNCHANGED
    assert public()["ucdp-ged-1"]["location"]["name"] == "Strelsau"


def test_an_edit_that_is_not_published_is_not_published_by_a_load(path: Path) -> None:
    Source.objects.filter(public_id="agency").update(name="An unpublished thought")
    outcome(write(path, events(4)))
    assert "unpublished" not in str(public())
    assert "unpublished" not in str(public("source"))


def test_an_actor_under_two_names_is_told(path: Path) -> None:
    lines, _ = load(write(path, [*events(3), event(4, side_b="Blue Front")]))
    assert "note: actor ucdp-actor-62 is called by more than one name: Blue Front, Blues" in lines


def test_a_source_that_was_redacted_stops_the_load(tmp_path: Path) -> None:
    source = Source.objects.create(public_id="agency", name="Agency", kind="unknown")
    publishing.publish([source])
    publishing.redact(source, reason="Safety.")
    with pytest.raises(CommandError, match="source agency was redacted"):
        load(write(tmp_path / "events.csv", events(3)))
    assert public() == {}
