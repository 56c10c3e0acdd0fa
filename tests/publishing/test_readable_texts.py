"""Texts that stay readable beside a generalised document must not name what it hides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import publishing
from incidents.ledger.models import Publication, Revision
from incidents.models import Incident, Location, PlaceName
from incidents.publishing import RefusedError
from incidents.publishing.readable_texts import refuse_revealing
from tests.factories import ActorFactory, IncidentFactory, LocationFactory
from tests.loading.files import event, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Location:
    """A town in a district of a region."""
    region = LocationFactory(name="Luhansk Oblast", kind="admin1", latitude=48.9, longitude=38.9)
    district = LocationFactory(name="Starobilsk Raion", kind="admin2", parent=region, latitude=None, longitude=None)
    made = LocationFactory(name="Bilovodsk", parent=district, geonames_id=711_160)
    PlaceName.objects.create(location=made, name="Беловодск", language="ru")
    return made


def hidden_at(place: Location, public_id: str = "one", **values: object) -> Incident:
    return IncidentFactory(public_id=public_id, location=place, place_disclosure="admin1", **values)


@pytest.mark.parametrize(
    "public_id", ["bilovodsk-1", "attack-belovodsk", "attack-starobilsk-raion-2", "geonames-711160", "starobilsk-raion"]
)
def test_an_id_that_names_a_hidden_place_is_refused(town: Location, public_id: str) -> None:
    with pytest.raises(RefusedError, match=r"– id: it has .*Ids are permanent: choose another one before"):
        publishing.publish([hidden_at(town, public_id)])
    assert not Revision.objects.exists()


def test_an_id_that_says_the_hidden_day_is_refused(town: Location) -> None:
    incident = IncidentFactory(public_id="attack-2022-08-04", location=town, date_disclosure="month")
    with pytest.raises(RefusedError, match="it has “2022-08-04”, which is the hidden day"):
        publishing.publish([incident])


@pytest.mark.parametrize("public_id", ["luhansk-2022-0004", "luhansk-oblast-7", "one", "2022-0804"])
def test_other_ids_are_published(town: Location, public_id: str) -> None:
    assert publishing.publish([hidden_at(town, public_id)]).seq


def test_an_id_that_readers_know_is_published_again(town: Location) -> None:
    incident = IncidentFactory(public_id="bilovodsk-1", location=town)
    publishing.publish([incident])
    incident.place_disclosure = "admin1"
    incident.save()
    assert publishing.publish([incident]).seq == 2


def test_names_of_actors_that_stay_must_not_reveal(town: Location) -> None:
    actor = ActorFactory(public_id="brigade", name="Belovodsk Brigade")
    incident = hidden_at(town)
    content = {"id": "one", "tags": [], "actors": [{"id": actor.public_id, "name": actor.name}]}
    with pytest.raises(RefusedError, match="one – actors: the name or id of brigade has “Belovodsk”"):
        refuse_revealing([incident], [content])


def test_tags_that_stay_must_not_reveal(town: Location) -> None:
    content = {"id": "one", "tags": ["railway", "Біловодськ"], "actors": []}
    with pytest.raises(RefusedError, match="one – tags: “Біловодськ” has"):
        refuse_revealing([hidden_at(town)], [content])


def test_the_message_of_a_publication_must_not_reveal(town: Location) -> None:
    incident = hidden_at(town)
    with pytest.raises(RefusedError, match="one – the message of the publication has “Беловодска”"):
        publishing.publish([incident], message="Из Беловодска")
    assert not Publication.objects.exists()
    assert publishing.publish([incident], message="From Luhansk Oblast").seq


def test_the_reasons_of_endings_must_not_reveal(town: Location) -> None:
    incident, other = hidden_at(town), hidden_at(town, "other")
    publishing.publish([incident, other])
    with pytest.raises(RefusedError, match="one – the reason, which readers see, has “Bilovodsk”"):
        publishing.withdraw([incident], reason="It was not in Bilovodsk.")
    with pytest.raises(RefusedError, match="the reason"):
        publishing.redact(incident, reason="Names Bilovodsk")
    with pytest.raises(RefusedError, match="the reason"):
        publishing.merge(incident, other, reason="The same in Bilovodsk")
    assert Publication.objects.count() == 1
    assert publishing.withdraw([incident], reason="Entered twice.").seq == 2


def test_incidents_in_full_are_not_checked(town: Location) -> None:
    incident = IncidentFactory(public_id="bilovodsk-1", location=town)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        refuse_revealing([incident], [{"id": "bilovodsk-1"}], message="Bilovodsk")
    assert not captured
    assert publishing.publish([incident], message="Bilovodsk").seq


def test_many_incidents_cost_as_many_queries_as_one(town: Location) -> None:
    incidents = [hidden_at(town, f"number-{at}", date_start=date(2022, 8, 1)) for at in range(20)]
    contents = [{"id": each.public_id, "tags": [], "actors": []} for each in incidents]
    for some in (1, 20):
        with CaptureQueriesContext(connection) as captured:
            refuse_revealing(incidents[:some], contents[:some])
        assert [query["sql"].split('"')[1] for query in captured] == ["incidents_placename"]


def test_a_load_whose_message_names_a_hidden_place_is_refused(town: Location, tmp_path: Path) -> None:
    publishing.publish([hidden_at(town)])
    dataset = Incident.objects.get(public_id="one").dataset.public_id
    path = write(tmp_path / f"{town.name}.csv", [event(1)])
    with pytest.raises(CommandError, match="the message of the publication"):
        call_command("load_incidents", path, profile="ucdp-ged", dataset=dataset)
    call_command("load_incidents", path.rename(tmp_path / "events.csv"), profile="ucdp-ged", dataset=dataset)


def test_an_actor_that_keeps_its_name_is_not_renamed_to_a_hidden_place(town: Location) -> None:
    actor = ActorFactory(name="A group", safe_when_generalised=True)
    publishing.publish([hidden_at(town, actors=[(actor, "target")])])
    actor.name = f"{town.name} militia"
    actor.save()
    with pytest.raises(publishing.RefusedError, match=town.name):
        publishing.publish([actor])
