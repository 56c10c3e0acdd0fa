"""Every coded value of the dataset, with its definition and its counterparts in ACLED, UCDP GED and GTD.

Models take their choices from here, the API its enumerations, and the codebook is made from it. A code, once
published, is never given another meaning: history keeps the old documents.
"""

from __future__ import annotations

from incidents.vocabulary.actors import ACTOR_KINDS, ACTOR_ROLES, CERTAINTIES, TARGET_KINDS
from incidents.vocabulary.attributes import ATTRIBUTE_TYPES, GENERALISED_ATTRIBUTES
from incidents.vocabulary.events import EVENT_TYPES
from incidents.vocabulary.evidence import CLAIM_FIELDS, INVERSE_RELATIONS, RELATIONS, STANCES
from incidents.vocabulary.places import LOCATION_KINDS, NAME_KINDS
from incidents.vocabulary.precisions import DATE_DISCLOSURES, DATE_PRECISIONS, LOCATION_PRECISIONS, PLACE_DISCLOSURES
from incidents.vocabulary.publishing import CHANGES, EDITORIAL_STATUSES, EFFECTS
from incidents.vocabulary.sources import RELIABILITIES, SCALES, SOURCE_KINDS
from incidents.vocabulary.subtypes import EVENT_SUBTYPES
from incidents.vocabulary.terms import Term, Vocabulary

VOCABULARIES: dict[str, Vocabulary] = {
    vocabulary.name: vocabulary
    for vocabulary in (
        EVENT_TYPES,
        EVENT_SUBTYPES,
        DATE_PRECISIONS,
        LOCATION_PRECISIONS,
        LOCATION_KINDS,
        NAME_KINDS,
        SOURCE_KINDS,
        SCALES,
        RELIABILITIES,
        ACTOR_KINDS,
        ACTOR_ROLES,
        CERTAINTIES,
        TARGET_KINDS,
        STANCES,
        CLAIM_FIELDS,
        RELATIONS,
        PLACE_DISCLOSURES,
        DATE_DISCLOSURES,
        EDITORIAL_STATUSES,
        CHANGES,
        EFFECTS,
        ATTRIBUTE_TYPES,
        GENERALISED_ATTRIBUTES,
    )
}

__all__ = [
    "ACTOR_KINDS",
    "ACTOR_ROLES",
    "ATTRIBUTE_TYPES",
    "CERTAINTIES",
    "CHANGES",
    "CLAIM_FIELDS",
    "DATE_DISCLOSURES",
    "DATE_PRECISIONS",
    "EDITORIAL_STATUSES",
    "EFFECTS",
    "EVENT_SUBTYPES",
    "EVENT_TYPES",
    "GENERALISED_ATTRIBUTES",
    "INVERSE_RELATIONS",
    "LOCATION_KINDS",
    "LOCATION_PRECISIONS",
    "NAME_KINDS",
    "PLACE_DISCLOSURES",
    "RELATIONS",
    "RELIABILITIES",
    "SCALES",
    "SOURCE_KINDS",
    "STANCES",
    "TARGET_KINDS",
    "VOCABULARIES",
    "Term",
    "Vocabulary",
]
