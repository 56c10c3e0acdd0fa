"""Actors, reports and claims of a generalised document: those who speak or act are named by their kind.

A report, a source or an actor that two documents show joins them, so a generalised document has no id, title or URL
that another record shows, and the order of its lists says nothing either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson

from incidents.fields import WITHHELD
from incidents.ledger.denormalisation import Document
from incidents.vocabulary import ACTOR_KINDS, SOURCE_KINDS, Vocabulary

FIGURES = ("killed", "injured")
"""What claims may be about to be published: others can contain a place, a day or a name."""

BOUNDS = frozenset(("low", "best", "high"))


def named_by_kind(kind: str, kinds: Vocabulary) -> Document:
    """Id and name that stand for any record of a kind."""
    return {"id": f"{WITHHELD}{kind.replace('_', '-')}", "name": f"{kinds[kind].label} (name withheld)"}


def withheld_actors(actors: Iterable[Document], safe: Collection[str]) -> list[Document]:
    """Actors of a generalised document; those whose ids are `safe` keep their names."""
    named = [
        actor if actor["id"] in safe else {**actor, **named_by_kind(actor["kind"], ACTOR_KINDS)} for actor in actors
    ]
    return sorted(named, key=lambda actor: (actor["role"], actor["id"], actor["certainty"]))


def withheld_evidence(reports: Iterable[Document], claims: Iterable[Document]) -> tuple[list[Document], list[Document]]:
    """Reports and claims of a generalised document; reports of the same kinds with the same claims are alike."""
    figures: dict[str, list[Document]] = {}
    for claim in claims:
        if claim["field"] in FIGURES and _is_figure(claim["value"]):
            figures.setdefault(claim["report"], []).append(claim)
    ordered = sorted(reports, key=lambda report: (*_kinds(report), sorted(map(_said, figures.get(report["id"], ())))))
    opaque = [{**report, "id": f"report-{at}", **_speakers(report)} for at, report in enumerate(ordered, 1)]
    kept = [
        {**claim, "source": (new["relays"] or new["source"])["id"], "report": new["id"]}
        for report, new in zip(ordered, opaque, strict=True)
        for claim in sorted(figures.get(report["id"], ()), key=_said)
    ]
    return opaque, kept


def _kinds(report: Document) -> tuple[str, str]:
    return report["source"]["kind"], report["relays"]["kind"] if report["relays"] else ""


def _speakers(report: Document) -> Document:
    return {
        name: {**speaker, **named_by_kind(speaker["kind"], SOURCE_KINDS)}
        for name in ("source", "relays")
        if (speaker := report[name])
    }


def _said(claim: Document) -> bytes:
    """What a claim says, as text that puts claims in order."""
    said = [claim[name] for name in ("field", "value", "stance", "adopted")]
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def _is_figure(value: Any) -> bool:
    """True for a number, none, or low, best and high of these; anything else can contain words or a point."""
    numbers: Sequence[Any] = (value,)
    if isinstance(value, dict):
        if not value.keys() <= BOUNDS:
            return False
        numbers = tuple(value.values())
    return all(each is None or (type(each) is int and each >= 0) for each in numbers)
