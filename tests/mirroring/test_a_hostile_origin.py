"""Whatever an origin sends, a mirror stops with a sentence, soon, keeps nothing half, and goes on when it is mended."""

from __future__ import annotations

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

import pytest

from incidents.ledger.models import Head, Publication, Revision
from incidents.mirroring import origin as asking
from incidents.mirroring import transport
from incidents.mirroring.errors import MirrorError
from incidents.mirroring.origin import Origin
from incidents.mirroring.proof import prove
from tests.mirroring.endless import BODIES
from tests.mirroring.hostile import Hostile, mutated, record, serving_hostile
from tests.mirroring.recorded import empty_ledger, mirror
from tests.mirroring.server import refusal, serving, whole
from tests.mirroring.spoilt import SPOILT, change, doubled, page, publication
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
        ({"next": 1}, "has the invalid URL"),
    ],
)
def test_a_checksum_has_a_shape_too(changes: dict[str, Any], said: str) -> None:
    good = {"as_of": 0, "redacted": 0, "since": 0, "next": None, "count": 0, "seq": 0, "checksum": HEX}
    with serving(whole(**{**good, **changes})) as (address, _), pytest.raises(MirrorError, match=said):
        Origin(address, lambda text: None).checksum({"since": "0"})


def test_a_proof_without_end_is_stopped() -> None:
    class Endless(Origin):
        def _ask(self, address: str) -> Any:
            from incidents.query.change_feed import behind, checksum

            block = checksum(behind(0), 0, 10)
            return {"as_of": 0, "redacted": 0, "next": "?since=0", "count": 0, "seq": 0, "checksum": block.checksum}

    with pytest.raises(MirrorError, match="says that more follows publication 0"):
        prove(Endless("http://a.example/", lambda text: None), 0, lambda done: None)


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
