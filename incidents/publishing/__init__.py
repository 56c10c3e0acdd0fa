"""The one door between working records and the ledger: publish, withdraw, merge, redact, preview.

Whatever passes is validated, generalised as far as its disclosure asks, rendered once and committed.
"""

from incidents.ledger.content import RefusedError
from incidents.publishing import render
from incidents.publishing.actions import Preview, Result, preview, publish, redact, withdraw
from incidents.publishing.door import Door, publication
from incidents.publishing.merging import merge

__all__ = [
    "Door",
    "Preview",
    "RefusedError",
    "Result",
    "merge",
    "preview",
    "publication",
    "publish",
    "redact",
    "render",
    "withdraw",
]
