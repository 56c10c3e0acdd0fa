"""Releases: permanent names for publications, with their files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.fields import ByteOrderField
from incidents.ledger.querysets import ReleaseManager


class ReleaseEdition(models.Model):
    """How files of releases are written: columns, definitions, texts. See `incidents.releasing.edition`."""

    digest = models.CharField(primary_key=True, max_length=64)
    content = models.TextField()

    def __str__(self) -> str:
        return self.digest


class Release(models.Model):
    """A permanent name for a publication, with its files.

    A release never changes. Only a redaction affects it: its files become unavailable, and are then rebuilt without the
    redacted record, or withdrawn with a reason. `replaced` lists the earlier files.
    """

    name = ByteOrderField(primary_key=True, max_length=60)
    seq = models.BigIntegerField()
    dataset = models.CharField(max_length=80, blank=True, help_text="The one dataset that it holds; empty: all.")
    title = models.CharField(max_length=300)
    notes = models.TextField(blank=True)
    licences = models.JSONField(default=list, help_text="The terms of the datasets in it, each once.")
    author = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField()
    counts = models.JSONField(default=dict, help_text="Kind → number of records in it.")
    files = models.JSONField(default=list, help_text="Path, size, sha256 and media type of each file.")
    redacted = models.BigIntegerField(default=0, help_text="The last redaction that its files know of.")
    replaced = models.JSONField(default=list, help_text="Earlier files, each with the redaction that replaced it.")
    edition = models.ForeignKey(
        ReleaseEdition,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="How its files are written; null for releases made before editions were stored.",
    )
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="Why its files are withdrawn.")

    objects = ReleaseManager()

    class Meta:
        ordering = ("-seq", "name")
        constraints = (models.CheckConstraint(condition=Q(seq__gt=0), name="release_of_a_publication"),)
        indexes = (models.Index(fields=("seq", "name"), name="release_in_order"),)  # releases/, newest first

    def __str__(self) -> str:
        return self.name
