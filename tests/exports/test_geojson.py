"""GeoJSON is flat: its properties are the columns of the table, as programs for maps read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd  # type: ignore[import-untyped]  # it brings no types
import pandas as pd  # type: ignore[import-untyped]  # it brings no types
import pytest
from django.core.management import CommandError
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import Publication
from incidents.tables import TABLES
from incidents.tables.cell_parsing import picked
from incidents.tables.cells import joined
from tests.exports.files import ONE, export, load, save
from tests.factories import IncidentFactory
from tests.loading.files import public

pytestmark = pytest.mark.django_db
API = "/api/v1/"


NOT_STORED = ("first_published", "admin1_code", "admin2_code")
"""Columns of what is added to a document when it is shown."""


def features(address: str) -> list[dict[str, Any]]:
    return list(json.loads(export(address))["features"])


def expected(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a record: each column that is not nested, of lists their words joined."""
    values = [(column, picked(column, document)) for column in TABLES[kind].columns if not column.is_nested]
    values = [(column, value) for column, value in values if column.name not in NOT_STORED]
    return {column.name: (joined(value) or None) if column.type == "list" else value for column, value in values}


@pytest.mark.parametrize("kind", ["incident", "location"])
def test_properties_are_the_columns(seed: None, kind: str) -> None:
    found = {each["id"]: each["properties"] for each in features(f"{kind}s.geojson")}
    documents = public(kind)
    codes = {name: (each.pop("admin1_code"), each.pop("admin2_code")) for name, each in found.items()}
    assert set(codes.values()) <= {("UA-09", None), (None, None)}  # which no stored document has
    firsts = {name: each.pop("first_published") for name, each in found.items()}
    assert firsts == {name: document["published"] for name, document in documents.items() if name in found}
    assert found == {name: expected(kind, documents[name]) for name in found}
    nested = [column.name for column in TABLES[kind].columns if column.is_nested]
    assert nested
    assert not set(nested) & set(next(iter(found.values())))


def test_no_property_is_an_object_a_list_or_json(api: APIClient) -> None:
    publishing.publish([IncidentFactory(tags=["one", "a|b"], summary="=1", extra={"a": [1]}, latitude=1, longitude=2)])
    (feature,) = features("incidents.geojson")
    assert all(value is None or isinstance(value, (str, int, float)) for value in feature["properties"].values())
    assert (feature["properties"]["tags"], feature["properties"]["summary"]) == ("one|a\\|b", "=1")
    assert feature["geometry"] == {"type": "Point", "coordinates": [2, 1]}


def test_gdal_sees_numbers_and_dates(seed: None, tmp_path: Path) -> None:
    frame = gpd.read_file(save(tmp_path, "incidents.geojson"))
    kinds = {name: frame[name].dtype.kind for name in frame if name != "geometry"}
    # O: days without a time are objects of Python.
    assert {name: kinds[name] for name in ("revision", "latitude", "radius_km", "injured_best", "published")} == {
        "revision": "i",
        "latitude": "f",
        "radius_km": "f",
        "injured_best": "f",
        "published": "M",
    }
    assert pd.api.types.is_datetime64_any_dtype(pd.to_datetime(frame["date_start"]))
    texts = [value for name in frame if name != "geometry" for value in frame[name] if isinstance(value, str)]
    assert texts
    assert not [text for text in texts if text.startswith(("[", "{"))]


def test_a_file_that_a_map_program_saved_again_is_loaded(seed: None, tmp_path: Path) -> None:
    path = tmp_path / "again.geojson"
    frame = gpd.read_file(save(tmp_path, "incidents.geojson"))
    frame.to_file(path, driver="GeoJSON")
    head = Publication.objects.count()
    assert load(path)[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"
    assert Publication.objects.count() == head
    frame.loc[frame["id"] == ONE, ["tags", "killed_best"]] = ["[one|'=two", 3]
    frame.to_file(path, driver="GeoJSON")
    assert load(path)[0][-1] == "added 0, changed 1, withdrawn 0, unchanged 11"
    after = public()[ONE]
    assert (after["tags"], after["casualties"]["killed"]["best"]) == (["[one", "'=two"], 3)


def test_a_list_that_tells_columns_alone_is_no_document(seed: None, tmp_path: Path) -> None:
    path = save(tmp_path, "incidents.geojson", "?fields=revision,tags")
    assert set(json.loads(path.read_bytes())["features"][0]["properties"]) == {"id", "revision", "tags"}
    assert load(path)[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"


def test_an_unknown_property_is_told(seed: None, tmp_path: Path) -> None:
    path = tmp_path / "again.geojson"
    gpd.read_file(save(tmp_path, "incidents.geojson")).assign(colour="red").to_file(path, driver="GeoJSON")
    with pytest.raises(CommandError, match="Nothing was loaded: 12 rows have errors"):
        load(path)


@pytest.mark.parametrize("how", ["suffix", "format", "accept"])
def test_a_single_record_is_a_feature(seed: None, api: APIClient, how: str) -> None:
    address, headers = {
        "suffix": (f"incidents/{ONE}.geojson", {}),
        "format": (f"incidents/{ONE}/?format=geojson", {}),
        "accept": (f"incidents/{ONE}/", {"accept": "application/geo+json"}),
    }[how]
    response = api.get(API + address, headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, "application/geo+json")
    assert response.json() == features(f"incidents.geojson?id={ONE}")[0]
    again = api.get(API + address, headers={**headers, "if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_single_record_is_a_nested_feature_too(seed: None, api: APIClient) -> None:
    document = api.get(f"{API}incidents/{ONE}/").json()
    for address in (f"incidents/{ONE}.nested.geojson", f"incidents/{ONE}/?format=nested.geojson"):
        assert api.get(API + address).json()["properties"] == document
    chosen = api.get(f"{API}incidents/{ONE}.geojson?fields=killed_best,date").json()["properties"]
    names = [column.name for column in TABLES["incident"].columns if column.top == "date"]
    assert set(chosen) == {"id", "killed_best", *names}
    assert api.get(f"{API}locations/bilovodsk.geojson").json()["properties"]["name"] == "Bilovodsk"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("incidents/none.geojson", 404),
        (f"incidents/{ONE}.geojson?as_of=0", 404),
        (f"incidents/{ONE}.geojson?fields=claims", 400),
        (f"incidents/{ONE}/?fields=killed_best", 400),
        (f"incidents/{ONE}.geojson?format=json", 400),
        (f"sources/{ONE}/?format=geojson", 400),
    ],
)
def test_what_is_no_feature_is_refused(seed: None, api: APIClient, address: str, status: int) -> None:
    assert api.get(API + address).status_code == status


def test_a_merged_record_leads_to_its_target_in_the_same_form(api: APIClient) -> None:
    one, other = IncidentFactory(public_id="one"), IncidentFactory(public_id="other")
    publishing.publish([one, other])
    publishing.merge(one, other, reason="The same.")
    response = api.get(f"{API}incidents/one.geojson?fields=tags")
    assert response.status_code == 308
    assert response["Location"].endswith("/incidents/other.geojson?fields=tags")


@pytest.mark.parametrize("address", ["incidents.geojson", f"incidents/{ONE}.geojson", "incidents/aggregate.csv"])
def test_a_method_that_does_not_exist_is_refused_as_such(api: APIClient, address: str) -> None:
    assert api.delete(API + address).status_code == 405
