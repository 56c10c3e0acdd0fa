"""Signals of the ledger, for code that caches data derived from it."""

from django.dispatch import Signal

redacted = Signal()
"""Sent with `using` once a redaction is committed: what was made of the ledger before must not be handed out."""
