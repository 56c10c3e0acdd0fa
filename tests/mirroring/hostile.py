"""An origin over HTTP that gives recorded answers of this server's feed, spoilt as a test wants them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from rest_framework.test import APIClient

from tests.mirroring.server import Answer, Handler

Spoil = Callable[[Any], Any]
"""Changes the JSON of an answer, or returns another."""

STRANGE: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2**31, 2**63, 2**64 - 1, 1.5, 1e308, "", "x", "1", "x" * 5000, "a\x00b", "\x1b[2J", "../x"),
    *(
        [],
        {},
        [[]],
        [None],
        {"": ""},
        "2026-02-30",
        "2026-01-01",
        "9999-12-31T23:59:59Z",
        "javascript:alert(1)",
        "file:///",
    ),
)


def record(limit: int) -> dict[str, bytes]:
    """Return the answers of this server's feed, by their queries: from its beginning, and from each publication on."""
    answers: dict[str, bytes] = {}
    head, since = 1, 0
    while since <= head:
        query: dict[str, str] | None = {"since": str(since)}
        while query and _name(query) not in answers:
            answer: Any = APIClient().get("/api/v1/changes/", {**query, "limit": str(limit)})
            answers[_name(query)] = answer.content
            head, following = answer.json()["as_of"], answer.json()["next"]
            query = _query(following) if following else None
        since += 1
    return answers


class Hostile:
    """The origin; `spoil` changes answers, `answer` gives bytes instead, each from the answer of that number on."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self._answers = answers
        self.url = ""
        self.good()

    @property
    def pages(self) -> int:
        """Return how many answers the whole feed has."""
        number, following = 0, "?since=0"
        while following:
            number, following = number + 1, orjson.loads(self._answers[_name(_query(following))])["next"]
        return number

    def good(self) -> None:
        """Answer as it was recorded."""
        self.spoil: Spoil = lambda said: said
        self.answer: Answer | None = None
        self.begin_at, self.asked = 0, 0

    def handle(self, handler: Handler) -> None:
        """Answer one request."""
        self.asked += 1
        query = _query(handler.path)
        body = self._answers.get(_name(query))
        if body is None:  # what a hostile link asked for
            error = {"parameter": next(iter(query), ""), "message": "No."}
            handler.send(orjson.dumps({"detail": "No.", "errors": [error]}), 400)
        elif self.asked <= self.begin_at:
            handler.send(body)
        elif self.answer is not None:
            self.answer(handler)
        else:
            handler.send(orjson.dumps(self.spoil(orjson.loads(body))))


@contextmanager
def serving_hostile(answers: dict[str, bytes]) -> Iterator[Hostile]:
    """Give an origin that listens."""
    hostile = Hostile(answers)
    methods = {"do_GET": lambda self: hostile.handle(self), "answers": [], "asked": [], "headers_seen": []}
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Spoilt", (Handler,), methods)) as server:
        server.daemon_threads = True
        hostile.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield hostile
        finally:
            server.shutdown()
            thread.join()


def mutated(said: Any, chance: Random) -> Any:
    """Return an answer with one to three things changed anywhere in it."""
    for _ in range(chance.randint(1, 3)):
        places = list(_places(said))
        holder, key = chance.choice(places)
        what = chance.random()
        if what < 0.2:
            del holder[key]
        elif what < 0.4 and isinstance(holder, list):
            holder.insert(key, holder[chance.randrange(len(holder))])
        elif what < 0.5 and isinstance(holder, list):
            chance.shuffle(holder)
        elif what < 0.6 and isinstance(holder, dict):
            holder[f"{key}x"] = holder.pop(key)
        elif what < 0.8:
            other, name = chance.choice(places)
            holder[key] = orjson.loads(orjson.dumps(other[name])) if _holds(other, name) else None
        else:
            holder[key] = chance.choice(STRANGE)
    return said


def _holds(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every member of every object and list, as its holder and its key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(pairs):
        yield value, key
        yield from _places(item)


def _query(address: str) -> dict[str, str]:
    return {name: value for name, value in parse_qsl(urlsplit(address).query) if name != "limit"}


def _name(query: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(query.items()))
