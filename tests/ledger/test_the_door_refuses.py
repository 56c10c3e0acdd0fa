"""What cannot be published, ended or merged is refused with its id and what to do instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from incidents import publishing
from incidents.ledger.models import Publication
from incidents.models import Actor, Location
from incidents.publishing import RefusedError
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.ledger.dump import dump
from tests.publishing.test_publish import document, live
from tests.worlds import world

pytestmark = pytest.mark.django_db

Records = dict[str, Any]


@world
def public() -> Records:
    """An incident with everything around it, and another of each kind, all published."""
    made = {
        "region": (region := LocationFactory(public_id="region", kind="admin1")),
        "town": (town := LocationFactory(public_id="town", parent=region)),
        "paper": (paper := SourceFactory(public_id="paper")),
        "group": (group := ActorFactory(public_id="group")),
        "data": (data := DatasetFactory(public_id="data")),
        "one": IncidentFactory(
            public_id="one",
            location=town,
            dataset=data,
            reports=[ReportFactory(source=SourceFactory(public_id="first"), relays=paper)],
            actors=[(group, "target")],
        ),
        "two": IncidentFactory(public_id="two", dataset=data),
        "other-data": DatasetFactory(public_id="other-data"),
    }
    publishing.publish(made.values())
    return made | {"draft": IncidentFactory(public_id="draft", dataset=data, editorial_status="draft")}


REFUSALS: dict[str, tuple[Callable[[Records], Any], str]] = {
    "withdraw a place in use": (lambda it: publishing.withdraw([it["town"]], reason="x"), "one still shows it"),
    "withdraw a region in use": (lambda it: publishing.withdraw([it["region"]], reason="x"), "one still shows it"),
    "withdraw a relayed source": (lambda it: publishing.withdraw([it["paper"]], reason="x"), "one still shows it"),
    "withdraw an actor in use": (lambda it: publishing.withdraw([it["group"]], reason="x"), "one still shows it"),
    "withdraw a dataset in use": (lambda it: publishing.withdraw([it["data"]], reason="x"), "still shows it"),
    "withdraw a draft": (lambda it: publishing.withdraw([it["draft"]], reason="x"), "draft is not public"),
    "withdraw one public, one not": (
        lambda it: publishing.withdraw([it["two"], it["draft"]], reason="x"),
        "draft is not public, so it cannot be withdrawn",
    ),
    "withdraw without a reason": (lambda it: publishing.withdraw([it["two"]], reason="\t"), "needs a reason"),
    "redact without a reason": (lambda it: publishing.redact(it["two"], reason=""), "needs a reason"),
    "redact a draft": (lambda it: publishing.redact(it["draft"], reason="x"), "draft is not public"),
    "redact a source in use": (lambda it: publishing.redact(it["paper"], reason="x"), "paper is or was part of one"),
    "redact a dataset in use": (lambda it: publishing.redact(it["data"], reason="x"), "data is or was part of"),
    "merge without a reason": (lambda it: publishing.merge(it["one"], it["two"], reason=" "), "needs a reason"),
    "merge a draft without a reason": (
        lambda it: publishing.merge(it["draft"], it["two"], reason=""),
        "needs a reason",
    ),
    "merge into itself": (
        lambda it: publishing.merge(it["one"], it["one"], reason="x"),
        "one cannot be merged into itself",
    ),
    "merge two kinds": (
        lambda it: publishing.merge(it["one"], it["town"], reason="x"),
        "one is a incident, town is not",
    ),
    "merge datasets": (
        lambda it: publishing.merge(it["data"], it["other-data"], reason="x"),
        "Datasets cannot be merged",
    ),
    "publish an id that a list's address leaves no room for": (
        lambda it: publishing.publish([Actor(public_id="count", name="Count", kind="partisans")]),
        "“count” is reserved by the API. Choose another id",
    ),
    "merge into a draft": (lambda it: publishing.merge(it["one"], it["draft"], reason="x"), "draft is not public"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_it_refuses_and_changes_nothing(public: Records, what: str) -> None:
    act, message = REFUSALS[what]
    before = dump("")
    with pytest.raises(RefusedError, match=message):
        act(public)
    assert dump("") == before


def test_places_that_hold_each_other_are_refused(public: Records) -> None:
    Location.objects.filter(public_id="region").update(parent=public["town"])
    with pytest.raises(RefusedError, match="so it cannot hold it"):
        publishing.publish(Location.objects.filter(public_id__in=("region", "town")))
    assert document("location", "region")["within"] == []


def test_a_place_that_was_withdrawn_comes_back_with_an_incident_at_it(public: Records) -> None:
    incident = public["one"]
    publishing.withdraw([incident, public["town"]], reason="Doubts.")
    assert "town" not in live("location")
    publishing.publish([incident])
    assert (document("location", "town")["revision"], document("incident", "one")["revision"]) == (3, 3)


def test_a_redacted_place_cannot_come_back_with_an_incident_at_it() -> None:
    town = LocationFactory(public_id="town")
    publishing.publish([town])
    publishing.redact(town, reason="Puts people in danger.")
    with pytest.raises(RefusedError, match=r"location town was redacted\. It cannot be published again with this id"):
        publishing.publish([IncidentFactory(location=town)])


def test_times_of_publications_never_run_backwards() -> None:
    with time_machine.travel(datetime(2026, 1, 1, 12, tzinfo=UTC), tick=False) as clock:
        publishing.publish([IncidentFactory()])
        clock.move_to(datetime(2026, 1, 1, 11, tzinfo=UTC))
        publishing.publish([IncidentFactory()])
        clock.move_to(datetime(2026, 1, 1, 13, tzinfo=UTC))
        publishing.publish([IncidentFactory()])
    times = Publication.objects.order_by("seq").values_list("published_at", flat=True)
    assert [time.hour for time in times] == [12, 12, 13]
