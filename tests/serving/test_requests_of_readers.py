"""What requests of the API pass by, and what a server keeps of them."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver

from incidents_api import garbage
from incidents_api.serving import calls
from incidents_api.serving.calls import Handler, environ_of
from tests.serving.server import Server

SCOPE = {
    "method": "GET",
    "path": "/api/v1/",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [(b"host", b"testserver"), (b"cookie", b"sessionid=invented")],
}


@pytest.mark.django_db
def test_a_request_of_the_api_has_no_user_and_no_messages(admin_client: Client) -> None:
    request: Any = admin_client.get("/api/v1/").wsgi_request
    assert (getattr(request, "user", None), getattr(request, "_messages", None)) == (None, None)
    assert not request.session.accessed

    request = admin_client.get("/admin/").wsgi_request
    assert request.user.is_superuser
    assert request._messages is not None


def test_the_view_of_a_path_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls._resolved.cache_clear()
    handler, asked = Handler(), []

    def noted() -> URLResolver:
        asked.append(1)
        return get_resolver()

    monkeypatch.setattr(calls, "get_resolver", noted)
    matches = [handler.resolve_request(handler.request_class(environ_of(SCOPE, None, ""))) for _ in range(3)]

    assert asked == [1]
    assert {match.url_name for match in matches} == {"api-root"}


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/" + "x" * 200])
def test_a_path_that_is_none_is_none_each_time(path: str) -> None:
    handler = Handler()
    for _ in range(2):
        with pytest.raises(Resolver404):
            handler.resolve_request(handler.request_class(environ_of(SCOPE | {"path": path}, None, "")))


def test_a_server_searches_for_garbage_once_in_some_requests_and_not_what_it_started_with() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        garbage.search_between_requests()
        assert gc.get_threshold()[:2] == (garbage.OBJECTS_OF_REQUESTS, garbage.SEARCHES)
        assert gc.get_freeze_count() > frozen
    finally:
        gc.set_threshold(*before)


def test_the_server_lets_glibc_keep_the_memory_of_a_page(server: Server) -> None:
    environment = Path(f"/proc/{server.process.pid}/environ").read_bytes().split(b"\0")
    assert {b"MALLOC_TRIM_THRESHOLD_=4194304", b"MALLOC_MMAP_THRESHOLD_=4194304"} <= set(environment)
