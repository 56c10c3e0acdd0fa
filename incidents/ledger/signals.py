"""Signals of the ledger, for code that caches data derived from it."""

from django.dispatch import Signal

datasets_published = Signal()
"""Sent once a publication that holds datasets is committed: they may declare fields that have no index yet."""

redacted = Signal()
"""Sent once a redaction is committed: what was made of the ledger before must not be handed out."""
