"""Lets a mirror stand alone, for when its origin is gone for good."""

from __future__ import annotations

from django.db import transaction

from incidents.ledger.mirrored import MIRROR_OF, mirrored_from
from incidents.ledger.models import Head, Publication
from incidents.mirroring.errors import MirrorError


def detach() -> str:
    """Let this server publish by itself from now on; returns what it was a mirror of. Raises MirrorError."""
    with transaction.atomic():
        head = Head.objects.select_for_update().get(id=1)
        url = mirrored_from(head.seq)
        if url is None:
            raise MirrorError("This server is not a mirror.")
        Publication.objects.filter(seq=head.seq).update(origin={f"was_{MIRROR_OF}": url})
    return url
