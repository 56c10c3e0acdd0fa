"""Names that a publication changes or removes: for the safety of somebody, or to correct a mistake.

The documents cannot say which it is, so editors are asked. A name that gives way to a less specific one, and a title or
an address that is removed, is taken to be for safety until an editor says otherwise.
"""

from __future__ import annotations

from typing import Any

from incidents.ledger.denormalisation import Document
from incidents.text_folding import words
from incidents.vocabulary import ACTOR_KINDS, SOURCE_KINDS

NAMED = ("source", "actor")
"""Kinds whose names can identify a person."""

OF_REPORTS = ("title", "url", "archive_url")

GENERIC = frozenset(
    word
    for text in (
        *(code.label for kinds in (SOURCE_KINDS, ACTOR_KINDS) for code in kinds.values()),
        "a an the name names withheld anonymous unnamed unknown undisclosed not given removed source actor group",
    )
    for word in words(text)
)
"""Words that say no more than what kind of source or actor somebody is."""


def changed_names(kind: str, published: Document, new: Document) -> tuple[bool, dict[str, list[Any]]]:
    """Published names, by path, that the new document has in other words or not at all.

    Also whether that looks like a generalisation.
    """
    if kind in NAMED:
        before, after = published["name"], new["name"]
        return is_less_specific(before, after), {"name": [before]} if before != after else {}
    if kind == "incident":
        return _of_incident(published, new)
    return False, {}


def is_less_specific(before: str, after: str) -> bool:
    """True if a name lost words and got no others, or has only words that say what kind of record it is."""
    then, now = set(words(before)), set(words(after))
    return now < then or (now != then and now <= GENERIC)


def _of_incident(published: Document, new: Document) -> tuple[bool, dict[str, list[Any]]]:
    """Actors and reports that are shown no longer, and titles and addresses of reports; not names of who speaks."""
    lost: dict[str, list[Any]] = {}
    coarser = False
    present = {name: {item["id"]: item for item in new[name]} for name in ("actors", "reports")}
    for actor in published["actors"]:
        if actor["id"] not in present["actors"]:
            lost.setdefault("actors.name", []).append(actor["name"])
    for report in published["reports"]:
        now = present["reports"].get(report["id"])
        for name in OF_REPORTS:
            before, after = report[name], now[name] if now else None
            if before and before != after and (now is None or after is None or name == "title"):
                lost.setdefault(f"reports.{name}", []).append(before)
                coarser |= now is not None and is_less_specific(before, after or "")
    return coarser, lost
