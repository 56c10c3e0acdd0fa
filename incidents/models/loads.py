"""What was loaded, from which file, by whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from incidents.models.datasets import Dataset


class Batch(models.Model):
    """One load of one file: what bulk writes leave instead of an edit history."""

    dataset = models.ForeignKey(
        Dataset,
        null=True,
        on_delete=models.PROTECT,
        related_name="batches",
        help_text="Empty: the file holds no incidents, or changed none.",
    )
    file_name = models.CharField(max_length=300)
    file_hash = models.CharField(max_length=80, help_text="sha256:… of the file.")
    profile = models.CharField(max_length=100)
    complete = models.BooleanField(default=False, help_text="The file was taken to be the whole dataset.")
    counts = models.JSONField(default=dict, help_text="added, changed, withdrawn, unchanged, skipped.")
    publication = models.PositiveBigIntegerField(
        null=True, help_text="seq of the publication; empty if nothing changed."
    )
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "batches"
        ordering = ("-loaded_at",)

    def __str__(self) -> str:
        return f"{self.file_name} into {self.dataset}" if self.dataset else self.file_name
