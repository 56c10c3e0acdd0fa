"""What the admin's first page says of the clock."""

from __future__ import annotations

from django import template

from incidents.ledger.clock import ahead

register = template.Library()


@register.simple_tag
def clock_warning() -> str | None:
    """Warning about publications dated in the future; None if there are none."""
    return ahead()
