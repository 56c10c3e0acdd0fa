"""A generalised document has of each field what its declaration says is safe at that level, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import orjson
import pytest
from django.utils import timezone

from incidents.documents import DOCUMENTS
from incidents.ledger.models import Revision
from incidents.models import Claim, Dataset, Incident
from incidents.publishing.text_confirmations import confirm_text
from incidents.schema.fields import Field
from incidents.schema.incident import INCIDENT
from incidents.vocabulary import DATE_DISCLOSURES, PLACE_DISCLOSURES
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.ledger.declared import breaches
from tests.publishing.held_back import SUMMARY, hidden_incident, published
from tests.publishing.test_publish import live

pytestmark = pytest.mark.django_db

LEVELS = sorted(set(product(PLACE_DISCLOSURES, DATE_DISCLOSURES)) - {("full", "full")})
MADE = {
    *(
        "actors",
        "actors.*.id",
        "actors.*.name",
        "attributes",
        "claims",
        "claims.*.report",
        "claims.*.source",
        "reports",
    ),
    *("reports.*.id", "reports.*.source.id", "reports.*.source.name", "reports.*.relays.id", "reports.*.relays.name"),
    *("summary", "tags"),
}
"""Paths of the fields that functions make; the tests below name what each of them makes."""


@pytest.fixture
def incident() -> Incident:
    return hidden_incident()


def values_at(content: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Yield the values at a path, those of each item where it goes through a list."""
    if not path:
        yield content
    elif path[0] == "*":
        for item in content:
            yield from values_at(item, path[1:])
    elif content is not None:
        yield from values_at(content[path[0]], path[1:])


def is_object(field: Field) -> bool:
    return field.type == "object"


@pytest.mark.parametrize(("place", "day"), LEVELS)
def test_every_field_is_what_its_declaration_says(incident: Incident, place: str, day: str) -> None:
    full = published(incident)
    shown = published(incident, place_disclosure=place, date_disclosure=day)

    levels = {"place": place, "date": day}
    for leaf in (each for each in INCIDENT.every if not is_object(each.field) and not each.field.derived):
        values = list(values_at(shown, leaf.path))
        match leaf.field.generalised:
            case "keep" if leaf.path[0] in ("revision", "published", "disclosure", "claims"):
                continue
            case "keep":
                assert values == list(values_at(full, leaf.path)), leaf.dotted
            case "place" | "date" as what if levels[what] == "full":
                assert values == list(values_at(full, leaf.path)), leaf.dotted
            case "withhold":
                assert all(value == leaf.field.withheld for value in values), leaf.dotted
    assert shown["disclosure"] == levels
    assert list(breaches(DOCUMENTS["incident"](), shown)) == []


@pytest.mark.parametrize(("place", "day"), LEVELS)
def test_what_is_made_says_no_more_than_kinds_and_codes(incident: Incident, place: str, day: str) -> None:
    shown = published(incident, place_disclosure=place, date_disclosure=day)

    source = {"id": "withheld-news-outlet", "name": "News outlet (name withheld)", "kind": "news_outlet"}
    relays = {"id": "withheld-news-agency", "name": "News agency (name withheld)", "kind": "news_agency"}
    nothing = dict.fromkeys(("title", "url", "archive_url", "published", "published_not_before", "language"))
    said = {"stance": "asserts", "source": relays["id"], "report": "report-1", "quote": None, "adopted": False}
    assert {name: shown[name] for name in MADE if "." not in name} == {
        "summary": SUMMARY,
        "actors": [
            {
                "id": "withheld-partisans",
                "name": "Partisans (name withheld)",
                "kind": "partisans",
                "role": "alleged_perpetrator",
                "certainty": "claimed",
            }
        ],
        "reports": [{"id": "report-1", "source": source, "relays": relays, **nothing}],
        "claims": [
            {"field": "injured", "value": {"low": 1, "best": None, "high": 4}, **said},
            {"field": "killed", "value": 2, **said},
        ],
        "tags": ["Market", "night"],
        "attributes": {"weapon": "rifle"},
    }


AREAS = {
    "admin2": ("district", "District", 48.7, 50.0),
    "admin1": ("region", "Region", 48.6, 200.0),
    "country": ("country", "Country", 48.5, 1000.0),
}
INTERVALS = {"month": ("2022-08-01", "2022-08-31", "month"), "year": ("2022-01-01", "2022-12-31", "year")}


@pytest.mark.parametrize(("place", "day"), LEVELS)
def test_the_place_is_the_area_and_the_date_the_whole_month_or_year(incident: Incident, place: str, day: str) -> None:
    shown = published(incident, place_disclosure=place, date_disclosure=day)

    location, interval = shown["location"], shown["date"]
    if place != "full":
        said = tuple(location[name] for name in ("id", "name", "latitude", "radius_km"))
        assert (said, location["precision"]) == (AREAS[place], place)
    else:
        assert (location["id"], location["latitude"], location["radius_km"]) == ("hiddenham", 49.125, 7)
    assert tuple(interval[name] for name in ("start", "end", "precision")) == INTERVALS.get(
        day, ("2022-08-04", "2022-08-05", "days")
    )


def test_a_place_in_no_area_of_the_level_is_published_as_no_place() -> None:
    town = LocationFactory(name="Hiddenham", parent=LocationFactory(kind="admin2"))
    incident: Incident = IncidentFactory(location=town, latitude=49.5, longitude=39.5, place_disclosure="admin1")
    location = published(incident)["location"]
    shown = {name: value for name, value in location.items() if value is not None}
    assert shown == {"precision": "admin1", "radius_km": 200.0}


@pytest.mark.parametrize(("place", "day"), LEVELS)
def test_nothing_hidden_is_published_because_of_it(incident: Incident, place: str, day: str) -> None:
    published(incident, place_disclosure=place, date_disclosure=day)

    assert live("source") == live("actor") == []
    for text in Revision.objects.exclude(kind="location").values_list("document", flat=True):
        if place != "full":
            assert "hiddenham" not in text.lower()
        else:  # what it shows of its place alone
            shown = orjson.loads(text)
            shown.pop("location", None)
            assert "hiddenham" not in orjson.dumps(shown).decode().lower()
    assert ("hiddenham" in live("location")) == (place == "full")


def test_what_is_withheld_keeps_the_shape_of_documents() -> None:
    """Mirrors of version 0.1.0 index these documents as they come, so no value is null that is not null elsewhere."""
    for leaf in INCIDENT.every:
        is_shown = leaf.path[0] != "related" and not is_object(leaf.field)
        if is_shown and leaf.field.generalised in ("withhold", "place", "date"):
            assert leaf.field.null == (leaf.field.withheld is None), leaf.dotted
    made = {leaf.dotted for leaf in INCIDENT.every if leaf.field.generalised in ("make", "confirm")}
    assert made == MADE


def test_a_field_that_says_nothing_is_withheld() -> None:
    assert Field("new", "text", null=True).generalised == "withhold"
    assert Field("new", "words").withheld == []
    assert Field("new", "mapping").withheld == {}
    with pytest.raises(ValueError, match="new is never null, so it cannot be withheld"):
        _ = Field("new", "text").withheld


def test_neither_the_ids_nor_the_order_of_reports_actors_and_claims_tell_anything() -> None:
    """Every order of three reports, with ids and titles of their own, gives one document."""
    kinds = ("news_outlet", "witness", "witness")
    figures = {0: 5, 1: 7, 2: 3}
    seen = set()
    for number, order in enumerate(permutations(range(3))):
        reports = [ReportFactory(source=SourceFactory(kind=kinds[each])) for each in order]
        actors = [(ActorFactory(kind=kind), "target") for kind in ("partisans", "civilians", "partisans")]
        incident: Incident = IncidentFactory(
            public_id="one" if number == 0 else f"one-{number}",
            dataset=Dataset.objects.first() or DatasetFactory(),
            location=None,
            place_disclosure="country",
            reports=reports,
            actors=actors[number % 2 :] + actors[: number % 2],
        )
        for at, each in enumerate(order):
            Claim.objects.create(incident=incident, report=reports[at], field="killed", value=figures[each])
        shown = published(incident)
        seen.add(orjson.dumps([shown[name] for name in ("reports", "claims", "actors")]))
    assert len(seen) == 1
    (only,) = map(orjson.loads, seen)
    assert [report["id"] for report in only[0]] == ["report-1", "report-2", "report-3"]
    assert [(claim["report"], claim["value"]) for claim in only[1]] == [
        ("report-1", 5),
        ("report-2", 3),
        ("report-3", 7),
    ]
    assert len(only[2]) == 3


@pytest.mark.parametrize(("radius", "shown"), [(None, 50), (7, 50), (50, 50), (63.7, 200), (999, 1000), (1234, 2000)])
def test_a_radius_is_one_of_few(incident: Incident, radius: float | None, shown: float) -> None:
    document = published(incident, radius_km=radius, place_disclosure="admin2")
    assert document["location"]["radius_km"] == shown


def test_a_summary_stays_while_it_is_confirmed_for_its_level(incident: Incident) -> None:
    incident.place_disclosure = "admin1"
    confirm_text(incident, "summary", reason="It names no place.", author="editor", at=timezone.now())
    assert published(incident)["summary"] == "Shots in the hills."
    assert published(incident, place_disclosure="country")["summary"] == SUMMARY
    assert published(incident, place_disclosure="admin1")["summary"] == "Shots in the hills."
    assert published(incident, summary="Shots in the other hills.")["summary"] == SUMMARY


def test_an_actor_that_is_declared_safe_keeps_its_name(incident: Incident) -> None:
    army = ActorFactory(public_id="army", name="Army", kind="state_forces", safe_when_generalised=True)
    incident.participations.create(actor=army, role="target", certainty="claimed")
    shown = published(incident, date_disclosure="year")
    assert [actor["id"] for actor in shown["actors"]] == ["withheld-partisans", "army"]
    assert live("actor") == ["army"]
    army.safe_when_generalised = False
    army.save()
    assert [actor["id"] for actor in published(incident)["actors"]] == ["withheld-partisans", "withheld-state-forces"]


def test_a_dataset_without_safe_tags_keeps_none(incident: Incident) -> None:
    Dataset.objects.update(safe_tags=None)
    incident.refresh_from_db()
    assert published(incident, date_disclosure="year")["tags"] == []
