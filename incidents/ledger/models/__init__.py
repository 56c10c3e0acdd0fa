"""The ledger: publications, revisions, and the entries that index the revisions.

A revision is valid from its `seq` until `retired`, the seq of the publication that took its place. A tombstone is a
revision that is born retired, so no reader's interval ever holds it. Rows are written by `incidents.ledger.commit`
alone; `retired` is set once, and only a redaction empties a document.
"""

from incidents.ledger.models.entries import (
    ENTRIES,
    FIRST_PUBLISHED,
    KIND_OF_ENTRY,
    LONG_DAYS,
    YEARS_DAYS,
    ActorEntry,
    DatasetEntry,
    Entry,
    IncidentEntry,
    LocationEntry,
    NamedEntry,
    SourceEntry,
    value_columns,
)
from incidents.ledger.models.publications import Head, Publication
from incidents.ledger.models.releases import Release, ReleaseEdition
from incidents.ledger.models.revisions import KINDS, LIVING, Revision
from incidents.ledger.models.stored_queries import StoredQuery

__all__ = [
    "ENTRIES",
    "FIRST_PUBLISHED",
    "KINDS",
    "KIND_OF_ENTRY",
    "LIVING",
    "LONG_DAYS",
    "YEARS_DAYS",
    "ActorEntry",
    "DatasetEntry",
    "Entry",
    "Head",
    "IncidentEntry",
    "LocationEntry",
    "NamedEntry",
    "Publication",
    "Release",
    "ReleaseEdition",
    "Revision",
    "SourceEntry",
    "StoredQuery",
    "value_columns",
]
