"""Queries that are kept for a while, because they are too long for an address."""

from __future__ import annotations

from django.db import models

from incidents.fields import ByteOrderField


class StoredQuery(models.Model):
    """Filters of incidents that are too long for an address, under their digest; see `stored_queries`."""

    digest = ByteOrderField(max_length=32, primary_key=True)
    parameters = models.TextField(help_text="JSON: name → value, as in an address.")
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest
