"""Every field of every kind of record, declared once. See `incidents.schema.fields` for what a declaration says."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.dataset import DATASET
from incidents.schema.evidence import ACTOR, SOURCE
from incidents.schema.incident import INCIDENT
from incidents.schema.kinds import Kind
from incidents.schema.location import LOCATION
from incidents.vocabulary import Vocabulary

KINDS: dict[str, Kind] = {kind.name: kind for kind in (INCIDENT, LOCATION, SOURCE, ACTOR, DATASET)}

PLURALS = {kind: f"{kind}s" for kind in KINDS}
"""What addresses and files call the records of a kind."""

VOCABULARIES: dict[str, Vocabulary] = vocabulary.VOCABULARIES | {
    leaf.field.vocabulary.name: leaf.field.vocabulary
    for kind in KINDS.values()
    for leaf in kind.every
    if leaf.field.vocabulary
}
"""Every vocabulary by its name: those of the house, then those that a field brings."""

__all__ = ["KINDS", "PLURALS", "VOCABULARIES", "Kind"]
