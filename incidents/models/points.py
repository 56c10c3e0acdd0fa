"""The point of a place or of an incident: its two fields, and that it is whole and on Earth."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


def degrees(most: int, help_text: str) -> Any:
    """Field of degrees between minus and plus a limit: 90 for a latitude, 180 for a longitude."""
    validators = [MinValueValidator(-most), MaxValueValidator(most)]
    return models.FloatField(null=True, blank=True, validators=validators, help_text=help_text)


def whole_and_on_earth(name: str) -> models.CheckConstraint:
    """Constraint that a record has both degrees of a point within their limits, or neither."""
    return models.CheckConstraint(
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        | Q(
            latitude__isnull=False,  # a check that comes out as null would pass
            longitude__isnull=False,
            latitude__gte=-90,
            latitude__lte=90,
            longitude__gte=-180,
            longitude__lte=180,
        ),
        name=name,
        violation_error_message="Give both latitude (-90 to 90) and longitude (-180 to 180), or neither.",
    )
