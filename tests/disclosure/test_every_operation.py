"""No operation of the API answers differently, in any byte or header, where nothing but what is held back differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from tests import factories
from tests.disclosure.operations import Requests
from tests.disclosure.pair import Pair
from tests.disclosure.pair_values import LEVELS, OWN, TOWNS, UNKNOWN, WAYS
from tests.disclosure.world import forget_answers
from tests.query.world import clock

pytestmark = pytest.mark.django_db

Answer = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers and body."""
Kept = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers and the digest of the body."""

PLAIN = ("/", "/guide/", "/robots.txt", "/api/v1/docs/", "/api/v1/schema/")
HIDDEN = (*UNKNOWN, "extra-tag", "held-draft-month", "thetaville-0", "theta-courier-0", "theta-band-0")
"""Ids and tags that only working records have."""

SEARCHES: tuple[dict[str, Any], ...] = (
    {"location": ["alphaville"], "q": "Shots"},
    {"id": ["held-never-admin2-0", *(f"id-{n}" for n in range(400))], "location": ["betatown"]},
    {"within": {"type": "Polygon", "coordinates": [[[38, 48], [38.2, 48], [38.2, 48.2], [38, 48.2], [38, 48]]]}},
    {"tag": ["extra-tag"], "date_after": "2022-08-20", "date_before": "2022-08-20", "date_match": "certain"},
)


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.PUBLIC_URL = "https://incidents.example.org"


@contextmanager
def world(bit: int, copies: int, var: Path) -> Iterator[APIClient]:
    """A world of its own, of which nothing stays: neither rows nor files nor what a process has kept."""
    from django.conf import settings

    for name in ("Incident", "Location", "Source", "Actor", "Dataset", "Report"):
        getattr(factories, f"{name}Factory").reset_sequence(0, force=True)
    settings.VAR_DIR = var / str(bit)
    with clock() as later, transaction.atomic():
        forget_answers()
        Pair(bit, copies, later)
        yield APIClient(SERVER_NAME="localhost")
        transaction.set_rollback(True)


def ask(api: APIClient, method: str, address: str, **more: Any) -> Answer:
    answer = getattr(api, method)(address, **more)
    return answer.status_code, sorted(answer.items()), answer.getvalue()


def pool(stored: list[str]) -> list[str]:
    """Return what an attacker would ask for: values of both candidates of every secret, and pieces of them."""
    found = [*stored, *TOWNS, *UNKNOWN, "0", "1", "2", "3", "5", "7", "12", "100", "313", "727", "2000"]
    for key, (name, other, _, latitude, longitude) in TOWNS.items():
        found += [
            name,
            other,
            f"{name[:5]}*",
            f"{key[:-1]}",
            f"tag-{key}",
            f"source-{key}",
            f"channel-{key}",
            f"band-{key}",
        ]
        found += [f"open-{key}", f"report-{key}", f"Headline of {key}", f"{key}.example.org", f'"Quote of {key}"']
        found += [
            f"{longitude},{latitude}",
            f"{longitude - 0.05},{latitude - 0.05},{longitude + 0.05},{latitude + 0.05}",
        ]
        ring = [
            [longitude + x, latitude + y] for x, y in ((-0.1, -0.1), (0.1, -0.1), (0.1, 0.1), (-0.1, 0.1), (-0.1, -0.1))
        ]
        found.append(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    for name, *_ in UNKNOWN.values():
        found += [name, name[:-1]]
    found += [f"held-{way}-{level}-0" for way in WAYS for level in LEVELS]
    found += ["held-draft-month", "held-redacted-month", "loaded-0", "shows-0", "shows-1", "speaker", "group", "hut"]
    found += ["extra-tag", "extra-tags", "railway", "mill", "pier", "bells", "sirens", "03:33", "Kovalenko", "Shevchuk"]
    found += ["Hut of Ivan", "Hut of Petro", "Ivan", "Petro", "teacher", "miner", "Alfa-vil", "note", "inner", "house"]
    found += ["Thetaville", "Iotaburg", "thetaville-0", "iotaburg-0", "theta-band-0", "theta-courier-0", "hamlet"]
    found += [
        "country",
        "region-1",
        "district-1",
        "district-2",
        "Region 1",
        "District 2",
        "UKR",
        "Ukraine",
        "data",
        "own-data",
    ]
    found += ["2022", "2022-08", "2022-08-04", "2022-08-20", "2022-08-05", "2022-08-31", "2022-03-04", "2022-09-14"]
    found += ["2026-01-01", "2026-01-01T12:00:10Z", "full", "later", "attr.crew", "attr.cost", "betatown-two"]
    return list(dict.fromkeys(found))


def own_fields() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, _, one, other in OWN:
        values = [str(part) for each in (one, other) for part in (each if isinstance(each, list) else [each])]
        found[f"attr.{name}"] = [each for each in dict.fromkeys(values) if each != "None"]
        found[f"attr.{name}_min"] = found[f"attr.{name}_max"] = ["2", "400", "2022-08-10", "12:00"]
    return found


def known(api: APIClient) -> dict[str, list[str]]:
    """Return values for paths: ids of records that are or are not public, names of releases and their files."""
    held = [f"held-{way}-{level}-0" for way in WAYS for level in LEVELS]
    files = api.get("/api/v1/releases/full/").json()["files"]
    return {
        "incidents": [
            "held-reduced-admin2-0",
            *held,
            *(f"held-redacted-{each}" for each in LEVELS),
            "held-draft-month",
            "loaded-0",
            "shows-0",
            "shows-1",
            *(f"open-{each}" for each in TOWNS),
        ],
        "locations": [*TOWNS, *UNKNOWN, "district-1", "region-1", "ukr", "hut", "betatown-two", "thetaville-0"],
        "sources": [*(f"source-{each}" for each in TOWNS), "channel-betatown", "speaker", "theta-courier-0"],
        "actors": [*(f"band-{each}" for each in TOWNS), "army", "group", "theta-band-0"],
        "datasets": ["data", "own-data", "loaded"],
        "dataset": ["data", "own-data", "loaded"],
        "vocabulary_name": ["event_type", "unknown"],
        "name": ["full", "later"],
        "earlier": ["full", "1", "3"],
        "later": ["later", "5"],
        "path": [each["path"] for each in files],
    }


def answers(bit: int, copies: int, var: Path, values: int, chance: Random) -> dict[str, Kept]:
    """Ask one world for so many values of each parameter of each operation, and for what is hidden."""
    found: dict[str, Kept] = {}
    with world(bit, copies, var) as api:
        stored = []
        for number, body in enumerate(SEARCHES):
            answer = ask(
                api, "post", "/api/v1/incidents/search/", data=json.dumps(body), content_type="application/json"
            )
            found[f"search {number}"] = kept(answer)
            link = (json.loads(answer[2]).get("count_url") or "").partition("query=")[2][:32]
            stored += [link] if link else []
        assert stored
        requests = sample(list(Requests(known(api), pool(stored), own_fields(), HIDDEN).all()), values, chance)
        for address in dict.fromkeys([*PLAIN, *(address for *_, address in requests)]):
            answer = ask(api, "get", address)
            found[address] = kept(answer)
            if path := next_page(answer):
                found[f"{address} → next"] = kept(ask(api, "get", path))
            if address.endswith("/"):
                found[f"{address} as a page"] = kept(ask(api, "get", address, headers={"accept": "text/html"}))
    return found


def kept(answer: Answer) -> Kept:
    """Return an answer with a digest of its body: there are gigabytes of them."""
    status, headers, body = answer
    return status, headers, blake2b(body).digest()


def next_page(answer: Answer) -> str:
    """Return the path of the next page, if there is one."""
    status, headers, body = answer
    if status != 200 or not dict(headers).get("Content-Type", "").startswith("application/json"):
        return ""
    page = json.loads(body)
    return str(page.get("next")).partition("example.org")[2] if isinstance(page, dict) else ""


def sample(requests: list[tuple[str, str, str]], values: int, chance: Random) -> list[tuple[str, str, str]]:
    """Return so many requests of each parameter of each operation, and each that asks for all that is hidden."""
    by_parameter: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for each in requests:
        by_parameter.setdefault(each[:2], []).append(each)
    hidden = f"={quote(','.join(HIDDEN))}"
    chosen = [one for each in by_parameter.values() for one in chance.sample(each, min(values, len(each)))]
    return [*chosen, *(each for each in requests if each[2].endswith(hidden))]


@pytest.mark.parametrize(("copies", "values"), [(1, 1), pytest.param(3, 12, marks=pytest.mark.slow)])
def test_no_operation_tells_what_is_held_back(copies: int, values: int, seed: str, tmp_path: Path) -> None:
    """Another `--seed` asks for other values."""
    told = [answers(bit, copies, tmp_path, values, Random(seed)) for bit in (0, 1)]
    assert len(told[0]) > 1_000
    assert [each for each in {**told[0], **told[1]} if told[0].get(each) != told[1].get(each)] == []
