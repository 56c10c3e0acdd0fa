"""Whatever an origin sends, a mirror stops with a sentence, soon, keeps nothing half, and goes on when it is mended."""

from __future__ import annotations

import gzip
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import Request

import orjson
import pytest

from incidents.ledger.models import Head, Publication, Revision
from incidents.mirroring import origin as asking
from incidents.mirroring import transport
from incidents.mirroring.errors import MirrorError
from incidents.mirroring.origin import Origin
from incidents.mirroring.proof import prove
from tests.mirroring.hostile import Hostile, mutated, record, serving_hostile
from tests.mirroring.recorded import empty_ledger, mirror
from tests.mirroring.server import Answer, Handler, refusal, serving, whole
from tests.mirroring.story import Story
from tests.mirroring.telling import ledger

pytestmark = pytest.mark.django_db

LIMIT = 30
HEX = "0" * 64


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask again at once, and not often."""
    monkeypatch.setattr(asking, "LONGEST_WAIT", 0)
    monkeypatch.setattr(asking, "LONGEST_RETRY_AFTER", 0)
    monkeypatch.setattr(asking, "TRIES", 2)


class World:
    """A hostile origin, and what a true copy of it holds."""

    def __init__(self, origin: Hostile, true: dict[str, list[str]], folder: Path) -> None:
        self.origin, self.true, self.folder = origin, true, folder

    def copy(self) -> int:
        asked = Origin(self.origin.url, lambda text: None, asking.TRIES)
        return mirror(asked, self.folder).catch_up()

    def copy_all_but_the_last_page(self) -> None:
        self.origin.begin_at, self.origin.answer = self.origin.pages - 1, refusal(403)
        with pytest.raises(MirrorError, match="answers HTTP 403"):
            self.copy()
        self.origin.good()

    def kept(self) -> tuple[int, str]:
        """Return the head of the ledger, and a digest of what the staging holds."""
        (file,) = self.folder.glob("*.sqlite3")
        with closing(sqlite3.connect(file)) as database:
            return Head.objects.get().seq, sha256("\n".join(database.iterdump()).encode()).hexdigest()

    def is_copied(self) -> bool:
        """Tell whether the ledger is the origin's."""
        return ledger() == self.true


RECORDED: list[Any] = []
"""What the first test recorded for all: the rows of the true ledger, and the answers of its origin."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An origin of some publications; this server's own ledger is empty."""
    if not RECORDED:
        story = Story(7)
        for _ in range(20):
            story.step()
        RECORDED.extend((ledger(), record(LIMIT)))
        empty_ledger()
    true, answers = RECORDED
    with serving_hostile(answers) as origin:
        yield World(origin, true, tmp_path)


def living(said: Any) -> Any:
    """Return the first change of an answer that has a document."""
    return next(each for each in said["results"] if each["document"])


def change(**members: Any) -> Callable[[Any], Any]:
    """Return what sets members of a change."""
    return lambda said: living(said).update(members) or said


def document(**members: Any) -> Callable[[Any], Any]:
    """Return what sets members of a document."""
    return lambda said: living(said)["document"].update(members) or said


def publication(**members: Any) -> Callable[[Any], Any]:
    """Return what sets members of the last publication of an answer."""
    return lambda said: said["publications"][-1].update(members) or said


def without(name: str, of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what takes a member out of a part of an answer."""
    return lambda said: (of(said).pop(name) and said) or said


def page(**members: Any) -> Callable[[Any], Any]:
    """Return what sets members of an answer."""
    return lambda said: said | members


def emptied(said: Any) -> Any:
    return said | {"publications": [], "results": [], "next": "?cursor=x"}


def doubled(said: Any) -> Any:
    return said | {"results": [*said["results"], said["results"][-1]]}


def of_other_order(said: Any) -> Any:
    return said | {"results": said["results"][::-1]}


def with_gap(said: Any) -> Any:
    first = said["publications"][0]["seq"]
    for each in (*said["publications"], *said["results"]):
        each["seq"] += each["seq"] > first
    return said | {"as_of": said["as_of"] + 1}


def later(said: Any) -> Any:
    for each in (*said["publications"], *said["results"]):
        each["seq"] += 3
    return said | {"as_of": said["as_of"] + 3}


SPOILT: dict[str, tuple[Callable[[Any], Any], str]] = {
    "an empty page that goes on": (emptied, "results are empty, and .next says that more follow"),
    "an empty page that is behind": (lambda said: emptied(said) | {"next": None}, "nothing after publication"),
    "a text as seq": (change(seq="1"), r"results\.\d+\.seq must be a whole number from 1"),
    "a seq that no column holds": (change(seq=2**63), r"results\.\d+\.seq must be a whole number"),
    "a seq beyond as_of": (page(as_of=0), "results hold publication .*, and as_of is 0"),
    "a change without a field": (without("reason", living), r"results\.\d+\.reason is missing"),
    "a document without a field": (without("id", lambda said: living(said)["document"]), r"document\.id is missing"),
    "a document with a wrong type": (document(revision="2"), "document.revision must be a whole number from 1"),
    "a document of another record": (change(id="x"), "document is one of another revision"),
    "a document of another kind": (change(kind="dataset"), "document.* is missing"),
    "no document": (change(document=None), "document is missing"),
    "a list as a document": (change(document=[1]), "document must be an object"),
    "a document of a tombstone": (change(change="withdrawn"), "document must be null"),
    "an id that is none": (change(id="../x"), "id must be an id"),
    "an id with a line feed": (change(id="x\n"), "id must be an id"),
    "an id of the API's own": (change(id="count"), "id must be an id"),
    "a kind that is not known": (change(kind="person"), "kind is not known"),
    "a change that is not known": (change(change="x"), "change is not known"),
    "a revision of none": (change(revision=0), "revision must be a whole number from 1"),
    "no day": (publication(published="2026-02-30T00:00:00Z"), "published must be a time"),
    "a time without a zone": (publication(published="2026-01-01T00:00:00"), "published must be a time"),
    "a negative count": (publication(counts={"a": {"b": -1}}), "counts.a.b must be a whole number"),
    "no publications": (page(publications=None), "publications must be a list"),
    "other publications": (page(publications=[]), "publications must be those of .results"),
    "results in another order": (of_other_order, "results must be in the order"),
    "a gap": (with_gap, "publications must follow each other without a gap"),
    "a publication too many": (later, r"sends publication \d+ after \d+"),
    "a change twice": (doubled, r"more changes of publication \d+ than the"),
    "fewer counted than sent": (publication(counts={}), r"more changes of publication \d+ than the 0"),
    "a NUL": (change(reason="a\0b"), r"a NUL character in results\.\d+\.reason"),
    "a list": (lambda said: [said], "does not answer like a server of incidents"),
    "a number": (lambda said: 1, "does not answer like a server of incidents"),
    "another object": (lambda said: {"a": 1}, "does not answer like a server of incidents"),
    "a link that is a number": (page(next=5), "says that the next part is at '5', which is no address"),
    "a link without end": (page(next="?x=" + "x" * 9999), "which is no address"),
    "a link that is none": (page(next="http://[?a"), "which is no address"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_it_stops_with_a_sentence_keeps_nothing_of_it_and_goes_on_later(world: World, name: str) -> None:
    world.copy_all_but_the_last_page()
    before = world.kept()
    assert before[0] > 0
    world.origin.spoil, said = SPOILT[name]
    began = time.monotonic()
    with pytest.raises(MirrorError, match=said) as stopped:
        world.copy()
    assert time.monotonic() - began < 20
    assert str(stopped.value).startswith(world.origin.url)
    assert "\n" not in str(stopped.value)
    assert world.kept() == before

    world.origin.good()
    world.copy()
    assert world.is_copied()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda said: publication(counts={"x": {"y": 10**6}})(doubled(said)), "what cannot be written: IntegrityError"),
        (lambda said: change(target="x" * 80, changed_fields=["x"] * 9)(said), ""),
    ],
    ids=["a revision twice", "members that mean nothing"],
)
def test_what_cannot_be_written_is_forgotten(world: World, spoil: Callable[[Any], Any], said: str) -> None:
    world.copy_all_but_the_last_page()
    world.origin.spoil = spoil
    if said:
        with pytest.raises(MirrorError, match=said):
            world.copy()
        world.origin.good()
        world.copy()
        assert world.is_copied()
    else:
        world.copy()  # a checksum tells
        assert not world.is_copied()


def test_a_link_elsewhere_is_asked_for_at_the_origin(world: World) -> None:
    world.origin.spoil = page(next="file:///etc/passwd?cursor=x")
    with pytest.raises(MirrorError, match=f"^{world.origin.url}.*cursor=x.* answers HTTP 400"):
        world.copy()

    world.origin.good()
    world.copy()
    assert world.is_copied()


def test_a_publication_without_end_is_stopped_by_its_count(world: World) -> None:
    def again(said: Any) -> Any:
        first = said["publications"][0]["seq"]
        results = [each for each in said["results"] if each["seq"] == first]
        return said | {"publications": said["publications"][:1], "results": results, "next": "?since=0"}

    world.origin.spoil = again
    with pytest.raises(MirrorError, match="more changes of publication 1 than"):
        world.copy()


def answering(body: bytes, **headers: str) -> Answer:
    return lambda handler: handler.send(body, 200, None, **headers)


def drip(handler: Handler) -> None:
    """Send the beginning of an answer, a byte at a time, for ever."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.02)


def drip_headers(handler: Handler) -> None:
    """Send a header without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.02)


def endless(handler: Handler) -> None:
    """Send bytes without end, as fast as they are read."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"[" * 2**16)


def endless_gzip(handler: Handler) -> None:
    """Send packed bytes that unpack to nothing, without end."""
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    handler.wfile.write(gzip.compress(b"")[:10])
    while True:
        handler.wfile.write(b"\x00\x00\x00\xff\xff" * 2**14)


def endless_continue(handler: Handler) -> None:
    """Say that an answer is to come, without end."""
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.02)


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"\x00\xff" * 99)


BODIES: dict[str, tuple[Answer, str]] = {
    "HTML": (answering(b"<html>", Content_Type="text/html"), "answers with text/html, not JSON"),
    "no JSON": (answering(b"{" * 2000), "is not whole JSON"),
    "nested without end": (answering(b"[" * 5000 + b"]" * 5000), "is not whole JSON"),
    "no UTF-8": (answering(b'{"as_of": "\xff"}'), "is not whole JSON"),
    "half a character": (answering(b'{"as_of": "\\ud800"}'), "is not whole JSON"),
    "nothing": (answering(b""), "is not whole JSON"),
    "another coding": (answering(b"x", Content_Encoding="br"), "in the coding 'br'"),
    "two codings": (answering(b"x", Content_Encoding="gzip, gzip"), "in the coding 'gzip, gzip'"),
    "no gzip": (answering(b"x" * 99, Content_Encoding="gzip"), "incorrect header check"),
    "more behind gzip": (
        answering(gzip.compress(b"{}") + b"x" * 99, Content_Encoding="gzip"),
        "bytes after the end of its packed answer",
    ),
    "a bomb": (answering(gzip.compress(b"0" * 2 * 10**6), Content_Encoding="gzip"), "One change of .* is larger"),
    "bytes without end": (endless, "One change of .* is larger"),
    "packed bytes without end": (endless_gzip, "One change of .* is larger"),
    "drops": (drip, "the answer took too long"),
    "drops of headers": (drip_headers, "the answer took too long"),
    "the same promise": (endless_continue, "the answer took too long"),
    "a redirect elsewhere": (
        lambda handler: handler.send(b"", 302, Location="http://localhost:1/api/v1/changes/"),
        "redirects to http://localhost:1/api/v1/changes/, which is another server",
    ),
    "a redirect to a file": (
        lambda handler: handler.send(b"", 302, Location="file:///etc/passwd"),
        "answers HTTP 302|not",
    ),
    "a redirect to nowhere": (lambda handler: handler.send(b"", 302), "answers HTTP 302"),
    "a redirect in a circle": (lambda handler: handler.send(b"", 302, Location=handler.path), "answers HTTP 302"),
    "an escape sequence": (
        lambda handler: handler.send(orjson.dumps({"detail": "\x1b[2J" + "x" * 999}), 403),
        r"answers HTTP 403: \?\[2Jx+$",
    ),
    "no HTTP": (no_http, "HTTP|BadStatusLine|cannot be read"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_bounded_in_bytes_and_time(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 10**6)
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 1)
    world.origin.answer, said = BODIES[name]
    began = time.monotonic()
    with pytest.raises(MirrorError, match=said):
        world.copy()
    assert time.monotonic() - began < 20
    assert (Head.objects.get().seq, list(world.folder.iterdir())) == (0, [])


def test_a_redirect_within_the_origin_is_followed() -> None:
    with serving(lambda handler: handler.send(b"", 307, Location="/other/"), whole()) as (address, handler):
        assert Origin(address, lambda text: None).changes({"since": "0"}).said["as_of"] == 0
        assert handler.asked[1] == "/other/"


@pytest.mark.parametrize(
    ("here", "there", "follows"),
    [
        ("http://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "http://a.example/x", False),
        ("http://a.example:8000/x", "https://a.example:8443/x", False),
        ("https://a.example/x", "https://a.example:444/x", False),
        ("https://a.example/x", "https://b.example/x", False),
        ("https://a.example/x", "https://a.example.b.example/x", False),
    ],
)
def test_redirects_stay_with_the_host_and_never_leave_https(here: str, there: str, follows: bool) -> None:
    handler = transport._SameOrigin(here)
    request = Request(here)
    if follows:
        assert handler.redirect_request(request, None, 302, "", {}, there).full_url == there
    else:
        with pytest.raises(MirrorError, match=re.escape(f"redirects to {there}, which is another server")):
            handler.redirect_request(request, None, 302, "", {}, there)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"checksum": "x"}, "checksum must have 64 hexadecimal digits"),
        ({"count": "1"}, "count must be a whole number"),
        ({"seq": None}, "seq must be a whole number"),
        ({"redacted": None}, "redacted must be a whole number"),
        ({"next": 1}, "is no address"),
    ],
)
def test_a_checksum_has_a_shape_too(changes: dict[str, Any], said: str) -> None:
    good = {"as_of": 0, "redacted": 0, "since": 0, "next": None, "count": 0, "seq": 0, "checksum": HEX}
    with serving(whole(**{**good, **changes})) as (address, _), pytest.raises(MirrorError, match=said):
        Origin(address, lambda text: None).checksum({"since": "0"})


def test_a_proof_without_end_is_stopped() -> None:
    class Endless(Origin):
        def _ask(self, address: str) -> Any:
            from incidents.query.changes import behind, checksum

            block = checksum(behind(0), 0, 10)
            return {"as_of": 0, "redacted": 0, "next": "?since=0", "count": 0, "seq": 0, "checksum": block.checksum}

    with pytest.raises(MirrorError, match="says that more follows publication 0"):
        prove(Endless("http://a.example/", lambda text: None), 0, "default", lambda done: None)


def tried(world: World, seed: int) -> None:
    """Let the origin change answers at random, and see that a mirror ends well or in a sentence."""
    chance = Random(seed)
    world.origin.good()
    world.origin.begin_at = chance.randint(0, 3)
    world.origin.spoil = lambda said: mutated(said, chance)
    began = time.monotonic()
    said = ""
    try:
        world.copy()
    except MirrorError as stopped:
        said = str(stopped)
    assert ("\n" in said, len(said) < 2000) == (False, True), seed
    assert time.monotonic() - began < 60, seed
    assert Head.objects.get().seq == Publication.objects.count(), seed
    assert Revision.objects.filter(seq__gt=Head.objects.get().seq).count() == 0, seed
    for file in world.folder.iterdir():
        file.unlink()
    empty_ledger()


def test_answers_that_were_changed_at_random_end_in_a_sentence(world: World) -> None:
    for seed in range(40):
        tried(world, seed)
    world.origin.good()
    world.copy()
    assert world.is_copied()


@pytest.mark.slow
def test_many_answers_that_were_changed_at_random_end_in_a_sentence(world: World) -> None:
    for seed in range(1000, 3000):
        tried(world, seed)
