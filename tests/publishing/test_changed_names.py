"""Names and points that are taken away at whatever level of disclosure: asked about, and reduced if wanted."""

from __future__ import annotations

from typing import Any

import pytest

from incidents import publishing
from incidents.ledger.models import Revision
from incidents.models import Incident, Location, PublicRecord, Report
from incidents.publishing.changed_names import is_less_specific
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db

REASON = "For the safety of people."


@pytest.fixture
def incident() -> Incident:
    """A published incident with a point of its own, an actor and a report."""
    paper = SourceFactory(public_id="paper", name="Paper of Petrenko")
    report = ReportFactory(
        public_id="paper-1", source=paper, title="Petrenko shot", url="https://example.org/1", archive_url=""
    )
    band = ActorFactory(public_id="band", name="Band of Petrenko")
    town = LocationFactory(public_id="town", latitude=49.0, longitude=39.0)
    made = IncidentFactory(
        public_id="one", location=town, reports=[report], actors=[(band, "target")], latitude=49.25, longitude=39.25
    )
    publishing.publish([made])
    return made


def changed(record: PublicRecord, **values: Any) -> dict[str, tuple[bool, dict[str, Any]]]:
    """Publish a record with other values; returns what stays readable, and whether that looks like a generalisation."""
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    noted = publishing.publish([record]).still_readable
    return {each.id: (each.is_coarser, {**each.values}) for each in noted}


def with_report(incident: Incident, **values: Any) -> dict[str, tuple[bool, dict[str, Any]]]:
    Report.objects.update(**values)
    return changed(incident)


@pytest.mark.parametrize(
    ("after", "coarser"),
    [
        ("Paper", True),
        ("News outlet (name withheld)", True),
        ("Anonymous", True),
        ("PAPER OF PETRENKO", False),
        ("Paper of Petrenka", False),
        ("Gazette", False),
        ("The Paper of Petrenko", False),
    ],
)
@pytest.mark.parametrize("kind", ["source", "actor"])
def test_a_source_or_an_actor_of_another_name_is_noted(kind: str, after: str, *, coarser: bool) -> None:
    made = {"source": SourceFactory, "actor": ActorFactory}[kind](public_id="one", name="Paper of Petrenko")
    publishing.publish([made])
    assert changed(made, name=after) == {"one": (coarser, {"name": ["Paper of Petrenko"]})}


def test_a_name_in_other_letters_of_the_same_words_is_no_less_specific() -> None:
    assert not is_less_specific("Газета", "ГАЗЕТА")


def test_incidents_are_not_noted_for_the_names_of_who_speaks(incident: Incident) -> None:
    assert set(changed(incident.reports.get().source, name="Gazette")) == {"paper"}


def test_what_reports_and_actors_lose_is_noted(incident: Incident) -> None:
    url = {"reports.url": ["https://example.org/1"]}
    assert with_report(incident, title="Shots") == {"one": (False, {"reports.title": ["Petrenko shot"]})}
    assert with_report(incident, title="") == {"one": (True, {"reports.title": ["Shots"]})}
    assert with_report(incident, url="https://example.org/2") == {}
    assert with_report(incident, url="") == {"one": (True, {"reports.url": ["https://example.org/2"]})}
    assert with_report(incident, title="Shots", url=url["reports.url"][0]) == {}
    incident.evidence.all().delete()
    assert changed(incident) == {"one": (False, {"reports.title": ["Shots"]} | url)}
    incident.participations.all().delete()
    assert changed(incident) == {"one": (False, {"actors.name": ["Band of Petrenko"]})}


def test_an_own_point_that_gives_way_to_that_of_the_place_is_noted(incident: Incident) -> None:
    lost = {"location.latitude": [49.25], "location.longitude": [39.25]}
    assert changed(incident, latitude=None, longitude=None) == {"one": (True, lost)}


def test_another_point_is_a_correction(incident: Incident) -> None:
    assert changed(incident, latitude=49.5, longitude=39.5) == {}


def test_a_place_that_moves_takes_its_incidents_with_it_unasked(incident: Incident) -> None:
    changed(incident, latitude=None, longitude=None)
    town = Location.objects.get()
    assert changed(town, latitude=49.75) == {}
    town.latitude = 50.0
    town.save()
    assert not publishing.publish([incident, town]).still_readable


def test_own_points_of_incidents_at_a_place_that_moves_are_noted(incident: Incident) -> None:
    town = Location.objects.get()
    town.latitude = 50.0
    town.save()
    incident.latitude = incident.longitude = None
    incident.save()
    assert [each.id for each in publishing.publish([incident, town]).still_readable] == ["one"]


def test_reducing_takes_the_name_and_the_point_out_of_history(incident: Incident) -> None:
    source = incident.reports.get().source
    source.name = "Paper"
    source.save()
    Report.objects.update(title="")
    incident.latitude = incident.longitude = None
    incident.save()
    incident.participations.all().delete()
    publishing.publish([source, incident], reduce_because=REASON)
    documents = "".join(Revision.objects.filter(kind__in=["source", "incident"]).values_list("document", flat=True))
    assert "49.25" not in documents
    assert "Petrenko" not in documents


def test_only_what_is_coarser_is_reduced_unless_somebody_chose_so(incident: Incident) -> None:
    first, second = SourceFactory(name="Paper One"), SourceFactory(name="Paper Two")
    publishing.publish([first, second])
    first.name, second.name = "Paper", "Gazette"
    first.save()
    second.save()
    noted = publishing.what_stays_readable([first, second])
    assert [each.id for each in noted.coarser()] == [first.public_id]
    assert noted.by_kind(coarser=True) == {"source": [first.public_id]}
    assert noted.by_kind() == {"source": [first.public_id, second.public_id]}
    assert noted.note_on_names().startswith("note: other names or titles than published before, or fewer actors or")
