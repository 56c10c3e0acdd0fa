"""An origin is asked again where that may help, waits as long as it says, and is refused where it makes no sense."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from incidents.mirroring import transport
from incidents.mirroring.errors import MirrorError, RefusedError, UnreachableError
from incidents.mirroring.origin import Origin
from tests.mirroring.server import ONE, Answer, cut, packed, refusal, serving, silence, whole


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def ask(address: str, tries: int = 8) -> int:
    return int(Origin(address, lambda text: None, tries).changes({"since": "0"}).said["as_of"])


@pytest.mark.parametrize(
    "trouble",
    [cut(0), cut(10), cut(60), packed(12), packed(30), silence, refusal(500), refusal(502), refusal(503)],
    ids=["no body", "cut early", "cut late", "packed early", "packed late", "silence", "500", "502", "503"],
)
def test_what_may_be_better_next_time_is_asked_again(trouble: Answer, waits: list[float]) -> None:
    with serving(trouble, trouble, whole(as_of=7)) as (address, handler):
        assert ask(address) == 7
        assert len(handler.asked) == 3
    assert [0.5 <= waits[0] <= 1, 1 <= waits[1] <= 2] == [True, True]


def test_an_answer_may_be_packed(waits: list[float]) -> None:
    with serving(packed(as_of=3)) as (address, handler):
        assert ask(address) == 3
        assert handler.headers_seen[0]["Accept-Encoding"] == "gzip"


def test_it_waits_as_long_as_it_is_told(waits: list[float]) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    answers = [refusal(429, Retry_After="17"), refusal(503, Retry_After=soon), refusal(429, Retry_After="99999999")]
    with serving(*answers, whole(as_of=7)) as (address, _):
        assert ask(address) == 7
    assert (waits[0], 90 < waits[1] <= 100, waits[2]) == (17, True, 3600)


def test_it_gives_up_after_some_tries(waits: list[float]) -> None:
    with (
        serving(*[refusal(503)] * 9) as (address, handler),
        pytest.raises(UnreachableError, match=r"HTTP 503\. The copied data is kept"),
    ):
        ask(address, tries=5)
    assert (len(handler.asked), len(waits)) == (5, 4)


def test_nobody_there_is_unreachable(waits: list[float]) -> None:
    with serving() as (address, _):
        pass
    with pytest.raises(UnreachableError, match="refused"):
        ask(address, tries=2)


def test_a_refusal_is_told_and_not_asked_again(waits: list[float]) -> None:
    with serving(refusal(400)) as (address, handler), pytest.raises(RefusedError, match="Is still to come") as refused:
        ask(address)
    assert (refused.value.parameters, len(handler.asked), waits) == (frozenset({"since"}), 1, [])


@pytest.mark.parametrize(
    "answer",
    [lambda handler: handler.send(b"<html>", 404), lambda handler: handler.send(b'{"a": 1}'), whole(results=1)],
)
def test_another_kind_of_server_is_told(answer: Answer, waits: list[float]) -> None:
    with serving(answer) as (address, _), pytest.raises(MirrorError, match=r"incidents server|update the mirror"):
        ask(address)
    assert waits == []


def test_an_answer_that_is_too_large_is_asked_for_in_smaller_pages(
    waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 300)
    bomb = packed(filler="0" * 10_000_000)
    with serving(whole(filler="0" * 400), bomb, whole(as_of=1)) as (address, handler):
        assert ask(address) == 1
        assert [path.split("limit=")[1] for path in handler.asked] == ["1000", "500", "250"]
    with serving(*[bomb] * 20) as (address, _), pytest.raises(MirrorError, match=r"One change of .* is larger"):
        ask(address)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("", "/api/v1/changes/"),
        ("/", "/api/v1/changes/"),
        ("/api/v1", "/api/v1/changes/"),
        ("/x/", "/x/api/v1/changes/"),
    ],
)
def test_the_address_of_a_server_or_of_its_api_will_do(given: str, path: str) -> None:
    with serving() as (address, handler):
        ask(address + given)
        assert handler.asked[0].split("?")[0] == path


def test_a_link_is_followed_at_the_address_that_was_given() -> None:
    following = whole(**ONE, next="https://inside.example/api/v1/changes/?cursor=abc&limit=1000&since=0")
    with serving(following) as (address, _):
        part = Origin(address, lambda text: None).changes({"since": "0"})
    assert part.next == {"cursor": "abc", "since": "0"}


@pytest.mark.parametrize("address", ["incidents.example", "ftp://incidents.example", "file:///etc/passwd", "https://"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(MirrorError, match="is not the URL of a server"):
        Origin(address, lambda text: None)
