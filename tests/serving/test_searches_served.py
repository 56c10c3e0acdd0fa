"""Searches on a real server: a thread answers them, or a job, which has the body too."""

from __future__ import annotations

import json
from typing import Any

from tests.serving.server import Answer, Server

SEARCH = "/api/v1/incidents/search/"


def search(server: Server, body: Any) -> Answer:
    text = json.dumps(body)
    headers = f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}"
    return server.ask(SEARCH, method="POST", headers=headers)


def test_a_page_is_answered_by_a_thread_and_a_file_by_a_job(server: Server) -> None:
    page = search(server, {"date_before": "2014-01-31", "limit": 3})
    listed = server.ask("/api/v1/incidents/?date_before=2014-01-31&limit=3")
    assert (page.status, page.body, page.headers["etag"]) == (200, listed.body, listed.headers["etag"])

    file = search(server, {"date_before": "2014-01-31", "format": "csv"})
    same = server.ask("/api/v1/incidents/?date_before=2014-01-31&format=csv")
    assert (file.status, file.body) == (200, same.body)
    other = search(server, {"date_before": "2014-01-30", "format": "csv"})
    assert other.headers["etag"] != file.headers["etag"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(server: Server) -> None:
    refused = search(server, {"q": "a" * 70_000})
    assert refused.status == 413
    assert "64000" in refused.json["detail"].replace(",", "")
