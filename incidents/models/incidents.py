"""Incidents: what happened, when and where, and how many people were harmed."""

from __future__ import annotations

import itertools
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from incidents.models.base import PublicRecord, one_of
from incidents.models.datasets import Dataset
from incidents.models.evidence import Actor, Report
from incidents.models.places import Location
from incidents.models.points import degrees, whole_and_on_earth
from incidents.schema.incident import INCIDENT
from incidents.texts import validate_json, validate_long_text, validate_time_of_day, validate_time_zone, validate_words
from incidents.vocabulary import (
    DATE_DISCLOSURES,
    DATE_PRECISIONS,
    EDITORIAL_STATUSES,
    EVENT_SUBTYPES,
    EVENT_TYPES,
    LOCATION_PRECISIONS,
    PLACE_DISCLOSURES,
    TARGET_KINDS,
)

CASUALTY_FIELDS = tuple(f"{what}_{which}" for what in ("killed", "injured") for which in ("low", "best", "high"))


def _not_falling(lower: str, higher: str) -> Q:
    return Q(**{f"{lower}__isnull": True}) | Q(**{f"{higher}__isnull": True}) | Q(**{f"{lower}__lte": F(higher)})


def _figure(what: str, which: str) -> Any:
    return models.PositiveIntegerField(
        f"{what}, {which}",
        null=True,
        blank=True,
        help_text="Empty: not reported. 0: reported that there were none.",
    )


class Incident(PublicRecord):
    """One act or course of acts at one place (however coarse) in one interval of time (however long)."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="incidents")
    summary = models.TextField(
        help_text="What happened, in neutral words, with who says so. No private names.",
        validators=[validate_long_text],
    )
    event_type = models.CharField(max_length=40, choices=EVENT_TYPES.choices)
    event_subtype = models.CharField(max_length=40, choices=EVENT_SUBTYPES.choices, blank=True)

    date_start = models.DateField(null=True, blank=True, help_text="Earliest day it can have begun; empty if not told.")
    date_end = models.DateField(
        null=True, blank=True, help_text="Latest day it can have ended; empty if not told or ongoing."
    )
    date_precision = models.CharField(max_length=10, choices=DATE_PRECISIONS.choices)
    date_remark = models.CharField(max_length=300, blank=True, help_text="Published: what the bounds rest on.")

    time_of_day = models.CharField(
        "time",
        max_length=8,
        blank=True,
        validators=[validate_time_of_day],
        help_text="Local time at which it began, as HH:MM, 24 hours; empty if not known.",
    )
    time_zone = models.CharField(
        max_length=40,
        blank=True,
        validators=[validate_time_zone],
        help_text="The zone of the time, for example Europe/Kyiv.",
    )

    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")
    location_as_reported = models.CharField("place as reported", max_length=500, blank=True)
    location_precision = models.CharField(max_length=20, choices=LOCATION_PRECISIONS.choices)
    latitude = degrees(90, "Only where a report gives a point of its own; otherwise the point of the place is shown.")
    longitude = degrees(180, "Likewise.")
    radius_km = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="It lies within this distance of the point.",
    )
    location_remark = models.CharField(
        max_length=500, blank=True, help_text="Published: how the place was resolved, how surely."
    )

    targets = models.JSONField(
        default=list, blank=True, validators=[validate_words], help_text="Target kinds, for example railway, vehicle."
    )
    killed_low = _figure("killed", "low")
    killed_best = _figure("killed", "best")
    killed_high = _figure("killed", "high")
    injured_low = _figure("injured", "low")
    injured_best = _figure("injured", "best")
    injured_high = _figure("injured", "high")

    figures_as_coded = models.BooleanField(
        "figures kept as coded",
        default=False,
        help_text="The origin's low, best and high are not in order; they are kept as they are, not put right.",
    )

    tags = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_words],
        help_text="Free words in lower case, for example railway-war.",
    )
    extra = models.JSONField(
        default=dict,
        blank=True,
        validators=[validate_json],
        help_text="Published: columns of the origin that have no field here, by their own names.",
    )
    attributes = models.JSONField(
        default=dict,
        blank=True,
        validators=[validate_json],
        help_text="Values of the dataset's own fields, by the name of the field.",
    )
    place_disclosure = models.CharField(max_length=10, choices=PLACE_DISCLOSURES.choices, default="full")
    date_disclosure = models.CharField(max_length=10, choices=DATE_DISCLOSURES.choices, default="full")
    text_confirmations = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        validators=[validate_json],
        help_text="Texts that an editor confirmed for a level of disclosure; see `publishing.text_confirmations`.",
    )  # null, because a default would make SQLite write a table of millions anew when an older database is migrated
    editorial_status = models.CharField(max_length=10, choices=EDITORIAL_STATUSES.choices, default="draft")

    actors = models.ManyToManyField(Actor, through="IncidentActor", related_name="incidents")
    reports = models.ManyToManyField(Report, through="IncidentReport", related_name="incidents")

    class Meta:
        ordering = ("-date_start", "-public_id")
        constraints = (
            one_of("event_type", list(EVENT_TYPES), "incident_event_type_known"),
            one_of("event_subtype", ["", *EVENT_SUBTYPES], "incident_event_subtype_known"),
            one_of("date_precision", list(DATE_PRECISIONS), "incident_date_precision_known"),
            one_of("location_precision", list(LOCATION_PRECISIONS), "incident_location_precision_known"),
            one_of("place_disclosure", list(PLACE_DISCLOSURES), "incident_place_disclosure_known"),
            one_of("date_disclosure", list(DATE_DISCLOSURES), "incident_date_disclosure_known"),
            one_of("editorial_status", list(EDITORIAL_STATUSES), "incident_editorial_status_known"),
            models.CheckConstraint(
                condition=Q(date_start__isnull=True) | Q(date_end__isnull=True) | Q(date_start__lte=F("date_end")),
                name="incident_dates_in_order",
                violation_error_message="The incident ends before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(date_precision="unknown") | Q(date_start__isnull=False) | Q(date_end__isnull=False),
                name="incident_date_precision_has_a_bound",
                violation_error_message="Without any date the date precision is 'unknown'.",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(figures_as_coded=True)
                    | (
                        _not_falling(f"{what}_low", f"{what}_best")
                        & _not_falling(f"{what}_best", f"{what}_high")
                        & _not_falling(f"{what}_low", f"{what}_high")
                    ),
                    name=f"incident_{what}_in_order",
                    violation_error_message=f"{what}: low, best and high must not fall, unless they are kept as coded.",
                )
                for what in INCIDENT.figures
            ),
            whole_and_on_earth("incident_point_whole_and_on_earth"),
            models.CheckConstraint(
                condition=Q(radius_km__isnull=True) | Q(radius_km__gte=0),
                name="incident_radius_not_negative",
                violation_error_message="The radius cannot be negative.",
            ),
        )
        indexes = (models.Index(fields=("-date_start", "-public_id"), name="incident_newest_first"),)

    def clean(self) -> None:
        """Refuse what no single field shows: a sub-type of another type, figures out of order, unknown targets."""
        super().clean()
        errors: dict[str, str] = {}
        subtype = EVENT_SUBTYPES.get(self.event_subtype)
        if subtype and subtype.parent != self.event_type:
            errors["event_subtype"] = f"“{subtype.label}” is a kind of {subtype.parent}, not of {self.event_type}."
        for what in INCIDENT.figures:
            known = [
                (name, value)
                for name in (f"{what}_low", f"{what}_best", f"{what}_high")
                if (value := getattr(self, name)) is not None
            ]
            for (lower, small), (higher, large) in itertools.pairwise(known):
                if small > large and not self.figures_as_coded:
                    errors[higher] = f"{higher} ({large}) is less than {lower} ({small})."
        errors |= self._check_lists()
        if errors:
            raise ValidationError(errors)

    def _check_lists(self) -> dict[str, str]:
        errors: dict[str, str] = {}
        for name in ("targets", "tags"):
            value = getattr(self, name)
            if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
                errors[name] = 'Must be a list of words, for example ["railway"].'
            elif name == "targets" and (unknown := [item for item in value if item not in TARGET_KINDS]):
                errors[name] = f"Unknown: {', '.join(unknown)}. Use: {', '.join(TARGET_KINDS)}."
        for name in ("extra", "attributes"):
            if not isinstance(getattr(self, name), dict):
                errors[name] = "Must be an object of names and values."
        if self.time_zone and not self.time_of_day:
            errors["time_zone"] = "Needs a time: a zone alone says nothing."
        return errors
