"""openapi-python-client makes a package of both documents that compiles, is typed, and talks to a real server."""

from __future__ import annotations

import compileall
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.schema.golden import FOLDER, VALIDATORS
from tests.schema.server import RELEASE, running_server

pytestmark = pytest.mark.slow


OPERATIONS = (
    *("list", "retrieve", "list_fields", "geojson", "geojson_nested", "retrieve_geojson", "csv", "acled", "acled_csv"),
    *("parquet", "xlsx", "ndjson", "aggregate", "aggregate_csv", "feed"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as address:
        yield address


def generate(version: str, folder: Path) -> str:
    """Make a package in a folder and return its name; anything that the generator warns of is an error."""
    name = f"incidents_client_{version.replace('.', '_')}"
    config = folder / "config.yaml"
    config.write_text("post_hooks: []\n")  # nobody reads the code, so nothing formats it
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"]
    command += ["--path", str(FOLDER / f"openapi-{version}.json"), "--output-path", str(folder / name)]
    subprocess.run([*command, "--config", str(config)], check=True, capture_output=True)
    return name


@pytest.fixture(scope="module", params=VALIDATORS)
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clients")
    name = generate(request.param, folder)
    sys.path.insert(0, str(folder))
    yield name
    sys.path.remove(str(folder))


@pytest.fixture
def client(package: str, server: str) -> Iterator[Any]:
    with import_module(package).Client(base_url=server, raise_on_unexpected_status=True) as one:
        yield one


@pytest.fixture
def api(package: str) -> ModuleType:
    for name in OPERATIONS:
        import_module(f"{package}.api.incidents.incidents_{name}")
    return import_module(f"{package}.api.incidents")


@pytest.fixture
def releases(package: str) -> ModuleType:
    for name in ("retrieve", "download"):
        import_module(f"{package}.api.releases.releases_{name}")
    return import_module(f"{package}.api.releases")


@pytest.fixture
def models(package: str) -> ModuleType:
    return import_module(f"{package}.models")


def test_all_of_it_compiles(package: str) -> None:
    assert compileall.compile_dir(Path(sys.path[0]) / package, quiet=1)


def test_a_page_is_typed_and_leads_to_the_next(client: Any, api: Any, models: Any) -> None:
    page = api.incidents_list.sync(client=client, limit=5, event_type=[models.EventType.BATTLE])
    assert isinstance(page, models.IncidentPage)
    assert (page.count, page.as_of) == (len(page.results), 1)
    assert {each.event_type for each in page.results} == {models.EventType.BATTLE}
    either = [models.EventType.BATTLE, models.EventType.ARMED_ATTACK]
    page = api.incidents_list.sync(client=client, event_type=either)
    assert {each.event_type for each in page.results} == set(either)

    seen, page = [], api.incidents_list.sync(client=client, limit=5)
    seen += [each.id for each in page.results]
    while page.next_:
        query = {name: value for name, (value,) in parse_qs(urlsplit(page.next_).query).items()}
        page = api.incidents_list.sync(client=client, **query)
        seen += [each.id for each in page.results]
    assert len(seen) == len(set(seen)) == page.count == 12


def test_a_record_is_typed_to_its_depths(client: Any, api: Any, models: Any) -> None:
    incident = api.incidents_retrieve.sync("luhansk-2022-0002", client=client)

    assert isinstance(incident, models.Incident)
    assert incident.date.start == date(2022, 8, 4)
    assert (incident.published.tzinfo, incident.published < datetime.now(UTC)) == (UTC, True)
    assert incident.event_subtype is models.EventSubtype.SHOOTING
    assert (incident.casualties.killed.best, incident.casualties.injured.best) == (None, 2)
    assert [actor.role for actor in incident.actors] == [models.ActorRole.ALLEGED_PERPETRATOR, models.ActorRole.TARGET]
    assert isinstance(incident.reports[0].relays, models.Speaker)


def test_an_answer_that_the_reader_has_is_not_sent_again(client: Any, api: Any) -> None:
    etag = api.incidents_list.sync_detailed(client=client).headers["etag"]

    assert api.incidents_list.sync_detailed(client=client, if_none_match=etag).status_code == 304


def test_an_error_is_typed_too(client: Any, api: Any, models: Any) -> None:
    refused = api.incidents_list.sync(client=client, limit=0)
    assert isinstance(refused, models.Problem)
    assert (refused.code, [error.parameter for error in refused.errors]) == ("invalid_parameter", ["limit"])

    unknown = api.incidents_retrieve.sync("none", client=client)
    assert (unknown.code, unknown.status) == ("not_found", 404)
    codes = [error.code for error in refused.errors]
    assert (refused.code, codes) == (models.ProblemCode.INVALID_PARAMETER, [models.ErrorCode.OUT_OF_RANGE])


def test_chosen_fields_are_typed(client: Any, api: Any, models: Any, package: str) -> None:
    unset = import_module(f"{package}.types").UNSET
    page = api.incidents_list_fields.sync(client=client, fields=[models.IncidentField.TAGS])
    assert isinstance(page, models.IncidentFieldsPage)
    assert {(each.summary, isinstance(each.tags, list)) for each in page.results} == {(unset, True)}


def test_features_are_flat_or_nested(client: Any, api: Any, models: Any) -> None:
    flat = api.incidents_geojson.sync(client=client)
    assert isinstance(flat.features[1].properties, models.IncidentProperties)
    assert (flat.features[1].properties.injured_best, flat.features[1].properties.date_start) == (2, date(2022, 8, 4))
    assert flat.features[1].geometry.coordinates == [39.58975, 49.20846]
    nested = api.incidents_geojson_nested.sync(client=client)
    assert isinstance(nested.features[1].properties, models.Incident)
    one = api.incidents_retrieve_geojson.sync("luhansk-2022-0002", client=client)
    assert one == flat.features[1]


def test_files_are_text_or_bytes(client: Any, api: Any) -> None:
    lines = api.incidents_csv.sync(client=client).splitlines()
    assert (lines[0][:10], len(lines)) == ("id,dataset", 13)
    assert api.incidents_aggregate_csv.sync(client=client).startswith("count,")
    assert api.incidents_parquet.sync(client=client).payload.read(4) == b"PAR1"
    assert api.incidents_xlsx.sync(client=client).payload.read(2) == b"PK"
    assert api.incidents_ndjson.sync(client=client).payload.read().count(b"\n") == 12
    assert "<feed" in api.incidents_feed.sync(client=client)


def test_the_columns_of_acled_are_typed(client: Any, api: Any, models: Any) -> None:
    page = api.incidents_acled.sync(client=client, limit=2)
    assert isinstance(page.results[0], models.AcledRow)
    assert (page.results[0].year, page.results[0].country) == (2022, "Ukraine")
    assert api.incidents_acled_csv.sync(client=client).startswith("event_id_cnty,event_date,year,")


def test_keys_of_groups_are_typed(client: Any, api: Any, models: Any) -> None:
    found = api.incidents_aggregate.sync(client=client, by=[models.GroupKey.EVENT_TYPE, models.GroupKey.MONTH])
    assert {type(group.event_type) for group in found.results} == {models.EventType}
    assert found.by == [models.GroupKey.EVENT_TYPE, models.GroupKey.MONTH]


def test_a_release_is_downloaded(client: Any, releases: Any) -> None:
    release = releases.releases_retrieve.sync(RELEASE, client=client)
    for file in release.files:
        content = releases.releases_download.sync(RELEASE, file.path, client=client).payload.read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size, file.sha256)
    part = releases.releases_download.sync_detailed(RELEASE, "SHA256SUMS", client=client, range_="bytes=0-63")
    assert (part.status_code, len(part.content)) == (206, 64)
