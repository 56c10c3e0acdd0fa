"""The lines for nginx and Caddy, run as they are written."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import orjson
import pytest

from tests.operating.notes import file_block
from tests.operating.proxies import BEHIND_A_PROXY, HOST, SITE, Proxy, caddy, caddy_version, nginx
from tests.schema.server import ROOT, wait_for
from tests.serving.server import Server, running, wait_until

pytestmark = pytest.mark.slow

PROXIES = {"nginx": nginx, "caddy": caddy}
CADDY_THAT_CUTS = (2, 7, 6)
PACKED = {"application/vnd.apache.parquet", "application/zip"}
"""What is compressed already; and workbooks, whose name is longer."""


@pytest.fixture(scope="module", params=PROXIES)
def proxy(request: pytest.FixtureRequest, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with PROXIES[request.param](tmp_path_factory.mktemp(request.param), server) as started:
        yield started


CUTS = [(ended, encoding) for ended in ("job", "worker") for encoding in ("identity", "gzip")]


@pytest.mark.parametrize("number", range(1, 1 + len(CUTS)))
@pytest.mark.parametrize("name", PROXIES)
def test_an_export_that_is_cut_is_incomplete_at_the_client(
    server: Server, tmp_path: Path, name: str, number: int
) -> None:
    ended, encoding = CUTS[number - 1]
    if name == "caddy" and caddy_version() < CADDY_THAT_CUTS:
        pytest.skip("Caddy before 2.7.6 ends a cut answer as a whole one; docs/operating.md says so.")
    with PROXIES[name](tmp_path, server) as proxy:
        query = f"date_after=1900-{len(name):02}-{number:02}"  # an answer that no other test has made
        headers = {"Accept-Encoding": encoding}
        with proxy.open(f"/api/v1/incidents.csv?{query}", headers, buffer=4096) as connection:
            head = connection.recv(100)
            killed = server.jobs if ended == "job" else server.processes[1:]
            assert killed
            for process in killed:
                os.kill(process, signal.SIGKILL)
            rest = _rest(connection)
    wait_for(f"http://127.0.0.1:{server.port}/readyz", server.process)
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"chunked" in head + rest
    assert not rest.endswith(b"0\r\n\r\n")


def test_a_whole_export_is_complete_at_the_client(proxy: Proxy, server: Server) -> None:
    answer = proxy.ask("/api/v1/incidents.csv", {"Accept-Encoding": "gzip"})
    assert (answer.status, answer.is_whole) == (200, True)
    assert gzip.decompress(answer.body).count(b"\r\n") > int(answer.headers["x-row-count"])


@pytest.mark.parametrize("via", [{}, {"Via": "1.1 cdn.example"}])
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/incidents/?limit=5",
        "/api/v1/incidents.csv?limit=5",
        "/api/v1/incidents.ndjson?limit=5",
        "/api/v1/incidents.geojson?limit=5",
        "/api/v1/incidents.atom?limit=5",
        "/api/v1/schema/",
        "/api/v1/schema/?format=yaml",
        "/api/v1/docs/",
        "/static/admin/css/base.css",
        "/static/admin/js/theme.js",
        "/static/admin/img/icon-addlink.svg",
        "/admin/login/",
    ],
)
def test_every_text_is_compressed_also_behind_a_cdn(proxy: Proxy, path: str, via: dict[str, str]) -> None:
    plain = proxy.ask(path, via)
    packed = proxy.ask(path, via | {"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    if len(plain.body) >= 1024:
        assert packed.headers.get("content-encoding") == "gzip"
        assert "accept-encoding" in packed.headers["vary"].lower()
        if not path.startswith("/admin/login"):  # its form has a token of its own each time
            assert gzip.decompress(packed.body) == plain.body


def test_nginx_compresses_every_media_type_of_the_schema_that_is_text() -> None:
    served = set(re.findall(r'"([a-z]+/[^"\s]+)": ?\{', (ROOT / "docs/openapi-3.1.json").read_text(encoding="utf-8")))
    served = {each.partition(";")[0] for each in served if re.fullmatch(r"(application|text)/[\w.+-]+(;.*)?", each)}
    found = re.search(r"gzip_types ([^;]+);", file_block(SITE))
    assert found
    assert {each for each in served if "officedocument" not in each} - PACKED - {"text/html"} <= set(found[1].split())


def test_a_list_of_a_thousand_ids_has_room(proxy: Proxy) -> None:
    ids = ",".join(str(UUID(int=number)) for number in range(1000))
    answer = proxy.ask(f"/api/v1/incidents/?id={ids}")
    assert (answer.status, answer.is_whole, answer.json["count"]) == (200, True, 0)


def test_links_keep_scheme_and_port(proxy: Proxy) -> None:
    answer = proxy.ask("/api/v1/incidents/?limit=1")
    assert str(answer.json["next"]).startswith(f"https://{HOST}:{proxy.port}/api/v1/incidents/?")


def test_http_is_redirected_to_https(server: Server, tmp_path: Path) -> None:
    with nginx(tmp_path, server) as proxy, socket.create_connection(("127.0.0.1", proxy.plain_port)) as connection:
        connection.sendall(f"GET /api/v1/?a=1 HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        head = connection.recv(2**16).decode()
    assert head.startswith("HTTP/1.1 308 ")
    assert f"Location: https://{HOST}/api/v1/?a=1\r\n" in head


def test_a_forged_address_does_not_reach_the_server(
    database: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running(database, **BEHIND_A_PROXY, RATE_LIMIT="3/3600") as server:
        for name, start in PROXIES.items():
            with start(tmp_path_factory.mktemp(name), server) as proxy:
                source = "127.0.0.8" if name == "nginx" else "127.0.0.9"
                statuses = [
                    proxy.ask(
                        "/api/v1/",
                        {"X-Forwarded-For": f"192.0.2.{number}", "X_Forwarded_For": f"192.0.2.{number}"},
                        source=source,
                    ).status
                    for number in range(5)
                ]
                other = proxy.ask("/api/v1/", source="127.0.0.7" if name == "nginx" else "127.0.0.6").status
            assert statuses == [200, 200, 200, 429, 429], name
            assert other == 200, name


def test_a_forged_protocol_does_not_reach_the_server(proxy: Proxy) -> None:
    answer = proxy.ask("/api/v1/", {"X-Forwarded-Proto": "http"})
    assert answer.status == 200  # a redirect to https otherwise


def test_health_is_for_this_machine(server: Server, tmp_path: Path) -> None:
    with nginx(tmp_path, server) as proxy:
        statuses = {
            path: [proxy.ask(path, source=each).status for each in ("127.0.0.1", "127.0.0.5")]
            for path in ("/healthz", "/readyz")
        }
    assert statuses == {"/healthz": [200, 403], "/readyz": [200, 403]}


def test_an_etag_of_a_compressed_answer_is_known_again(proxy: Proxy) -> None:
    etag = proxy.ask("/api/v1/incidents/?limit=5", {"Accept-Encoding": "gzip"}).headers["etag"]
    answer = proxy.ask("/api/v1/incidents/?limit=5", {"Accept-Encoding": "gzip", "If-None-Match": etag})
    assert (answer.status, answer.body) == (304, b"")


def test_a_reader_who_takes_nothing_fills_no_disk(server: Server, tmp_path: Path) -> None:
    with nginx(tmp_path, server) as proxy, proxy.open("/api/v1/incidents.ndjson", buffer=4096) as connection:
        connection.recv(100)
        wait_until(lambda: not server.jobs, 30)
        temporary = [file for file in (tmp_path / "proxy").rglob("*") if file.is_file()]
    assert temporary == []


def _rest(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(2**16):
            found += piece
    except OSError:
        pass
    return found


def test_problems_of_the_server_come_through(proxy: Proxy) -> None:
    answer = proxy.ask("/api/v1/incidents/?evnt_type=battle")
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert orjson.loads(answer.body)["code"] == "invalid_parameter"
