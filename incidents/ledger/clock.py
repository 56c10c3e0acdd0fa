"""Whether the ledger's times and this machine's clock agree."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.timesince import timeuntil

from incidents.ledger.content import stamp
from incidents.ledger.models import Head, Publication

TOLERANCE = timedelta(seconds=60)
"""Tolerated difference between the clocks of machines that share a ledger."""


def ahead() -> str | None:
    """Warning text if publications are dated in the future, and what follows from it; otherwise None.

    Times of publications never run backwards: once a clock was ahead, those that follow get the same time.
    """
    now = timezone.now()
    latest = Head.objects.values_list("published_at", flat=True).get(id=1)
    if latest is None or latest <= now + TOLERANCE:
        return None
    first = Publication.objects.filter(published_at__gt=now).order_by("published_at", "seq").first()
    since = f"Publications from {first.seq} on" if first else "Publications"
    until = stamp(latest.replace(microsecond=0))
    return (
        f"{since} are dated in the future, up to {until}: a clock was ahead when they were made, or this machine's "
        f"clock is behind. For {timeuntil(latest, now, depth=1)}, as_of=<now> shows the state "
        "before them, and new publications get the same date. Responses without as_of are correct. Check the clock."
    )
