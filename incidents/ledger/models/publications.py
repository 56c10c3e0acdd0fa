"""Publications, and the head that the latest one moved."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.fields import BigKeyField


class Publication(models.Model):
    """One commit to the ledger; `seq` has no gaps and follows the order of commits."""

    seq = BigKeyField(primary_key=True)
    published_at = models.DateTimeField()
    author = models.CharField(max_length=150, blank=True)
    message = models.TextField(blank=True)
    origin = models.JSONField(default=dict, help_text="The load or command that published.")
    counts = models.JSONField(default=dict, help_text="Kind → change → number of records.")
    totals = models.JSONField(default=dict, help_text="Kind → number of public records after this publication.")

    class Meta:
        ordering = ("-seq",)
        indexes = (models.Index(fields=("published_at", "seq"), name="publication_at"),)  # as_of=<time>

    def __str__(self) -> str:
        return f"#{self.seq} {self.message}".strip()


class Head(models.Model):
    """The one row that publishers lock and readers read first."""

    seq = models.BigIntegerField(default=0)
    redacted = models.BigIntegerField(default=0, help_text="seq of the last redaction; part of every ETag.")
    published_at = models.DateTimeField(null=True)
    last_revision = models.BigIntegerField(default=0)
    last_entry = models.BigIntegerField(default=0)
    totals = models.JSONField(default=dict)
    place_index = models.SmallIntegerField(
        db_default=0, help_text="The version of the index of places that all entries of places are written in."
    )

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="ledger_head_is_one_row"),)

    def __str__(self) -> str:
        return f"seq {self.seq}"
