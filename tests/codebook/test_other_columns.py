"""Incidents in the columns of ACLED and UCDP, for scripts that were written for those."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.codebook.profiles import EXPORT_PROFILES
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.loading.files import REAL, load, needs_real_file

pytestmark = pytest.mark.django_db

HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,"
    "longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
SAME = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_new_id", "conflict_name"),
    *("dyad_new_id", "dyad_name", "side_a_new_id", "side_a", "side_b_new_id", "side_b", "number_of_sources"),
    *("where_prec", "priogrid_gid", "country", "iso3", "event_clarity", "date_prec"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
"""Columns of UCDP that come back letter for letter."""


def table(api: APIClient, **params: str) -> list[dict[str, str]]:
    response = api.get("/api/v1/incidents/", {"format": "csv", **params})
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # the stub knows no streamed answers of the test client
    return list(csv.DictReader(io.StringIO(text, newline="")))


@needs_real_file
def test_ucdp_events_go_out_as_they_came_in(api: APIClient) -> None:
    load(REAL)
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        came = {row["id"]: row for row in list(csv.DictReader(file))[1:]}
    went = {row["id"]: row for row in table(api, profile="ucdp-ged")}
    assert went.keys() == came.keys()
    for number, row in went.items():
        origin = came[number]
        assert list(row) == list(origin)
        assert {name: row[name] for name in SAME} == {name: origin[name] for name in SAME}
        for name in ("latitude", "longitude"):
            assert float(row[name]) == float(origin[name])
        for name in ("date_start", "date_end"):
            assert row[name] == origin[name][:10]
        assert row["adm_1"].casefold() == origin["adm_1"].casefold()
        assert row["geom_wkt"].startswith("POINT (")


def battle() -> Any:
    """Make a shooting of known actors, place and sources."""
    country = LocationFactory(public_id="ruritania", name="Ruritania", kind="country", country_code="RUR")
    region = LocationFactory(name="North", kind="admin1", parent=country, country_code="")
    sources = [SourceFactory(name=name) for name in ("Post", "Agency")]
    return IncidentFactory(
        public_id="one",
        summary="=SUM(A1)",
        location=LocationFactory(name="Streltsau", parent=region, country_code="", latitude=48.1, longitude=37.7),
        targets=["civilians"],
        tags=["night", "road"],
        killed_best=3,
        date_end=date(2022, 8, 9),
        date_precision="days",
        reports=[ReportFactory(source=source, title="A, b") for source in sources],
        actors=[
            (ActorFactory(name="Blues", kind="rebel_group"), "alleged_perpetrator"),
            (ActorFactory(name="Greens", kind="militia"), "claimant"),
            (ActorFactory(name="Villagers", kind="civilians"), "target"),
        ],
    )


def test_acled_has_its_31_columns_as_far_as_there_is_something_to_tell(api: APIClient) -> None:
    assert EXPORT_PROFILES["acled"].header == HEADER.split(",")
    publishing.publish([battle()])
    (row,) = table(api, profile="acled")
    assert int(row.pop("timestamp")) > 1_700_000_000
    assert {name: value for name, value in row.items() if value} == {
        "event_id_cnty": "one",
        "event_date": "2022-08-04",
        "year": "2022",
        "time_precision": "2",
        "disorder_type": "Political violence",
        "event_type": "Violence against civilians",
        "sub_event_type": "Attack",
        "actor1": "Blues",
        "assoc_actor_1": "Greens",
        "inter1": "2",
        "actor2": "Villagers",
        "inter2": "7",
        "interaction": "27",
        "civilian_targeting": "Civilian targeting",
        "country": "Ruritania",
        "admin1": "North",
        "location": "Streltsau",
        "latitude": "48.1",
        "longitude": "37.7",
        "geo_precision": "1",
        "source": "Post; Agency",
        "notes": "'=SUM(A1)",
        "fatalities": "3",
        "tags": "night; road",
    }


def test_what_is_not_known_is_empty(api: APIClient) -> None:
    publishing.publish(
        [IncidentFactory(location=None, date_start=None, date_end=None, date_precision="unknown", event_subtype="")]
    )
    acled, ucdp = (table(api, profile=name)[0] for name in ("acled", "ucdp-ged"))
    told = {"event_id_cnty", "disorder_type", "event_type", "sub_event_type", "geo_precision", "notes", "timestamp"}
    assert {name for name, value in acled.items() if value} == told
    assert {name for name, value in ucdp.items() if value} == {"id", "number_of_sources", "where_prec"}
    assert ucdp["number_of_sources"] == "0"


def test_json_has_the_same_rows_a_page_at_a_time(api: APIClient) -> None:
    publishing.publish([battle(), IncidentFactory(public_id="two"), IncidentFactory(public_id="three")])
    page = api.get("/api/v1/incidents/", {"profile": "ucdp-ged", "limit": "2", "ordering": "-date"}).json()
    assert [row["id"] for row in page["results"]] == ["two", "three"]
    assert list(page["results"][0]) == EXPORT_PROFILES["ucdp-ged"].header
    (last,) = api.get(page["next"]).json()["results"]
    assert (last["country"], last["best"], last["date_end"]) == ("Ruritania", 3, "2022-08-09")
    assert last["geom_wkt"] == "POINT (37.7 48.1)"
    assert last["priogrid_gid"] == 199156
    assert api.get(page["count_url"]).json()["count"] == 3


def test_what_a_profile_cannot_be_joined_with_is_refused(api: APIClient) -> None:
    for params, parameter in (
        ({"profile": "acleed"}, "profile"),
        ({"profile": "acled", "format": "geojson"}, "profile"),
        ({"profile": "acled", "fields": "id"}, "fields"),
        ({"profile": "acled", "format": "csv", "hxl": "1"}, "hxl"),
    ):
        response = api.get("/api/v1/incidents/", params)
        assert response.status_code == 400
        assert [error["parameter"] for error in response.json()["errors"]] == [parameter]
    assert api.get("/api/v1/incidents/count/?profile=acled").status_code == 400
    assert api.get("/api/v1/locations/?profile=acled").status_code == 400
