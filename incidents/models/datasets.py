"""Datasets and what their coders watched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from incidents.fields import WebAddressField
from incidents.models.base import Child, NamedRecord, in_order, one_of
from incidents.models.evidence import Source
from incidents.schema.attributes import Attribute, AttributeCode
from incidents.texts import validate_json, validate_licence, validate_long_text, validate_words
from incidents.vocabulary import ATTRIBUTE_TYPES, EVENT_SUBTYPES, EVENT_TYPES, GENERALISED_ATTRIBUTES


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
    safe_tags = models.JSONField(
        "tags that stay",
        null=True,
        blank=True,
        validators=[validate_words],
        help_text="Tags that can identify neither a place, a day nor a person. An incident whose place or date is "
        "coarsened keeps these tags and no others.",
    )

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


class DatasetAttribute(Child):
    """A field that a dataset brings itself; see `incidents.schema.attributes` for what it can be."""

    natural_fields = ("dataset__public_id", "name")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="own_fields")
    name = models.CharField(
        max_length=40,
        help_text="Its name in documents, parameters and tables, for example weapon: lower-case letters, digits and _. "
        "After a change, the former name still finds what was published under it.",
    )
    type = models.CharField(max_length=10, choices=ATTRIBUTE_TYPES.choices)
    label = models.CharField(max_length=200, help_text="What it is called, in English.")
    definition = models.TextField(blank=True, validators=[validate_long_text], help_text="What it means.")
    unit = models.CharField(max_length=60, blank=True, help_text="The unit of its values, for example persons.")
    missing = models.CharField(
        max_length=300, blank=True, help_text="What it means that an incident has no value, for example not reported."
    )
    is_public = models.BooleanField(
        "public", default=True, help_text="If not, neither the field nor its values are published."
    )
    generalised = models.CharField(
        "if place or date is coarsened",
        max_length=10,
        choices=GENERALISED_ATTRIBUTES.choices,
        default="withhold",
        help_text="Keep only what can identify neither a place, a day nor a person.",
    )
    formerly = models.JSONField(
        "former names", default=list, blank=True, validators=[validate_words], help_text="Names that it had before."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in which the fields are shown.")

    class Meta:
        verbose_name = "own field"
        ordering = ("position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("dataset", "name"), name="dataset_attribute_once"),
            one_of("type", list(ATTRIBUTE_TYPES), "dataset_attribute_type_known"),
            one_of("generalised", list(GENERALISED_ATTRIBUTES), "dataset_attribute_generalised_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.dataset}"


class DatasetCode(Child):
    """A code of the vocabulary of a dataset's own field."""

    natural_fields = ("attribute__dataset__public_id", "attribute__name", "code")

    attribute = models.ForeignKey(DatasetAttribute, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=60, help_text="As incidents have it, for example rifle.")
    label = models.CharField(max_length=200, help_text="What it is called, in English.")
    labels = models.JSONField(
        "labels in other languages",
        default=dict,
        blank=True,
        validators=[validate_json],
        help_text='By ISO 639-1 code, for example {"uk": "гвинтівка"}.',
    )
    definition = models.TextField(blank=True, validators=[validate_long_text], help_text="What it means.")
    parent = models.CharField(
        "included in", max_length=60, blank=True, help_text="The code that includes it: a query for that finds both."
    )
    merged_into = models.CharField(
        max_length=60, blank=True, help_text="The code that replaces it. What was published with this one stays found."
    )
    event_type = models.CharField(
        max_length=40, choices=EVENT_TYPES.choices, blank=True, help_text="The event type of incidents with this code."
    )
    event_subtype = models.CharField(max_length=40, choices=EVENT_SUBTYPES.choices, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in which the codes are shown.")

    class Meta:
        verbose_name = "code"
        ordering = ("position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("attribute", "code"), name="dataset_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


def declarations(own_fields: Iterable[DatasetAttribute]) -> tuple[Attribute, ...]:
    """Return the fields of a dataset as the rest of the house reads them; their codes are prefetched or queried."""
    return tuple(
        Attribute(
            each.name,
            each.type,
            each.label,
            each.definition,
            each.unit,
            each.missing,
            tuple(each.formerly),
            tuple(
                AttributeCode(
                    code.code,
                    code.label,
                    tuple(code.labels.items()),
                    code.definition,
                    code.parent,
                    code.merged_into,
                    code.event_type,
                    code.event_subtype,
                )
                for code in each.codes.all()
            ),
            each.generalised,
            each.is_public,
        )
        for each in own_fields
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
            in_order("monitoring_in_order", "monitoring"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} watches {self.source}"
