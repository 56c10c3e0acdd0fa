"""Documents that older code stored are read, found, published again and copied by code whose documents hold more."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger import shapes
from incidents.ledger.models import Revision
from incidents.ledger.reindex import rebuild
from incidents.ledger.shapes import Added
from incidents.mirroring.validation import page_of_changes
from incidents.models import Incident
from incidents.publishing import render
from tests.factories import IncidentFactory, LocationFactory
from tests.ledger.dump import dump
from tests.mirroring.recorded import Recorded, empty_ledger, mirror
from tests.mirroring.telling import ledger
from tests.worlds import world

pytestmark = pytest.mark.django_db

NOW = shapes.latest()
NEXT = NOW + 1
STORED = shapes.stored(NOW)
"""As rows hold the shape of today."""

SECOND = {
    **shapes.ADDED,
    NEXT: (
        Added("incident", "armament", after="event_subtype"),
        Added("incident", "actors.*.armed", after="role", default=False),
        Added("location", "identifiers.osm", after="wikidata"),
    ),
}
OLDER = shapes.ADDED
NAMES = {
    NEXT: lambda kind, document: (
        {**document, "summary": document["summary"].upper()} if kind == "incident" else document
    )
}


def know(monkeypatch: pytest.MonkeyPatch, name: str, value: Any) -> None:
    """Let the code know other shapes; which is the latest is looked up anew."""
    monkeypatch.setattr(shapes, name, value)
    monkeypatch.setattr(shapes, "latest", cache(shapes.latest.__wrapped__))


@world
def old() -> Incident:
    """An incident that was published before there was another shape."""
    incident = IncidentFactory(public_id="one", location=LocationFactory(public_id="town"))
    publishing.publish([incident])
    assert set(Revision.objects.values_list("shape", flat=True)) == {STORED}
    return incident


@pytest.fixture
def second(old: Incident, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Code of the next shape; what is set in it is what incidents say in the new field."""
    said: dict[str, Any] = {"armament": None}
    first = render.incident_content

    def content(*args: Any, **kwargs: Any) -> dict[str, Any]:
        made = first(*args, **kwargs)
        head, tail = list(made.items())[:7], list(made.items())[7:]
        return {**dict(head), "armament": said["armament"], **dict(tail)}

    know(monkeypatch, "ADDED", SECOND)
    monkeypatch.setattr(render, "incident_content", content)
    return said


def get(api: APIClient, path: str) -> Any:
    return orjson.loads(b"".join(answer) if (answer := api.get(f"/api/v1/{path}")).streaming else answer.content)


def test_the_new_fields_are_there_wherever_an_older_document_is_read(api: APIClient, second: dict[str, Any]) -> None:
    (listed,) = get(api, "incidents/")["results"]
    names = list(listed)
    assert names[names.index("event_subtype") + 1] == "armament"
    assert listed["armament"] is None
    assert get(api, "incidents/one/") == listed
    assert get(api, "incidents/one/?as_of=1") == listed
    assert get(api, "incidents.ndjson") == listed
    assert get(api, "locations/town/")["identifiers"]["osm"] is None
    assert get(api, "incidents.nested.geojson")["features"][0]["properties"]["armament"] is None


def test_the_feed_holds_what_is_stored(api: APIClient, old: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    before = get(api, "changes/"), get(api, "changes/checksum/")
    know(monkeypatch, "ADDED", SECOND)
    assert (get(api, "changes/"), get(api, "changes/checksum/")) == before


def test_what_says_nothing_new_is_not_published_again(old: Incident, second: dict[str, Any]) -> None:
    before = dump("ledger_")
    assert publishing.publish([old]).seq is None
    assert dump("ledger_") == before


def test_a_new_value_is_a_new_revision_of_the_new_shape(api: APIClient, old: Incident, second: dict[str, Any]) -> None:
    second["armament"] = "knife"
    assert publishing.publish([old]).total("changed") == 1
    assert list(Revision.objects.of("incident").order_by("number").values_list("shape", flat=True)) == [STORED, NEXT]
    assert get(api, "incidents/one/")["armament"] == "knife"
    assert get(api, "incidents/one/?as_of=1")["armament"] is None
    (change,) = get(api, "incidents/one/revisions/")["results"][1]["changes"]
    assert change == {"field": "armament", "before": None, "after": "knife"}
    feed = get(api, "changes/")["results"]
    assert [each.get("shape") for each in feed if each["kind"] == "incident"] == [STORED, NEXT]


def test_a_place_that_is_renamed_carries_older_incidents_along(
    api: APIClient, old: Incident, second: dict[str, Any]
) -> None:
    assert old.location is not None
    old.location.name = "Renamed"
    old.location.save()
    assert publishing.publish([old.location]).total("changed") == 2
    assert get(api, "incidents/one/")["location"]["name"] == "Renamed"


def test_an_upgrade_that_changes_what_is_there_publishes_nothing_again(
    api: APIClient, old: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, "UPGRADES", NAMES)
    first = render.incident_content
    monkeypatch.setattr(
        render, "incident_content", lambda *args, **kwargs: NAMES[NEXT]("incident", first(*args, **kwargs))
    )
    before = dump("ledger_")
    assert get(api, "incidents/one/")["summary"] == old.summary.upper()
    assert publishing.publish([old]).seq is None
    assert dump("ledger_") == before


def test_the_index_of_older_documents_is_made_anew(second: dict[str, Any]) -> None:
    assert [step.written for step in rebuild() if step.written] == []


def test_a_copy_holds_the_shapes_of_its_origin(old: Incident, second: dict[str, Any], tmp_path: Path) -> None:
    second["armament"] = "knife"
    publishing.publish([old])
    before, origin = ledger(), Recorded(10)
    empty_ledger()
    mirror(origin, tmp_path).catch_up()
    assert ledger() == before


def test_a_mirror_of_an_older_version_stops_with_a_sentence(
    api: APIClient, old: Incident, second: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    second["armament"] = "knife"
    publishing.publish([old])
    page = get(api, "changes/")
    assert page_of_changes(page) == ""
    know(monkeypatch, "ADDED", OLDER)
    assert page_of_changes(page).endswith(
        f".shape is {NEXT}, and this server supports document formats up to {NOW}. "
        "The origin runs a newer version: upgrade this server"
    )


def test_a_database_of_a_newer_version_is_refused(api: APIClient, old: Incident) -> None:
    Revision.objects.of("incident").update(shape=99)
    with pytest.raises(shapes.NewerShapeError, match="A document has format version 99, but this software"):
        api.get("/api/v1/incidents/one/")


@pytest.mark.parametrize(
    ("document", "upgraded"),
    [
        ({"a": 1}, {"a": 1, "new": 0}),
        ({"a": 1, "b": 2}, {"a": 1, "new": 0, "b": 2}),
        ({"a": 1, "new": 5}, {"a": 1, "new": 5}),
    ],
)
def test_a_field_is_added_behind_another_and_never_over_one(
    document: dict[str, Any], upgraded: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, "ADDED", {NEXT: (Added("incident", "new", after="a", default=0),)})
    assert orjson.dumps(shapes.upgraded("incident", STORED, document)) == orjson.dumps(upgraded)
    if upgraded["new"] == 0:
        assert shapes.without_defaults("incident", upgraded) == document
