"""Datasets and what their coders watched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from incidents.fields import WebAddressField
from incidents.models.base import Child, NamedRecord
from incidents.models.evidence import Source
from incidents.texts import validate_licence, validate_long_text


class Dataset(NamedRecord):
    """A body of incidents coded by one rule, under one licence."""

    description = models.TextField(blank=True, validators=[validate_long_text])
    licence = models.CharField(
        max_length=200,
        validators=[validate_licence],
        help_text="An SPDX identifier such as CC-BY-4.0 or ODbL-1.0, or the address of the terms.",
    )
    attribution = models.TextField(
        blank=True, help_text="What whoever shows the data must say.", validators=[validate_long_text]
    )
    citation = models.TextField(
        blank=True, help_text="How to cite the dataset in a paper.", validators=[validate_long_text]
    )
    homepage = WebAddressField(max_length=500, blank=True)
    version = models.CharField(max_length=50, blank=True, help_text="The edition of the origin, for example 22.1.")
    coverage_start = models.DateField(null=True, blank=True, help_text="First day that the dataset means to cover.")
    coverage_end = models.DateField(null=True, blank=True, help_text="Last day that it means to cover.")
    coverage_area = models.CharField(max_length=300, blank=True, help_text="The area it means to cover, in words.")

    class Meta:
        ordering = ("public_id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(coverage_start__lte=F("coverage_end"))
                | Q(coverage_start__isnull=True)
                | Q(coverage_end__isnull=True),
                name="dataset_coverage_in_order",
                violation_error_message="The coverage ends before it starts.",
            ),
            models.CheckConstraint(
                condition=~Q(licence=""),
                name="dataset_has_licence",
                violation_error_message="A dataset without a licence cannot be used by anybody.",
            ),
        )


class Monitoring(Child):
    """A source that the dataset's coders monitored, and when; it shows whether a quiet period was monitored."""

    natural_fields = ("dataset__public_id", "source__public_id", "start")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="monitoring")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="monitored_by")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True, help_text="Empty while it is still watched, or not told.")
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "monitoring"
        ordering = ("start", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("dataset", "source", "start"), name="monitoring_once"),
            models.CheckConstraint(
                condition=Q(start__lte=F("end")) | Q(start__isnull=True) | Q(end__isnull=True),
                name="monitoring_in_order",
                violation_error_message="The monitoring ends before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} watches {self.source}"
