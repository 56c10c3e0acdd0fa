"""What one public document shows of another: pure functions on documents.

They are used when a document is first written, and again when what it shows changes. So a correction of a place
reaches the published incidents at it without looking at their working records, which may hold unpublished edits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Document = dict[str, Any]

INHERITED_BY_PLACES = ("parent", "admin1", "admin2", "country", "within")


def is_generalised(incident: Document) -> bool:
    """True for a document of an incident whose place or date is published coarser than it is known."""
    return any(level != "full" for level in incident["disclosure"].values())


def place_within(content: Document, parent: Document | None) -> Document:
    """Content of a place with the fields derived from its parent: regions, country, chain of ids."""
    chain = [parent["id"], *parent["within"]] if parent else []
    inherited = {
        "parent": {"id": parent["id"], "name": parent["name"]} if parent else None,
        "admin1": content["name"] if content["kind"] == "admin1" else parent["admin1"] if parent else None,
        "admin2": content["name"] if content["kind"] == "admin2" else parent["admin2"] if parent else None,
        "country": content["country"] or (parent["country"] if parent else None),
        "within": chain,
    }
    return {**content, **inherited}


def place_shown(place: Document) -> Document:
    """The `location` object of an incident document, from the document of its place."""
    return {name: place[name] for name in ("id", "name", "kind", "admin1", "admin2", "country")}


def party_shown(source: Document) -> Document:
    """The brief object of a source in an incident document."""
    return {"id": source["id"], "name": source["name"], "kind": source["kind"]}


def show_again(incident: Document, kind: str, before: Document, after: Document) -> Document:
    """Content of an incident with the new version of one record that it shows."""
    content = {**incident}
    if kind == "location" and incident["location"]["id"] == after["id"]:
        content["location"] = _moved({**incident["location"], **place_shown(after)}, before, after)
    elif kind == "actor":
        content["actors"] = [
            {**actor, "name": after["name"], "kind": after["kind"]} if actor["id"] == after["id"] else actor
            for actor in incident["actors"]
        ]
    elif kind == "source":
        shown = party_shown(after)
        content["reports"] = [
            {
                **report,
                **{part: shown for part in ("source", "relays") if report[part] and report[part]["id"] == after["id"]},
            }
            for report in incident["reports"]
        ]
    elif kind == "dataset" and incident["dataset"] == after["id"]:
        content["licence"] = after["licence"]
    return content


def _moved(location: Document, before: Document, after: Document) -> Document:
    """Place in an incident, moved with the place unless the incident has its own point."""
    if (location["latitude"], location["longitude"]) == (before["latitude"], before["longitude"]):
        return {**location, "latitude": after["latitude"], "longitude": after["longitude"]}
    return location


def replace_reference(incident: Document, kind: str, merged: Document, target: Document) -> Document:
    """Content of an incident with a merged record replaced by its target."""
    content, old = {**incident}, merged["id"]
    if kind == "location" and incident["location"]["id"] == old:
        content["location"] = _moved({**incident["location"], **place_shown(target)}, merged, target)
    elif kind == "actor":
        actors = [
            {**actor, "id": target["id"], "name": target["name"], "kind": target["kind"]}
            if actor["id"] == old
            else actor
            for actor in incident["actors"]
        ]
        content["actors"] = _each_role_once(actors, target["id"])
    elif kind == "source":
        shown = party_shown(target)
        content["reports"] = [
            {
                **report,
                **{part: shown for part in ("source", "relays") if report[part] and report[part]["id"] == old},
            }
            for report in incident["reports"]
        ]
        content["claims"] = [
            {**claim, "source": target["id"]} if claim["source"] == old else claim for claim in incident["claims"]
        ]
    elif kind == "incident":
        related = [
            {**item, "id": target["id"]} if item["id"] == old else item
            for item in incident["related"]
            if not (item["id"] == old and incident["id"] == target["id"])
        ]
        content["related"] = in_order(related)
    return content


def _each_role_once(actors: list[Document], actor: str) -> list[Document]:
    """Actors without those that say a second time that one actor has a role."""
    roles: set[str] = set()
    kept = []
    for each in actors:
        if each["id"] != actor or each["role"] not in roles:
            kept.append(each)
        if each["id"] == actor:
            roles.add(each["role"])
    return kept


def watching_instead(dataset: Document, merged: str, target: str) -> Document:
    """Content of a dataset with a merged source replaced by its target."""
    coverage = dataset["coverage"]
    taken = {watched["start"] for watched in coverage["sources"] if watched["source"] == target}
    rows = [
        {**watched, "source": target} if watched["source"] == merged else watched
        for watched in coverage["sources"]
        if watched["source"] != merged or watched["start"] not in taken
    ]
    return {**dataset, "coverage": {**coverage, "sources": watched_in_order(rows)}}


def watched_in_order(rows: Iterable[Document]) -> list[Document]:
    """Monitored sources in the order of the document, the same on every database."""
    return sorted(rows, key=lambda watched: (watched["source"], watched["start"] or ""))


def without_relation(incident: Document, gone: str) -> Document:
    """Content of an incident without its relation to a withdrawn one."""
    return {**incident, "related": [item for item in incident["related"] if item["id"] != gone]}


def related_anew(incident: Document, items: Iterable[tuple[Document, bool]]) -> Document:
    """Content of an incident with relations added if they hold, and removed if they do not."""
    related = incident["related"]
    for item, holds in items:
        related = [*related, item] if holds else [each for each in related if each != item]
    return {**incident, "related": in_order(related)}


def in_order(related: Iterable[Document]) -> list[Document]:
    """Relations without duplicates, in the order of the document."""
    return [
        {"id": other, "relation": relation}
        for other, relation in sorted({(item["id"], item["relation"]) for item in related})
    ]
