"""openapi-python-client makes a package of both documents that compiles, is typed, and talks to a real server."""

from __future__ import annotations

import compileall
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
from tests.schema.server import running_server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as address:
        yield address


def generate(version: str, folder: Path) -> str:
    """Make a package in a folder and return its name; anything that the generator warns of is an error."""
    name = f"incidents_client_{version.replace('.', '_')}"
    config = folder / "config.yaml"
    # Nobody reads the code, so nothing formats it; and the generator knows no Atom.
    config.write_text('post_hooks: []\ncontent_type_overrides: {"application/atom+xml": "application/octet-stream"}\n')
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
    import_module(f"{package}.api.incidents.incidents_list")
    import_module(f"{package}.api.incidents.incidents_retrieve")
    return import_module(f"{package}.api.incidents")


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
