"""Two histories that differ only in what one incident holds back give every reader the same bytes.

The open incidents beside it share its report, source, actor, place, tag, relation and words in one history, and nothing
of it in the other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from rest_framework.test import APIClient

from incidents import models, publishing
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.publishing.test_publish import document
from tests.query.world import clock

pytestmark = pytest.mark.django_db

WORDS = (
    "hiddenham",
    "Hiddenham quay",
    "bandits",
    "paper",
    "otherby",
    "shots",
    "secret",
    "lighthouse",
    "withheld",
    "one",
)
FILTERS = (
    "",
    *(f"q={word}" for word in WORDS),
    *("source=paper", "source=gazette", "source=withheld-news-outlet", "source_kind=news_outlet", "min_sources=1"),
    *(
        "actor=bandits",
        "actor=raiders",
        "actor=withheld-partisans",
        "actor_role=target",
        "actor=bandits&actor_role=target",
    ),
    *("location=hiddenham", "location=otherby", "location=region", "admin1=Region", "admin2=Hidden+District"),
    *("bbox=39,49,39.1,49.1", "bbox=38,48,38.1,48.1", "near=49,39&radius_km=20", "near=48,38&radius_km=20"),
    *(
        "date_after=2022-08-20",
        "date_before=2022-08-10",
        "date_after=2022-08-03&date_before=2022-08-05&date_match=certain",
    ),
    *("date_precision=day", "location_precision=settlement", "tag=lighthouse", "tag=quay", "tag=night"),
    *("attr.pier_min=4", "attr.at_night=true", "killed_min=1", "target=railway", "id=one", "country=UKR"),
)
GROUPS = ("source", "actor", "location", "admin1", "admin2", "event_type", "dataset", "day", "month", "country")
ADDRESSES = (
    *(f"incidents/?{each}" for each in FILTERS),
    *(f"incidents/count/?{each}" for each in FILTERS),
    *(f"incidents/aggregate/?by={group}" for group in GROUPS),
    *(f"incidents/aggregate/?by=source&{each}" for each in FILTERS),
    *(f"incidents/?ordering={order}{name}" for order in ("", "-") for name in ("date", "killed", "published")),
    *(f"incidents.{ending}" for ending in ("csv", "geojson", "nested.geojson", "fields.json", "ndjson", "atom")),
    *(f"incidents.{ending}" for ending in ("acled.csv", "acled.json", "ucdp-ged.csv")),
    *(f"incidents/one.{ending}" for ending in ("geojson", "nested.geojson", "fields.json")),
    "incidents/aggregate.csv?by=event_type",
    *("incidents/?profile=acled", "incidents/?profile=ucdp-ged", "incidents/cite/?q=shots"),
    *(f"{kind}/{rest}" for kind in ("locations", "sources", "actors", "datasets") for rest in ("", "count/")),
    *(f"{kind}/?q={word}" for kind in ("locations", "sources", "actors", "datasets") for word in WORDS),
    *(f"{kind}/" for kind in ("incidents/one", "sources/hidden", "actors/bandits", "locations/hiddenham")),
    *("incidents/one/revisions/", "incidents/open/revisions/", "changes/", "changes/?since=1", "incidents/?as_of=1"),
    *("incidents/?tag=lighthose&locaton=hiddenham", "incidents/?location=hiddenhan", "codebook/datasets/data/"),
)
HEADERS = ("ETag", "Link", "X-Row-Count", "X-As-Of", "Content-Type", "Warning")


class History:
    """What is the same in both: a region, a dataset, an open incident at Hiddenham with a report of its own."""

    def __init__(self) -> None:
        self.region = LocationFactory(public_id="region", name="Region", kind="admin1", latitude=48.5, longitude=38.5)
        district = LocationFactory(public_id="district", name="Hidden District", kind="admin2", parent=self.region)
        self.town = LocationFactory(public_id="hiddenham", name="Hiddenham", parent=district)
        self.other = LocationFactory(
            public_id="otherby", name="Otherby", parent=self.region, latitude=48.0, longitude=38.0
        )
        self.dataset: Any = DatasetFactory(public_id="data", name="Data", safe_tags=["night"])
        for name, type_, generalised in (("at_night", "boolean", "keep"), ("pier", "integer", "withhold")):
            models.DatasetAttribute.objects.create(
                dataset=self.dataset, name=name, type=type_, label=name, generalised=generalised
            )
        self.paper = SourceFactory(public_id="paper", name="Paper")
        self.report = ReportFactory(
            public_id="paper-1", source=self.paper, title="Hiddenham quay", url="https://a.org/1"
        )
        self.bandits = ActorFactory(public_id="bandits", name="Bandits")
        self.open: Any = IncidentFactory(
            public_id="open",
            dataset=self.dataset,
            summary="Shots at the lighthouse of Hiddenham.",
            location=self.town,
            tags=["lighthouse", "night"],
            reports=[self.report],
            actors=[(self.bandits, "target")],
        )
        self.same = {
            "public_id": "one",
            "dataset": self.dataset,
            "place_disclosure": "admin1",
            "date_disclosure": "month",
            "killed_best": 2,
            "targets": ["railway"],
        }

    def joined(self) -> Any:
        """The incident that is held back shares all that it can with the open one."""
        incident = IncidentFactory(
            **self.same,
            summary=self.open.summary.replace("Hiddenham", "the secret place"),
            location=self.town,
            location_as_reported="Hiddenham quay",
            location_remark="At the lighthouse",
            date_remark="From the paper",
            time_of_day="04:00",
            latitude=49.05,
            longitude=39.05,
            tags=["lighthouse", "night"],
            extra={"town": "Hiddenham"},
            attributes={"at_night": True, "pier": 5},
            reports=[
                self.report,
                ReportFactory(source=SourceFactory(public_id="hidden", name="Hidden", kind="witness")),
            ],
            actors=[(self.bandits, "target")],
        )
        claims = [("killed", 2, "Two were killed at Hiddenham"), ("location", "Hiddenham", "")]
        for position, (field, value, quote) in enumerate(claims):
            models.Claim.objects.create(
                incident=incident, report=self.report, field=field, value=value, quote=quote, position=position
            )
        models.Relation.objects.create(incident=incident, related=self.open, relation="part_of")
        return incident

    def apart(self) -> Any:
        """It shares nothing, is elsewhere in the region and on another day of the month."""
        gazette = ReportFactory(source=SourceFactory(public_id="gazette", name="Gazette"), title="Otherby")
        witness = ReportFactory(source=SourceFactory(kind="witness"), language="uk", published_on=date(2022, 8, 30))
        incident = IncidentFactory(
            **self.same,
            summary="Quiet words.",
            location=self.other,
            date_start=date(2022, 8, 29),
            date_end=date(2022, 8, 30),
            tags=["quay", "night"],
            attributes={"at_night": True},
            reports=[witness, gazette],
            actors=[(ActorFactory(public_id="raiders", name="Raiders"), "target")],
        )
        models.Claim.objects.create(incident=incident, report=gazette, field="killed", value=2)
        return incident


def answers(make: Any) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """Return all answers of one history, which is undone afterwards."""
    with clock(), transaction.atomic():
        cache.clear()
        history = History()
        incident = make(history)
        publishing.publish([history.open])
        publishing.publish([incident])
        incident.killed_best = 3
        incident.save()
        publishing.publish([incident, history.open])
        found = {address: answer(address) for address in ADDRESSES}
        assert document("incident", "one")["summary"].endswith("The description is withheld for safety.")
        transaction.set_rollback(True)
    cache.clear()
    return found


def answer(address: str) -> tuple[int, bytes, dict[str, str]]:
    response: Any = APIClient().get(f"/api/v1/{address}")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body, {name: response[name] for name in HEADERS if name in response}


def test_the_same_questions_have_the_same_answers() -> None:
    joined, apart = answers(History.joined), answers(History.apart)
    differing = [address for address in ADDRESSES if joined[address] != apart[address]]
    assert differing == []
    statuses = {address: status for address, (status, *_) in joined.items()}
    assert {address for address, status in statuses.items() if status != 200} == {
        "sources/hidden/",
        "incidents/?tag=lighthose&locaton=hiddenham",
    }
    assert b'"one"' in joined["incidents/?source=withheld-news-outlet"][1]
