from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import Client, RequestFactory

from incidents_api.health import Probes


def test_a_living_process_says_ok_without_asking_the_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"ok\n", "no-store")


@pytest.mark.django_db
def test_a_server_with_its_tables_is_ready(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_a_probe_need_not_know_the_name_of_the_host_nor_https(client: Client, settings: Any, address: str) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(address, headers={"host": "10.0.0.7:8000"}).status_code == 200


def probes() -> Probes:
    return Probes(lambda request: HttpResponse("passed on"))


@pytest.mark.django_db
def test_a_server_without_its_tables_is_not_ready() -> None:
    ((app, latest),) = MigrationLoader(connection).graph.leaf_nodes("incidents")
    MigrationRecorder(connection).record_unapplied(app, latest)

    response = probes()(RequestFactory().get("/readyz"))

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"


@pytest.mark.django_db
def test_a_server_without_its_database_is_not_ready_and_does_not_say_why() -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("password=hunter2")):
        response = probes()(RequestFactory().get("/readyz"))

    assert isinstance(response, HttpResponse)
    assert (response.status_code, response.content) == (503, b"The database cannot be reached.\n")


@pytest.mark.django_db
def test_readiness_comes_back_with_the_database() -> None:
    watch = probes()
    with patch.object(connection, "cursor", side_effect=OperationalError("away")):
        assert watch(RequestFactory().get("/readyz")).status_code == 503

    assert watch(RequestFactory().get("/readyz")).status_code == 200


def test_other_addresses_are_passed_on() -> None:
    response = probes()(RequestFactory().get("/healthz/more"))

    assert isinstance(response, HttpResponse)
    assert response.content == b"passed on"
