"""What earlier publications go on telling of a record that is made coarser."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from incidents import publishing
from incidents.ledger.models import Publication
from incidents.models import Incident, Location, PublicRecord, Source
from incidents.publishing import NotConfirmedError
from tests.factories import IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    """A published incident in a town of a region, with a report."""
    region = LocationFactory(public_id="region", name="Region", kind="admin1", latitude=48.9, longitude=38.9)
    town = LocationFactory(public_id="town", name="Town", parent=region)
    paper = SourceFactory(public_id="paper", name="Paper")
    report = ReportFactory(public_id="paper-1", source=paper, title="Shots heard", url="https://example.org/1")
    made = IncidentFactory(
        public_id="one", summary="Shots were heard.", location=town, location_as_reported="Taun", reports=[report]
    )
    publishing.publish([made])
    return made


def changed(record: PublicRecord, **values: Any) -> dict[str, dict[str, Any]]:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    return {each.id: {**each.values} for each in publishing.publish([record]).still_readable}


PRECISE_PLACE = {
    "location.id": ["town"],
    "location.name": ["Town"],
    "location.kind": ["settlement"],
    "location.as_reported": ["Taun"],
    "location.latitude": [49.0],
    "location.longitude": [39.0],
}
TEXTS = {
    "summary": ["Shots were heard."],
    "reports.id": ["paper-1"],
    "reports.source.id": ["paper"],
    "reports.source.name": ["Paper"],
    "reports.title": ["Shots heard"],
    "reports.url": ["https://example.org/1"],
}
"""What every generalised document withholds, beside the precise place or date."""


def test_a_place_that_is_held_back_stays_in_what_was_published(incident: Incident) -> None:
    assert changed(incident, place_disclosure="admin1") == {"one": PRECISE_PLACE | TEXTS}


def test_a_day_that_is_held_back_stays_in_what_was_published(incident: Incident) -> None:
    reported = {"location.as_reported": ["Taun"]}
    assert changed(incident, date_disclosure="month") == {
        "one": {"date.start": ["2022-08-04"], "date.end": ["2022-08-04"]} | reported | TEXTS
    }


def test_holding_back_a_second_time_tells_of_the_last_publication_alone(incident: Incident) -> None:
    changed(incident, place_disclosure="admin1")

    assert changed(incident, summary="Other words.") == {}
    assert changed(incident, date_disclosure="year") == {
        "one": {"date.start": ["2022-08-04"], "date.end": ["2022-08-04"]}
    }


def test_a_region_in_the_place_of_a_town_is_coarser_whatever_the_disclosure(incident: Incident) -> None:
    region = Location.objects.get(public_id="region")

    assert changed(incident, location=region, location_as_reported="", location_precision="admin1") == {
        "one": PRECISE_PLACE
    }


def test_a_month_in_the_place_of_a_day_is_coarser_whatever_the_disclosure(incident: Incident) -> None:
    first, last = date(2022, 8, 1), date(2022, 8, 31)

    assert changed(incident, date_start=first, date_end=last, date_precision="month") == {
        "one": {"date.start": ["2022-08-04"], "date.end": ["2022-08-04"]}
    }


def test_a_place_that_loses_its_point_is_coarser_with_all_that_shows_it(incident: Incident) -> None:
    point = {"latitude": [49.0], "longitude": [39.0]}
    town = Location.objects.get(public_id="town")

    assert changed(town, latitude=None, longitude=None) == {
        "town": point,
        "one": {f"location.{name}": values for name, values in point.items()},
    }


def test_a_source_that_loses_its_address_is_coarser() -> None:
    source = SourceFactory(public_id="outlet", url="https://example.org/")
    publishing.publish([source])

    assert changed(source, url="") == {"outlet": {"url": ["https://example.org/"]}}


def test_what_comes_back_coarser_after_a_withdrawal_was_readable_all_the_time(incident: Incident) -> None:
    publishing.withdraw([incident], reason="Wrong.")
    incident.editorial_status = "ready"

    assert changed(incident, place_disclosure="country")["one"]["location.name"] == ["Town"]


@pytest.mark.parametrize(
    "values",
    [
        {"summary": "Other words."},
        {"date_start": date(2022, 8, 5), "date_end": date(2022, 8, 5)},
        {"date_start": date(2022, 8, 3), "date_precision": "days"},
        {"location_as_reported": "Town"},
        {"location_remark": "By the bridge.", "radius_km": 1},
        {"latitude": 49.5, "longitude": 39.5, "location_precision": "exact"},
        {"date_start": date(2022, 1, 1), "date_end": date(2022, 1, 31), "date_precision": "month"},  # another month
    ],
)
def test_a_correction_is_not_coarser(incident: Incident, values: dict[str, Any]) -> None:
    assert changed(incident, **values) == {}


def test_another_town_is_not_coarser(incident: Incident) -> None:
    assert changed(incident, location=LocationFactory(name="Elsewhere")) == {}


def test_finer_is_not_coarser(incident: Incident) -> None:
    changed(incident, place_disclosure="admin1", date_disclosure="year")

    assert changed(incident, place_disclosure="full", date_disclosure="full") == {}


def test_what_was_never_public_stays_nowhere() -> None:
    incident = IncidentFactory(place_disclosure="country", date_disclosure="year")

    assert not publishing.publish([incident]).still_readable


def test_nothing_is_published_that_was_not_confirmed(incident: Incident) -> None:
    Incident.objects.update(place_disclosure="admin1")
    incident.refresh_from_db()
    foreseen = publishing.what_stays_readable([incident])

    with pytest.raises(NotConfirmedError, match=r"^one: summary, location\.id, location\.name, "):
        publishing.publish([incident], confirmed="")
    with pytest.raises(NotConfirmedError):
        publishing.publish([incident], confirmed="0" * 32)
    assert Publication.objects.count() == 1

    publishing.publish([incident], confirmed=foreseen.token)
    assert Publication.objects.count() == 2


def test_looking_shows_what_would_stay_readable_and_writes_nothing(incident: Incident) -> None:
    incident.date_disclosure = "month"
    incident.save()

    assert [record.id for record in publishing.preview(incident).still_readable] == ["one"]
    assert [record.id for record in publishing.what_stays_readable([incident])] == ["one"]
    assert Publication.objects.count() == 1


def test_more_records_than_are_kept_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.publishing.still_readable.KEPT", 1)
    sources = [SourceFactory(url="https://example.org/") for _ in range(3)]
    publishing.publish(sources)
    Source.objects.update(url="")

    found = publishing.publish(Source.objects.all()).still_readable

    assert (len(list(found)), len(found)) == (1, 3)


def test_what_held_back_levels_take_from_reports_counts_though_place_and_day_stay() -> None:
    paper = SourceFactory(public_id="paper", name="Paper")
    report = ReportFactory(public_id="paper-1", source=paper, title="Shots heard", url="https://example.org/1")
    month = {"date_start": date(2022, 5, 1), "date_end": date(2022, 5, 31), "date_precision": "month"}
    incident = IncidentFactory(public_id="one", summary="Shots were heard.", reports=[report], **month)
    publishing.publish([incident])

    assert changed(incident, date_disclosure="month") == {"one": TEXTS}
