"""The only way from working records to the ledger: publish, withdraw, merge, redact, preview.

Whatever passes is validated, generalised as far as its disclosure asks, rendered once and committed.
"""

from incidents.ledger.content import RefusedError
from incidents.publishing import render
from incidents.publishing.actions import preview, publish, redact, what_stays_readable, withdraw
from incidents.publishing.merging import merge
from incidents.publishing.reducing import reduce
from incidents.publishing.results import NotConfirmedError, Preview, Result
from incidents.publishing.session import PublishingSession, publication
from incidents.publishing.still_readable import StillReadable

__all__ = [
    "NotConfirmedError",
    "Preview",
    "PublishingSession",
    "RefusedError",
    "Result",
    "StillReadable",
    "merge",
    "preview",
    "publication",
    "publish",
    "redact",
    "reduce",
    "render",
    "what_stays_readable",
    "withdraw",
]
