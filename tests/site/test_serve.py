import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections

from incidents.ledger.models import IncidentEntry, Publication
from incidents.models import Dataset
from incidents_api.management.commands import serve
from tests.factories import DatasetFactory

pytestmark = pytest.mark.processes

LISTENER = serve.Listener("127.0.0.1", 8000, workers=2)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def start(monkeypatch: pytest.MonkeyPatch, **variables: str) -> tuple[str, list[str]]:
    """Run the command up to the moment it becomes granian: what it said, and what it would run."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    out = StringIO()
    with patch("os.execv") as execv:
        call_command("serve", stdout=out)
    ((_, command),) = execv.call_args_list[0][:1]
    return out.getvalue(), command


@pytest.mark.django_db
def test_an_empty_database_is_filled_once(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    first, _ = start(monkeypatch, PORT=str(free))
    second, _ = start(monkeypatch, PORT=str(free))

    assert first.startswith("The database is empty: loading the example dataset luhansk_2022.\n")
    assert "loading" not in second
    assert (Publication.objects.count(), IncidentEntry.objects.count()) == (1, 12)


@pytest.mark.django_db
def test_the_example_can_be_left_out(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    start(monkeypatch, PORT=str(free), EXAMPLE_DATA="off")

    assert not Dataset.objects.exists()


@pytest.mark.django_db
def test_a_database_with_records_of_its_own_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    mine = DatasetFactory()

    start(monkeypatch, PORT=str(free))

    assert list(Dataset.objects.all()) == [mine]


@pytest.mark.django_db
def test_it_says_where_to_look_and_becomes_granian(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    said, command = start(monkeypatch, PORT=str(free), EXAMPLE_DATA="off", WEB_CONCURRENCY="3", HOST="0.0.0.0")

    for path in ("/", "/api/v1/incidents/", "/api/v1/docs/", "/admin/   (`make admin` creates an account)"):
        assert f"http://127.0.0.1:{free}{path}\n" in said
    assert command[:3] == [sys.executable, "-m", "granian"]
    assert command[-1] == "incidents_api.asgi:application"
    for option, value in (
        ("--host", "0.0.0.0"),
        ("--port", str(free)),
        ("--workers", "3"),
    ):
        assert command[command.index(option) + 1] == value


@pytest.mark.django_db
def test_a_database_that_is_away_is_named_with_the_reason() -> None:
    away = OperationalError("Connection refused\n")
    with (
        patch.object(type(connections["default"]), "ensure_connection", side_effect=away),
        pytest.raises(CommandError, match=r"reached: Connection refused\nCheck DATABASE_URL"),
    ):
        serve.require_database()


def test_a_port_that_is_taken_names_another(taken: int) -> None:
    with pytest.raises(CommandError, match=rf"Port {taken} is already in use.*make run PORT={taken + 1}"):
        serve.require_free(LISTENER._replace(port=taken))


@pytest.mark.parametrize(
    ("host", "message"), [("no such host", "is not an address"), ("192.0.2.1", "not an address of this machine")]
)
def test_a_host_that_is_none_of_this_machine_is_refused(host: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        serve.require_free(LISTENER._replace(host=host))


def test_a_port_that_is_free_is_taken_without_a_word(free: int) -> None:
    serve.require_free(LISTENER._replace(port=free))


@pytest.mark.parametrize(
    "variables", [{"PORT": "http"}, {"PORT": "0"}, {"PORT": "65536"}, {"PORT": "-1"}, {"WEB_CONCURRENCY": "0"}]
)
def test_a_number_that_cannot_be_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    (name,) = variables

    with pytest.raises(CommandError, match=f"^{name} must be "):
        start(monkeypatch, **variables)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("[::1]", "http://[::1]:8000"),
        ("example.org", "http://example.org:8000"),
    ],
)
def test_the_address_can_be_opened(host: str, address: str) -> None:
    assert LISTENER._replace(host=host).address == address


def test_there_are_no_more_threads_than_connections() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from incidents_api import settings; print(settings.WEB_THREADS)"],
        env=os.environ | {"DATABASE_POOL": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    assert said.stdout == "1\n"
