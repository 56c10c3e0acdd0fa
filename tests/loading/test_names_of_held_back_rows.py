"""A load makes public what its incidents show: no name that only rows have which are held back or left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from incidents import publishing
from incidents.ledger.models import Head, Revision
from incidents.models import Actor, Incident, Location, Report, Source
from incidents.publishing import PublishingSession, merging
from tests.factories import SourceFactory
from tests.loading.files import UNCHANGED, event, events, outcome, public, write

pytestmark = pytest.mark.django_db

NEW: dict[str, Any] = {
    "adm_1": "Southern Province",
    "adm_2": "Newtown district",
    "where_coordinates": "Newtown town",
    "where_description": "Newtown",
    "side_b": "Greens",
    "side_b_new_id": 63,
    "source_article": '"Courier,2014-05-03,Three die"',
    "source_office": "Courier",
    "source_date": "2014-05-03",
    "source_headline": "Three die",
    "latitude": "48.900000",
    "longitude": "37.100000",
}
"""What a row tells of a town in a province of its own, of an actor and of a source, which no other row names."""

KINDS = ("location", "source", "actor")


def shown() -> dict[str, set[str]]:
    return {kind: {each["name"] for each in public(kind).values()} for kind in KINDS}


def appeared(before: dict[str, set[str]]) -> set[str]:
    return set().union(*(names - before[kind] for kind, names in shown().items()))


def reload(path: Path, **changes: Any) -> str:
    return outcome(write(path, [event(1, **NEW | {"best": 3} | changes), event(2), event(3)]))


def edit(**values: str) -> Incident:
    incident: Incident = Incident.objects.get(public_id="ucdp-ged-1")
    for name, value in values.items():
        setattr(incident, name, value)
    incident.save()
    return incident


def redact(incident: Incident) -> None:
    publishing.redact(incident, reason="For safety.")


def merge(incident: Incident) -> None:
    merging.merge(incident, Incident.objects.get(public_id="ucdp-ged-2"), reason="The same.")


def reject(incident: Incident) -> None:
    publishing.withdraw([incident], reason="No incident.")


def draft(incident: Incident) -> None:
    publishing.withdraw([incident], reason="Not yet.")
    edit(editorial_status="draft")


@pytest.mark.parametrize("published", [True, False], ids=["published", "not published"])
def test_names_of_a_held_back_row_are_kept_for_editors_alone(path: Path, *, published: bool) -> None:
    incident = edit(place_disclosure="country")
    if published:
        publishing.publish([incident])
    before = shown()
    reload(path)
    assert appeared(before) == set()
    incident.refresh_from_db()
    assert incident.location is not None
    assert incident.location.name == "Newtown town"
    assert {each.name for each in incident.actors.all()} == {"Government of Ruritania", "Greens"}
    assert Report.objects.filter(source__name="Courier", incidents__public_id="ucdp-ged-1").exists()
    assert reload(path) == UNCHANGED
    assert publishing.publish([incident]).seq is None


@pytest.mark.parametrize("left_out", [redact, merge, reject, draft])
def test_names_of_a_row_that_is_left_out_are_kept_for_editors_alone(path: Path, left_out: Any) -> None:
    left_out(edit())
    before = shown()
    reload(path)
    assert appeared(before) == set()


def test_names_are_published_as_soon_as_a_row_in_full_has_them(path: Path) -> None:
    publishing.publish([edit(place_disclosure="country")])
    reload(path)
    before = shown()
    outcome(write(path, [event(1, **NEW), event(2, **NEW), event(3)]))
    assert appeared(before) == {"Southern Province", "Newtown district", "Newtown town", "Greens", "Courier"}
    document = public()["ucdp-ged-2"]
    assert document["location"]["name"] == "Newtown town"
    assert [each["name"] for each in document["actors"]] == ["Government of Ruritania", "Greens"]


def test_names_are_published_if_another_row_of_the_file_has_them_in_full(path: Path) -> None:
    publishing.publish([edit(place_disclosure="country")])
    before = shown()
    outcome(write(path, [event(1, **NEW), *events(3)[1:], event(4, **NEW | {"side_b": "Blues", "side_b_new_id": 62})]))
    assert appeared(before) == {"Southern Province", "Newtown district", "Newtown town", "Courier"}


@pytest.mark.parametrize(
    ("level", "public_names"),
    [
        ("full", {"Southern Province", "Newtown district", "Newtown town"}),
        ("admin2", {"Southern Province", "Newtown district"}),
        ("admin1", {"Southern Province"}),
        ("country", set()),
    ],
)
def test_what_the_document_of_a_held_back_incident_shows_is_public(
    path: Path, level: str, public_names: set[str]
) -> None:
    publishing.publish([edit(place_disclosure=level, date_disclosure="month")])
    before = shown()
    reload(path)
    assert appeared(before) == public_names
    place = public()["ucdp-ged-1"]["location"]["id"]
    assert place in public("location")


def test_a_row_that_is_held_back_only_now_publishes_none_of_its_names(path: Path) -> None:
    Actor.objects.create(public_id="ucdp-actor-63", name="Greens", kind="rebel_group", safe_when_generalised=True)
    edit(place_disclosure="country")
    before = shown()
    reload(path)
    assert appeared(before) == {"Greens"}  # it is declared safe, so the document names it
    assert "ucdp-actor-63" in {each["id"] for each in public()["ucdp-ged-1"]["actors"]}


def test_an_area_that_editors_have_not_published_is_published_if_it_is_shown(path: Path) -> None:
    publishing.publish([edit(place_disclosure="admin1")])
    province = Location.objects.create(public_id="new-province", name="New Province", kind="admin1", country_code="RUR")
    Location.objects.filter(name="Streltsau district").update(parent=province)
    outcome(write(path, [event(1, best=3), event(2), event(3)]))
    assert public()["ucdp-ged-1"]["location"]["id"] == "new-province"
    assert "new-province" in public("location")


def test_who_speaks_in_a_report_that_is_listed_anew_is_public(path: Path) -> None:
    reload(path)
    courier = Source.objects.get(name="Courier")
    Report.objects.filter(source=courier).update(relays=SourceFactory(public_id="relayed", name="Relayed"))
    outcome(write(path, [event(1, **NEW), event(2, **NEW), event(3)]))
    assert public()["ucdp-ged-2"]["reports"][0]["relays"]["name"] == "Relayed"
    assert "relayed" in public("source")


def test_a_correction_that_editors_have_not_published_publishes_no_source(path: Path) -> None:
    relayed = SourceFactory(public_id="relayed", name="Relayed")
    Report.objects.update(relays=relayed)
    outcome(write(path, [event(1, best=3), event(2), event(3)]))
    assert "relayed" not in public("source")
    assert public()["ucdp-ged-1"]["reports"][0]["relays"] is None


def test_rows_are_looked_up_only_while_a_name_of_theirs_is_not_public(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    latest = PublishingSession.latest

    def spy(session: PublishingSession, kind: str, ids: Any) -> Any:
        asked.append(list(ids))
        return latest(session, kind, ids)

    monkeypatch.setattr(PublishingSession, "latest", spy)
    every = [f"ucdp-ged-{number}" for number in (1, 2, 3)]
    outcome(path)
    assert asked == [every]  # by the writer
    asked.clear()
    reload(path)
    assert asked == [every[:1], every]


def feed(after: int) -> list[str]:
    rows = Revision.objects.filter(kind="incident", seq__gt=after).order_by("seq", "id")
    return list(rows.values_list("record_id", flat=True))


@pytest.mark.parametrize("published", [True, False], ids=["published", "not published"])
def test_the_order_within_a_publication_does_not_follow_days_that_are_held_back(path: Path, *, published: bool) -> None:
    for number in (1, 2):
        Incident.objects.filter(public_id=f"ucdp-ged-{number}").update(date_disclosure="month")
    if published:
        publishing.publish(Incident.objects.all())
    write(path, events(3))
    orders = set()
    for best, days in enumerate(((4, 9), (9, 4)), start=5):
        before = Head.objects.get().seq
        changed = [event(at, best=best, date_start=f"2014-05-0{day}", date_end=f"2014-05-0{day}") for at, day in
                   zip((1, 2), days, strict=True)]  # fmt: skip
        outcome(write(path, [*changed, event(3, best=best, date_start="2014-05-06", date_end="2014-05-06")]))
        orders.add(tuple(feed(before)))
    assert orders == {("ucdp-ged-3", "ucdp-ged-1", "ucdp-ged-2")}
