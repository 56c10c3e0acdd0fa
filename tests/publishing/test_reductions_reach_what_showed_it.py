"""A reduction reaches whatever showed, held or was merged into a record, however many are reduced at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.reindex import rebuild
from incidents.models import Dataset, Incident, Location, Relation
from incidents.publishing.reducing import incidents_of_reports
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.ledger.dump import dump
from tests.ledger.test_redactions_reach_all_of_the_past import told
from tests.mirroring.recorded import Recorded, empty_ledger, mirror
from tests.mirroring.telling import ledger

pytestmark = pytest.mark.django_db

SECRET = "plugh"
REASON = "For safety."


def text(api: APIClient, address: str) -> str:
    answer: Any = api.get(f"/api/v1/{address}")
    body: str = answer.content.decode()
    return body


def count(api: APIClient, address: str) -> int:
    answer: Any = api.get(f"/api/v1/{address}")
    found: int = answer.json()["count"]
    return found


def assert_index_is_right() -> None:
    assert sum(done.written for done in rebuild()) == 0


@pytest.fixture
def region() -> Location:
    """A region whose name must go."""
    made: Location = LocationFactory(public_id="region", name="plughregion", kind="admin1")
    return made


def rename(record: Any, name: str) -> Any:
    record.name = name
    record.save()
    return record


def test_places_and_ended_incidents_within_a_reduced_area_lose_its_name(region: Location, api: APIClient) -> None:
    district = LocationFactory(public_id="district", name="District", kind="admin2", parent=region)
    town = LocationFactory(public_id="town", name="Town", parent=district)
    one, two = (IncidentFactory(public_id=name, location=town) for name in ("one", "two"))
    publishing.publish([one, two])
    publishing.withdraw([two], reason="Doubts.")

    publishing.reduce([rename(region, "Region")], reason=REASON)

    assert told(dump("ledger_"), SECRET) == []
    for address in ("locations/town/revisions/", "locations/district/?as_of=1", "incidents/two/?as_of=1"):
        assert SECRET not in text(api, address)
    assert count(api, "locations/?admin1=plughregion&as_of=1") == 0
    assert count(api, "locations/?admin1=Region&as_of=1") == 3  # itself too
    assert_index_is_right()


def test_incidents_are_not_found_by_removed_spellings_and_former_areas(api: APIClient) -> None:
    area = LocationFactory(public_id="area", kind="other", latitude=None, longitude=None)
    town = LocationFactory(public_id="town", name="Town", parent=area)
    spelling = town.names.create(name="plughname", language="en", kind="variant")
    publishing.publish([IncidentFactory(public_id="one", location=town)])
    spelling.delete()
    town.parent = None
    town.save()

    publishing.reduce([Location.objects.get(pk=town.pk)], reason=REASON)

    assert count(api, "incidents/?q=plughname&as_of=1") == count(api, "incidents/?location=area&as_of=1") == 0
    assert count(api, "incidents/?location=town&as_of=1") == 1
    assert_index_is_right()


def with_own_field(value: str, **declared: Any) -> tuple[Dataset, Incident]:
    dataset = DatasetFactory(public_id="own")
    dataset.own_fields.create(name="weapon", type="text", label="Weapon", **declared)
    incident = IncidentFactory(public_id="one", dataset=dataset, attributes={"weapon": value}, location=None)
    return dataset, incident


def test_incidents_with_own_fields_are_reduced_and_indexed(api: APIClient) -> None:
    _, incident = with_own_field("rifle", generalised="keep")
    incident.location = LocationFactory(public_id="plughville")
    incident.save()
    publishing.publish([incident])
    assert_index_is_right()
    incident.place_disclosure = "country"
    incident.save()

    publishing.publish([incident], reduce_because=REASON)

    before = text(api, "incidents/one/?as_of=1")
    assert "rifle" in before
    assert SECRET not in before
    assert_index_is_right()


@pytest.mark.parametrize("turned", [False, True])
def test_a_place_and_an_own_field_are_reduced_at_once(api: APIClient, turned: bool) -> None:
    dataset, incident = with_own_field("plugh")
    place = LocationFactory(public_id="spot", latitude=12.5)
    incident.location = place
    incident.save()
    publishing.publish([incident])
    dataset.own_fields.update(is_public=False)
    place.latitude = place.longitude = None
    place.save()

    publishing.publish([dataset, place] if turned else [place, dataset], reduce_because=REASON)

    for at in (1, 2):
        read = text(api, f"incidents/one/?as_of={at}")
        assert (SECRET in read, "12.5" in read) == (False, False)
    assert_index_is_right()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("held_back", [False, True])
def test_an_ended_incident_and_what_it_shows_are_reduced_at_once(api: APIClient, turned: bool, held_back: bool) -> None:
    source, actor = SourceFactory(public_id="s", name="plugh source"), ActorFactory(public_id="a", name="plugh actor")
    incident = IncidentFactory(
        public_id="one",
        summary="plugh summary",
        reports=[ReportFactory(source=source)],
        actors=[(actor, "target")],
        location=LocationFactory(public_id="ville", name="plughville" if held_back else "Ville"),
    )
    publishing.publish([incident])
    publishing.withdraw([incident], reason="Doubts.")
    incident.refresh_from_db()
    incident.place_disclosure, incident.summary = "country" if held_back else "full", "Something."
    incident.save()
    asked = [incident, rename(source, "A source"), rename(actor, "An actor")]

    publishing.reduce(asked[::-1] if turned else asked, reason=REASON)

    assert SECRET not in text(api, "incidents/one/?as_of=1")
    assert api.get("/api/v1/incidents/one/").status_code == 410
    assert_index_is_right()


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (SourceFactory, lambda each: {"reports": [ReportFactory(source=each)]}),
        (ActorFactory, lambda each: {"actors": [(each, "target")]}),
        (LocationFactory, lambda each: {"location": each}),
    ],
)
@pytest.mark.parametrize("asked", ["target", "merged", "both"])
def test_what_was_merged_into_a_reduced_record_is_reduced_too(
    api: APIClient, make: Any, shown: Any, asked: str
) -> None:
    one, other = make(public_id="a", name="plugh a"), make(public_id="b", name="plugh b")
    publishing.publish(
        [IncidentFactory(public_id="one", **shown(one)), IncidentFactory(public_id="two", **shown(other))]
    )
    publishing.merge(one, other, reason="The same.")
    rename(one, "A"), rename(other, "B")
    if asked == "merged":  # it has the content of its target, which is reduced before
        publishing.reduce([other], reason=REASON)

    publishing.reduce({"target": [other], "merged": [one], "both": [one, other]}[asked], reason=REASON)

    for address in ("incidents/one/?as_of=1", "incidents/two/?as_of=1", "incidents/one/revisions/"):
        assert SECRET not in text(api, address)
    assert told(dump("ledger_"), SECRET) == []


def test_incidents_whose_neighbours_were_merged_are_reduced(api: APIClient) -> None:
    one, other, third = (IncidentFactory(public_id=name) for name in ("one", "other", "third"))
    Relation.objects.create(incident=other, related=one, relation="part_of")
    publishing.publish([one, other, third])
    publishing.merge(other, third, reason="The same.")
    one.place_disclosure = "country"
    one.save()
    assert publishing.publish([one], reduce_because=REASON).reduced == 1
    for name in ("other", "third"):
        assert '"related":[]' in text(api, f"incidents/{name}/?as_of=1")


def test_a_report_is_reduced_where_an_incident_rests_on_it_no_longer(api: APIClient) -> None:
    report = ReportFactory(title="plugh title")
    incident = IncidentFactory(public_id="one", reports=[report])
    publishing.publish([incident])
    incident.evidence.all().delete()
    publishing.publish([incident])

    publishing.reduce(incidents_of_reports([report]), reason=REASON)

    assert SECRET not in text(api, "incidents/one/?as_of=1")


def test_a_reason_with_the_earlier_name_is_refused(region: Location) -> None:
    publishing.publish([region])
    with pytest.raises(publishing.RefusedError, match="has “plughregion”, which the reduction removes"):
        publishing.reduce([rename(region, "Region")], reason="Plughregion must not be named.")


@pytest.mark.parametrize("last", ["reduction", "redaction"])
def test_a_mirror_that_slept_through_two_reductions_is_equal(region: Location, tmp_path: Path, last: str) -> None:
    incident = IncidentFactory(public_id="one", location=LocationFactory(public_id="ville", parent=region))
    publishing.publish([incident])
    early = Recorded(100)
    for level in ("admin1", "country"):
        incident.place_disclosure = level
        incident.save()
        publishing.publish([incident], reduce_because=REASON)
    if last == "redaction":
        publishing.redact(incident, reason=REASON)
    late, before = Recorded(100, range(1, 2)), ledger()
    empty_ledger()
    mirror(early, tmp_path).catch_up()
    mirror(late, tmp_path).catch_up()
    assert ledger() == before


@pytest.mark.parametrize("change", ["area", "no place", "month", "as reported", "actor"])
def test_more_of_what_becomes_coarser_is_noticed(region: Location, change: str) -> None:
    district = LocationFactory(kind="admin2", parent=region)
    actor = ActorFactory(safe_when_generalised=True)
    incident = IncidentFactory(
        public_id="one",
        location=LocationFactory(parent=district, latitude=None, longitude=None),
        location_as_reported="The old mill",
        actors=[(actor, "target")],
        date_disclosure="month" if change == "actor" else "full",
    )
    publishing.publish([incident])
    values: dict[str, dict[str, Any]] = {
        "area": {"location": district},
        "no place": {"location": None},
        "month": {"date_start": "2022-08-01", "date_end": "2022-08-31"},
        "as reported": {"location_as_reported": ""},
        "actor": {},
    }
    if change == "actor":
        actor.safe_when_generalised = False
        actor.save()
    for name, value in values[change].items():
        setattr(incident, name, value)
    incident.save()
    incident.refresh_from_db()
    assert [each.id for each in publishing.what_stays_readable([incident])] == ["one"]


def test_an_actor_is_not_renamed_or_merged_where_generalised_documents_still_name_it(region: Location) -> None:
    town = LocationFactory(name="Plughville", parent=region)
    actor = ActorFactory(public_id="a", name="A group", safe_when_generalised=True)
    publishing.publish(
        [IncidentFactory(public_id="one", location=town, place_disclosure="admin1", actors=[(actor, "target")])]
    )
    actor.safe_when_generalised = False
    actor.save()
    other = ActorFactory(public_id="b", name="Another")
    publishing.publish([other])
    with pytest.raises(publishing.RefusedError, match="keeps its name"):
        publishing.merge(actor, other, reason="The same.")
    with pytest.raises(publishing.RefusedError, match="Plughville"):
        publishing.publish([rename(actor, "Plughville guard")])


def test_an_area_of_incidents_that_are_held_back_does_not_become_their_place(region: Location) -> None:
    district = LocationFactory(public_id="d", kind="admin2", parent=region)
    publishing.publish([IncidentFactory(public_id="one", location=district, place_disclosure="admin2")])
    district.kind = "settlement"
    district.save()
    with pytest.raises(publishing.RefusedError, match="one is published less precisely"):
        publishing.publish([district])
