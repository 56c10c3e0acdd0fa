"""A shared cache gives each reader what they asked for."""

from __future__ import annotations

import gzip
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.operating.notes import blocks, replaced, section
from tests.operating.proxies import HOST, Proxy, nginx
from tests.serving.server import Answer, Server

pytestmark = pytest.mark.slow

CACHE_ALL = """
proxy_cache incidents_cache;
proxy_cache_key $scheme$http_host$request_uri;
proxy_ignore_headers Cache-Control Expires;
proxy_cache_valid any 10m;
add_header X-Cache $upstream_cache_status always;
"""
"""Keeps whatever it may, also errors and what should be asked for again: so only Vary keeps answers apart."""

ORIGIN = {"Origin": "https://reader.example"}
GZIP = {"Accept-Encoding": "gzip"}
VARIANTS: dict[str, Mapping[str, str]] = {
    "json": {"Accept": "application/json"},
    "json of another site": {"Accept": "application/json"} | ORIGIN,
    "page": {"Accept": "text/html"},
    "csv": {"Accept": "text/csv"},
    "csv of another site": {"Accept": "text/csv"} | ORIGIN,
    "geojson": {"Accept": "application/geo+json"},
    "unacceptable": {"Accept": "image/png"},
    "json, compressed": {"Accept": "application/json"} | GZIP,
    "csv, compressed": {"Accept": "text/csv"} | GZIP,
}
PATHS = (
    "/api/v1/incidents/?limit=2",
    "/api/v1/incidents/?limit=2&format=csv",
    "/api/v1/incidents.csv?limit=2",
    "/api/v1/incidents.atom?limit=2",
    "/api/v1/incidents/?limit=x",
    "/api/v1/incidents/none/",
    "/api/v1/nothing/",
    "/api/v1/incidents",
    "/api/v1/changes/?limit=2",
    "/api/v1/codebook/",
    "/api/v1/schema/",
    "/api/v1/",
)


@pytest.fixture(scope="module")
def zone() -> str:
    (line,) = (block.content for block in blocks(section("A shared cache or CDN")) if block.file)
    return line


@pytest.fixture(scope="module")
def proxy(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx(tmp_path_factory.mktemp("uncached"), server) as started:
        yield started


@pytest.fixture(scope="module")
def cache(server: Server, zone: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("cache")
    zone = replaced(zone, {"/var/cache/nginx-incidents": str(folder / "kept")})
    with nginx(folder, server, in_http=zone, in_location=CACHE_ALL) as proxy:
        yield proxy


def _shown(answer: Answer) -> tuple[object, ...]:
    """Return what depends on the variant."""
    body = gzip.decompress(answer.body) if answer.headers.get("content-encoding") == "gzip" else answer.body
    names = ("content-type", "access-control-allow-origin", "content-encoding", "location")
    # A gzipped answer has a weak ETag.
    etag = answer.headers.get("etag", "").removeprefix("W/")
    return answer.status, body, etag, *(answer.headers.get(name) for name in names)


@pytest.mark.parametrize("path", PATHS)
def test_variants_that_are_asked_in_turns_stay_apart(cache: Proxy, proxy: Proxy, path: str) -> None:
    host = {"Host": f"{HOST}:{cache.port}"}  # links hold it
    expected = {name: _shown(proxy.ask(path, {**headers, **host})) for name, headers in VARIANTS.items()}
    hits = 0
    for _ in range(3):
        for name, headers in VARIANTS.items():
            answer = cache.ask(path, headers)
            hits += answer.headers["x-cache"] == "HIT"
            assert _shown(answer) == expected[name], name
    assert hits >= len(VARIANTS)


def test_the_cache_of_the_notes_keeps_the_codebook_without_the_quota_of_another_reader(
    server: Server, zone: str, tmp_path: Path
) -> None:
    location = next(
        block.content for block in blocks(section("A shared cache or CDN")) if "location ~" in block.content
    )
    zone = replaced(zone, {"/var/cache/nginx-incidents": str(tmp_path / "kept")})
    with nginx(tmp_path, server, in_http=zone, cached=textwrap.indent(location, "")) as proxy:
        first, second = (proxy.ask("/api/v1/codebook/") for _ in range(2))
        lists = [proxy.ask("/api/v1/incidents/?limit=1").headers for _ in range(2)]
    assert [each.headers["x-cache"] for each in (first, second)] == ["MISS", "HIT"]
    assert first.body == second.body
    assert not {"ratelimit", "ratelimit-policy"} & {*first.headers, *second.headers}
    assert all("x-cache" not in headers and "ratelimit" in headers for headers in lists)
