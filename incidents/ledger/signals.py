"""What the ledger tells whoever keeps something that was made of it."""

from django.dispatch import Signal

redacted = Signal()
"""Sent once a redaction is committed: what was made of the ledger before must not be handed out."""
