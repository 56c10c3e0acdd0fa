"""Revisions: the published states of records, and the tombstones of those that have ended."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from incidents.fields import BigKeyField, PublicIdField
from incidents.ledger import shapes
from incidents.ledger.querysets import RevisionManager
from incidents.vocabulary import CHANGES

LIVING = ("added", "changed")
"""Changes after which a record is public; the others end it."""

KINDS = ("dataset", "location", "source", "actor", "incident")
"""What can be published, in the order in which one may show the other."""


def _any_of(field: str, values: Iterable[str]) -> Q:
    """Condition as terms joined by OR, which SQLite checks faster than IN."""
    return reduce(or_, (Q(**{field: value}) for value in values))


class Revision(models.Model):
    """One published state of a record, or the tombstone that says why there is none."""

    id = BigKeyField(primary_key=True)
    kind = models.CharField(max_length=10)
    record_id = PublicIdField()
    number = models.PositiveIntegerField()
    seq = models.BigIntegerField()
    retired = models.BigIntegerField(null=True)
    change = models.CharField(max_length=10, choices=CHANGES.choices)
    reason = models.TextField(blank=True)
    target = models.CharField(max_length=80, blank=True, help_text="The record that a merged one went into.")
    fields = models.TextField(blank=True, help_text="What a changed revision changed, names joined by commas.")
    digest = models.CharField(max_length=32, blank=True)
    published_at = models.DateTimeField()
    document = models.TextField(blank=True, help_text="The public JSON, ready to send.")
    shape = models.SmallIntegerField(null=True, help_text="The shape that the document is written in; null: 1.")
    reduced = models.BigIntegerField(
        null=True, help_text="seq of the reduction that replaced its content; of the tombstone of one, its own seq."
    )
    first_published_at = models.DateTimeField(
        null=True, help_text="Time of the record's first revision; null: the same as its own."
    )
    # Null, because a default would make SQLite write a table of millions anew when an older database is migrated.

    objects = RevisionManager()

    class Meta:
        ordering = ("id",)
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=("kind", "record_id", "number"), name="revision_number_once"),
            models.UniqueConstraint(
                fields=("kind", "record_id"), condition=Q(retired__isnull=True), name="revision_one_live"
            ),
            models.CheckConstraint(
                condition=Q(retired__isnull=True) | Q(retired__gte=F("seq")),
                name="revision_retired_after_its_seq",
            ),
            models.CheckConstraint(condition=_any_of("kind", KINDS), name="revision_kind_known"),
            models.CheckConstraint(condition=_any_of("change", CHANGES), name="revision_change_known"),
        ]
        indexes = (
            models.Index(fields=("seq", "id"), name="revision_in_order"),  # changes/ and releases/a...b/
            # The few redactions, which reach the files of releases.
            models.Index(fields=("seq",), name="revision_redacted", condition=Q(change="redacted")),
        )

    def __str__(self) -> str:
        return f"{self.record_id} r{self.number}"

    def content(self) -> shapes.Document:
        """Document in the latest format, for revisions that have one."""
        return shapes.parsed(self.kind, self.shape, self.document)
