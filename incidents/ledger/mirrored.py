"""Whether a ledger is the copy of another one, which no publication of its own may follow."""

from __future__ import annotations

from incidents.ledger.content import RefusedError
from incidents.ledger.models import Publication

MIRROR_OF = "mirror_of"
"""In the origin of a publication that was copied: the address of the server that made it."""


def mirrored_from(head: int) -> str | None:
    """URL of the server that the last publication was copied from; None if it was made here."""
    latest = Publication.objects.filter(seq=head).values_list("origin", flat=True).first()
    return latest.get(MIRROR_OF) if latest else None


def refuse_on_mirror(head: int) -> None:
    """Refuse to follow on a copied publication: this ledger would never again be equal to its origin's."""
    if url := mirrored_from(head):
        raise RefusedError(
            f"This server is a mirror of {url}: publish there. To go on without that server, "
            "let this one stand alone with `manage.py mirror --detach`."
        )
