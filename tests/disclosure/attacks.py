"""What an attacker can ask a server, and what each answer makes them believe.

An attack returns the index of the candidate that it believes in, or None if the answers say nothing. It knows both
candidates with all that is public of them, and no more than any reader can ask.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from rest_framework.test import APIClient

from tests.disclosure.loading import new_names
from tests.disclosure.world import Candidate, Target

Belief = int | None


class Reader:
    """Asks the public API, and keeps what it answered."""

    def __init__(self) -> None:
        self._api = APIClient(SERVER_NAME="localhost")
        self.answers: dict[str, tuple[int, bytes, str]] = {}
        """Address → status, digest of the body, ETag."""
        self._bodies: dict[str, bytes] = {}
        self._changed: dict[str, set[str]] = {}

    def text(self, address: str) -> str:
        """Body of an answer, asked once."""
        if address not in self.answers:
            answer: Any = self._api.get(f"/api/v1/{address}")
            body = answer.getvalue()
            self.answers[address] = (answer.status_code, blake2b(body).digest(), answer.headers.get("ETag", ""))
            self._bodies[address] = zlib.compress(body, 1)  # there are gigabytes of them
        return zlib.decompress(self._bodies[address]).decode(errors="replace")  # of workbooks the digest is compared

    def json(self, address: str) -> Any:
        """Body of an answer, parsed."""
        return json.loads(self.text(address))

    @cached_property
    def released(self) -> dict[str, list[str]]:
        """Lines of the files of all releases, by incident."""
        found: dict[str, list[str]] = {}
        for release in self.json("releases/")["results"]:
            for line in self.text(f"releases/{release['name']}/files/incidents.csv").splitlines():
                found.setdefault(line.partition(",")[0], []).append(line)
        return found

    @cached_property
    def changes(self) -> dict[str, list[Any]]:
        """All changes of the feed, by record."""
        found: dict[str, list[Any]] = {}
        for each in self._feed("limit=1000"):
            found.setdefault(each["id"], []).append(each)
        return found

    def changed(self, query: str) -> set[str]:
        """Ids of all records of which a query of the feed finds changes."""
        if query not in self._changed:
            self._changed[query] = {each["id"] for each in self._feed(f"{query}&limit=1000")}
        return self._changed[query]

    def _feed(self, query: str) -> Iterator[Any]:
        address = f"changes/?{query}"
        while address:
            page = json.loads(self.text(address))
            yield from page["results"]
            address = (page["next"] or "").partition("/api/v1/")[2]

    def finds(self, target: Target, query: str) -> bool:
        """True if a query for this incident finds it."""
        return bool(self.json(f"incidents/count/?id={target.id}&{query}")["count"])


Attack = Callable[[Reader, Target], Belief]


def _one_of(first: bool, second: bool) -> Belief:
    return None if first == second else int(second)


def _by(query: Callable[[Candidate], str]) -> Attack:
    """Believe in the candidate whose query alone finds the incident."""

    def attack(reader: Reader, target: Target) -> Belief:
        first, second = (reader.finds(target, query(each)) for each in target.candidates)
        return _one_of(first, second)

    return attack


def _box_bisection(reader: Reader, target: Target) -> Belief:
    """Halve a box along the longitude until the point is found; believe in the nearer candidate."""
    west, east, south, north = 30.0, 45.0, 40.0, 60.0
    if not reader.finds(target, f"bbox={west},{south},{east},{north}"):
        return None
    for _ in range(12):
        middle = (west + east) / 2
        if reader.finds(target, f"bbox={west},{south},{middle},{north}"):
            east = middle
        else:
            west = middle
    for _ in range(12):
        middle = (south + north) / 2
        if reader.finds(target, f"bbox={west},{south},{east},{middle}"):
            north = middle
        else:
            south = middle
    return _nearer(target, (south + north) / 2, (west + east) / 2)


def _nearer(target: Target, latitude: float, longitude: float) -> Belief:
    first, second = (abs(each.latitude - latitude) + abs(each.longitude - longitude) for each in target.candidates)
    return None if abs(first - second) < 1e-9 else int(second < first)


def _square_around(longitude: float, latitude: float) -> str:
    corners = [(-0.05, -0.05), (0.05, -0.05), (0.05, 0.05), (-0.05, 0.05), (-0.05, -0.05)]
    ring = ",".join(f"[{longitude + across},{latitude + up}]" for across, up in corners)
    return f'within={{"type":"Polygon","coordinates":[[{ring}]]}}'


def _day_bisection(reader: Reader, target: Target) -> Belief:
    """Believe in the candidate whose day the incident certainly lies in."""
    first, second = (
        reader.finds(target, f"date_after={each.day}&date_before={each.day}&date_match=certain")
        for each in target.candidates
    )
    return _one_of(first, second)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not None:
        yield str(value)


def _joined(document: Any, others: tuple[Any, Any]) -> Belief:
    """Believe in the open incident with which a document has more values in common."""
    mine = set(_leaves(document))
    first, second = (len(mine & (set(_leaves(each)) - set(_leaves(other)))) for each, other in (others, others[::-1]))
    return None if first == second else int(second > first)


def _open(reader: Reader, target: Target) -> tuple[Any, Any]:
    first, second = (reader.json(f"incidents/open-{each.key}/") for each in target.candidates)
    return first, second


def _join_of_documents(reader: Reader, target: Target) -> Belief:
    return _joined(reader.json(f"incidents/{target.id}/"), _open(reader, target))


def _history(reader: Reader, target: Target) -> Belief:
    """Join all that revisions/ and every earlier publication say of it."""
    told = [reader.json(f"incidents/{target.id}/revisions/")]
    head = reader.json("incidents/?limit=1")["as_of"]
    told += [reader.json(f"incidents/?id={target.id}&as_of={at}")["results"] for at in range(1, head + 1)]
    return _joined(told, _open(reader, target))


def _feed(reader: Reader, target: Target) -> Belief:
    """Join all that the feed for mirrors sends of it."""
    return _joined([each["document"] for each in reader.changes.get(target.id, [])], _open(reader, target))


def _kept_copies(reader: Reader, target: Target) -> Belief:
    """Keep copies of queries that only one of the candidates matches, from several publications on."""
    head = reader.json("incidents/?limit=1")["as_of"]
    found = [0, 0]
    for index, each in enumerate(target.candidates):
        day = f"date_after={each.day}&date_before={each.day}&date_match=certain"
        for query in (f"location={each.place}", day, f"q={quote(each.name)}"):
            for since in (0, 2, head // 2, head - 1):
                found[index] += target.id in reader.changed(f"since={since}&{query}")
            found[index] += bool(reader.json(f"changes/?id={target.id}&since=0&{query}")["results"])
    return None if found[0] == found[1] else int(found[1] > found[0])


def _words(reader: Reader, target: Target) -> Belief:
    """Search for every word of the candidates, in all of history."""
    head = reader.json("incidents/?limit=1")["as_of"]
    score = [0, 0]
    for index, each in enumerate(target.candidates):
        for word in (each.name, f"{each.name[:4]}*", f"words of {each.key}", f"{each.day:%d.%m.%Y}", f"{each.day}"):
            score[index] += sum(reader.finds(target, f"q={quote(word)}&as_of={at}") for at in (head - 1, head))
    return None if score[0] == score[1] else int(score[1] > score[0])


def _aggregates(reader: Reader, target: Target) -> Belief:
    """Ask in which group it is counted."""
    told = [
        reader.text(f"incidents/aggregate/?by={by}&id={target.id}")
        for by in ("location", "admin1", "admin2", "month", "actor", "source")
    ]
    return _mentioned("".join(told), target)


def _own_groups(reader: Reader, target: Target) -> Belief:
    """Ask in which group of an own field it is counted."""
    groups = reader.text(f"incidents/aggregate/?by=attr.quarter&id={target.id}")
    first, second = (f'"{each.quarter}"' in groups for each in target.candidates)
    return _one_of(first, second)


def _order(reader: Reader, target: Target) -> Belief:
    """Where it stands among the open incidents of both candidates."""
    ids = [target.id, *(f"open-{each.key}" for each in target.candidates)]
    page = reader.json(f"incidents/?id={','.join(ids)}&ordering=date")
    first, second = (
        [each["id"] for each in page["results"] if each["id"] != name].index(target.id) for name in ids[:0:-1]
    )
    return int(first != second)  # after the one and before the other


def _files(reader: Reader, target: Target) -> Belief:
    """Read what the formats of files say of it."""
    for form in ("xlsx", "parquet"):  # of all at once: one of each incident would take minutes
        reader.text(f"incidents.{form}")
    told = [reader.text(f"incidents.{form}?id={target.id}") for form in FORMS]
    told += [reader.text(f"incidents/{target.id}.{form}") for form in ("geojson", "nested.geojson", "fields.json")]
    return _mentioned("".join(told), target)


FORMS = ("csv", "geojson", "nested.geojson", "fields.json", "acled.csv", "ucdp-ged.json", "ndjson", "atom")


def _releases(reader: Reader, target: Target) -> Belief:
    """Read its line in the files of each release."""
    return _mentioned("".join(reader.released.get(target.id, [])), target)


def _new_names(reader: Reader, target: Target) -> Belief:
    """Look for the names that one candidate would have brought with the last file."""
    kinds = ("locations", "sources", "actors")
    found = [0, 0]
    for index, each in enumerate(target.candidates):
        for kind, name in zip(kinds, new_names(target, each), strict=True):
            found[index] += bool(reader.json(f"{kind}/?q={quote(name)}")["results"])
            # What an unknown name is answered with: suggestions, warnings, errors.
            reader.text(f"{kind}/{name.lower().replace(' ', '-')}/")
            reader.text(f"incidents/count/?id={target.id}&{kind[:-1]}={name.lower().replace(' ', '-')}")
    return None if found[0] == found[1] else int(found[1] > found[0])


def _warnings(reader: Reader, target: Target) -> Belief:
    """Ask for values that the target alone would have, and see which of them are said to be unknown."""
    head = reader.json("incidents/?limit=1")["as_of"]
    known = [0, 0]
    for index, each in enumerate(target.candidates):
        tag = f"only-{target.id}-{each.key}"
        names = [name.lower().replace(" ", "-") for name in new_names(target, each)]
        for at in (head - 1, head):
            known[index] += not reader.json(f"incidents/?tag={tag},railway&as_of={at}")["warnings"]
            reader.text(f"incidents/count/?tag={tag[:-1]}&as_of={at}")  # what would be suggested
            for kind, name in zip(("location", "source", "actor"), names, strict=True):
                reader.text(f"incidents/?{kind}={name}&tag=railway&as_of={at}")
                reader.text(f"{kind}s/count/?id={name[:-1]}&as_of={at}")
    return None if known[0] == known[1] else int(known[1] > known[0])


def _mentioned(text: str, target: Target) -> Belief:
    first, second = (
        sum(text.count(value) for value in (each.name, each.place, each.key, str(each.day), str(each.latitude)))
        for each in target.candidates
    )
    return None if first == second else int(second > first)


@cache
def attacks() -> dict[str, Attack]:
    """All attacks, by channel."""
    return {
        "box": _box_bisection,
        "circle": _by(lambda each: f"near={each.longitude},{each.latitude}&radius_km=5"),
        "area": _by(lambda each: _square_around(each.longitude, each.latitude)),
        "day": _day_bisection,
        "place": _by(lambda each: f"location={each.place}"),
        "words": _words,
        "actor": _by(lambda each: f"actor=actor-{each.key}"),
        "source": _by(lambda each: f"source=source-{each.key}"),
        "relayed": _by(lambda each: f"source=relayed-{each.key}"),
        "tag": _by(lambda each: f"tag=tag-{each.key}"),
        "own code": _by(lambda each: f"attr.quarter={each.quarter}&dataset=data"),
        "own groups": _own_groups,
        "own field": _by(lambda each: f"q=Village%20{each.key}"),
        "documents": _join_of_documents,
        "history": _history,
        "feed": _feed,
        "kept copies": _kept_copies,
        "order": _order,
        "groups": _aggregates,
        "files": _files,
        "releases": _releases,
        "new names": _new_names,
        "warnings": _warnings,
    }
