"""Files of releases are downloaded whole or in part, by whoever asks for exactly one of them."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from tests.query.world import World, clock
from tests.releases.conftest import PUBLIC_URL
from tests.releases.making import contents, made
from tests.worlds import world

pytestmark = pytest.mark.django_db

FILE = "/api/v1/releases/all-1/files/incidents.csv"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


@partial(world, copied=False)
def released(thirty: World) -> dict[str, bytes]:
    """The files of a release of thirty incidents, by path."""
    with TemporaryDirectory() as folder, override_settings(VAR_DIR=Path(folder), PUBLIC_URL=PUBLIC_URL), clock():
        made("all-1", parted_from=1)
        return contents(Path(folder))


@pytest.fixture
def whole(released: dict[str, bytes], world: Any, var: Path) -> bytes:
    """The file as it is on the disk."""
    for path, content in released.items():
        file = var / "releases" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return released["all-1/incidents.csv"]


def test_every_file_that_is_listed_is_downloaded_as_it_is_on_the_disk(api: APIClient, whole: bytes, var: Path) -> None:
    on_disk = contents(var)
    for file in api.get("/api/v1/releases/all-1/").json()["files"]:
        answer: Any = api.get(file["url"])
        content = body(answer)
        place = file["path"] if file["path"] == "all-1.zip" else f"all-1/{file['path']}"
        assert answer.status_code == 200
        assert content == on_disk[place]
        assert answer["Content-Length"] == str(file["size"]) == str(len(content))
        assert answer["ETag"].strip('"') == file["sha256"] == hashlib.sha256(content).hexdigest()
        assert b64decode(answer["Repr-Digest"][9:-1]).hex() == file["sha256"]
        assert answer["Content-Type"] == file["media_type"]
        assert answer["Content-Disposition"] == f'attachment; filename="{file["path"].rsplit("/", 1)[-1]}"'
        assert (answer["Accept-Ranges"], answer["Cache-Control"]) == (
            "bytes",
            "public, max-age=3600, must-revalidate",
        )


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("0-0", 0, 1),
        ("5-9", 5, 10),
        ("100-", 100, None),
        ("-7", -7, None),
        ("10-999999999", 10, None),
        ("-99999999", 0, None),
    ],
)
def test_one_range_is_answered_with_that_part(
    api: APIClient, whole: bytes, asked: str, begin: int, end: int | None
) -> None:
    answer = api.get(FILE, headers={"Range": f"bytes={asked}"})
    part = whole[begin:end]
    first = begin % len(whole)
    assert (answer.status_code, body(answer)) == (206, part)
    assert answer["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(whole)}"
    assert answer["Content-Length"] == str(len(part))


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-5", "bytes=-", "bytes=a-b", "bytes", "bytes=1--"]
)
def test_what_is_no_single_range_of_bytes_is_answered_whole(api: APIClient, whole: bytes, asked: str) -> None:
    answer = api.get(FILE, headers={"Range": asked})
    assert (answer.status_code, body(answer)) == (200, whole)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused_with_the_size(api: APIClient, whole: bytes, asked: str) -> None:
    answer = api.get(FILE, headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(whole)}")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_download_that_breaks_off_is_resumed_until_it_is_whole(api: APIClient, whole: bytes) -> None:
    chance, got = Random(1), b""
    etag = api.head(FILE)["ETag"]
    while len(got) < len(whole):
        answer = api.get(FILE, headers={"Range": f"bytes={len(got)}-", "If-Range": etag})
        assert answer.status_code == 206
        got += body(answer)[: chance.randint(1, 3000)]
    assert got == whole


def test_a_part_of_another_file_is_never_put_to_it(api: APIClient, whole: bytes) -> None:
    answer = api.get(FILE, headers={"Range": "bytes=5-", "If-Range": '"another"'})
    assert (answer.status_code, body(answer)) == (200, whole)


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=5-"}, {"If-None-Match": "*"}])
def test_who_means_another_file_gets_none(api: APIClient, whole: bytes, asked: dict[str, str]) -> None:
    etag = api.head(FILE)["ETag"]
    for another in ('"another"', f"W/{etag}", f'"x", {etag[:-1]}'):
        for method in (api.get, api.head):
            answer = method(FILE, headers=asked | {"If-Match": another})
            assert (answer.status_code, answer["ETag"]) == (412, etag)
    for same in (etag, f'"x", {etag}', "*"):
        assert api.get(FILE, headers=asked | {"If-Match": same}).status_code in (200, 206, 304)


def test_who_has_it_is_told_so(api: APIClient, whole: bytes) -> None:
    etag = api.head(FILE)["ETag"]
    for known in (etag, f'"x", W/{etag}', "*"):
        answer = api.get(FILE, headers={"If-None-Match": known, "Range": "bytes=5-"})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


def test_head_tells_the_same_without_the_file(api: APIClient, whole: bytes) -> None:
    got = api.get(FILE)
    for headers in ({}, {"Range": "bytes=5-9"}):  # which HTTP defines for GET alone
        head = api.head(FILE, headers=headers)
        assert (head.status_code, head.content) == (200, b"")
        assert dict(head.items()) == dict(got.items())


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing.csv",
        "../secret_key",
        "..%2Fsecret_key",
        "%2e%2e/secret_key",
        "./incidents.csv",
        "/etc/passwd",
        "incidents",
        "incidents.csv/",
        "../all-1/incidents.csv",
        "incidents.csv%00",
        "INCIDENTS.CSV",
        "other.zip",
        "..\\secret_key",
    ],
)
def test_nothing_but_the_listed_files_is_found(api: APIClient, whole: bytes, var: Path, path: str) -> None:
    (var / "secret_key").write_text("secret")
    (var / "releases" / "other.zip").write_text("secret")
    assert api.get(f"/api/v1/releases/all-1/files/{path}").status_code in (400, 404)


@pytest.mark.parametrize("accept", ["text/csv", "image/png", "application/json"])
def test_any_accept_header_gets_the_file(api: APIClient, whole: bytes, accept: str) -> None:
    assert body(api.get(FILE, headers={"Accept": accept})) == whole


def test_a_parameter_is_refused(api: APIClient, whole: bytes) -> None:
    assert api.get(f"{FILE}?format=json").status_code == 400


def test_a_machine_that_lacks_the_file_says_so_and_the_log_says_what_to_do(
    api: APIClient, whole: bytes, var: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = var / "releases/all-1/incidents.csv"
    file.write_bytes(whole[:-1])  # cut off by somebody
    answer = api.get(FILE)
    assert (answer.status_code, answer.json()["code"]) == (503, "file_missing")
    assert f"{file} is missing or truncated. Run manage.py release --refresh all-1 to rebuild it." in caplog.messages


def test_the_list_shows_each_release_newest_first(api: APIClient, whole: bytes) -> None:
    made("data-1-v1", dataset="data-1", as_of=1)
    first = api.get("/api/v1/releases/?limit=1").json()
    second = api.get(first["next"]).json()
    assert [page["results"][0]["name"] for page in (first, second)] == ["all-1", "data-1-v1"]
    assert (first["count"], second["next"]) == (2, None)
    only = api.get("/api/v1/releases/?dataset=data-1").json()
    assert [each["name"] for each in only["results"]] == ["data-1-v1"]
    shown = api.get("/api/v1/releases/all-1/").json()
    assert shown == first["results"][0]
    assert (shown["as_of"], shown["records"]["incident"], shown["notice"], shown["replaced"]) == (2, 30, None, [])
    assert "http://testserver/api/v1/releases/all-1/" in shown["citation"]


@pytest.mark.parametrize("address", ["releases/", "releases/all-1/", "releases/1...2/"])
def test_etags_are_answered_304_and_a_new_release_is_seen_at_once(api: APIClient, whole: bytes, address: str) -> None:
    first = api.get(f"/api/v1/{address}")
    again = api.get(f"/api/v1/{address}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    made("all-2")
    other = api.get(f"/api/v1/{address}", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == (200 if address == "releases/" else 304)


@pytest.mark.parametrize("address", ["nobody/", "all-1/nobody/", "all-1/files/", "nobody/files/incidents.csv"])
def test_what_is_not_there_is_not_found(api: APIClient, whole: bytes, address: str) -> None:
    assert api.get(f"/api/v1/releases/{address}").status_code == 404
