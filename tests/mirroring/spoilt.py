"""Pages of the feed that are spoilt in one way each, and what a mirror says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


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
    "own values that are none": (document(attributes=[1]), "document.attributes must be an object"),
    "an own value that is none": (document(attributes={"a": [1]}), "document.attributes.a must be a text"),
    "a name that would be SQL": (document(attributes={"a') --": 1}), "which no field can have"),
    "a document of another record": (change(id="x"), "document is one of another revision"),
    "a document of another kind": (change(kind="dataset"), "document.* is missing"),
    "no document": (change(document=None), "document is missing"),
    "a list as a document": (change(document=[1]), "document must be an object"),
    "a document of a tombstone": (change(change="withdrawn"), "document must be null"),
    "an id that is none": (change(id="../x"), "id must be an id"),
    "an id with a line feed": (change(id="x\n"), "id must be an id"),
    "an id of the API's own": (change(id="count"), "id must be an id"),
    "a kind that is not known": (change(kind="person"), "kind is unknown"),
    "a change that is not known": (change(change="x"), "change is unknown"),
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
    "a list": (lambda said: [said], "is not an incidents server"),
    "a number": (lambda said: 1, "is not an incidents server"),
    "another object": (lambda said: {"a": 1}, "is not an incidents server"),
    "a link that is a number": (page(next=5), "has the invalid URL '5' for the next part"),
    "a link without end": (page(next="?x=" + "x" * 9999), "has the invalid URL"),
    "a link that is none": (page(next="http://[?a"), "has the invalid URL"),
}
