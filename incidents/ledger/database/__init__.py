"""Whether a database is one that this code can use, and how indexes that it lacks are made again."""

from incidents.ledger.database.differences import Finding, Kind, findings
from incidents.ledger.database.indexes import Made, make_missing

__all__ = ["Finding", "Kind", "Made", "findings", "make_missing"]
